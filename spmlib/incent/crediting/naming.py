"""Crediting: who gets how much of each transaction, and by which rule.

What was booked (`bookings`) -> the people each rule names (`NAMED`) -> their managers by roll-up
(`holdings.reach`) -> the amounts in the currency of each person's plan. What comes out is narrow,
numbers only; `credits` puts it into words.

To add a kind of rule: write who it names, enter it in `NAMED`, and its words in `rules.crediting`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import narwhals as nw

from spmlib.core import engine, parameters
from spmlib.core.company import Company
from spmlib.core.parameters import refuse
from spmlib.core.tables import SHARE, Table
from spmlib.incent.crediting import keys, shares
from spmlib.incent.crediting.bookings import Booked
from spmlib.incent.crediting.holdings import Holdings, positioned, qualifying, reach
from spmlib.rules.crediting import Crediting, Rule


def credited(
    company: Company, crediting: Crediting, holdings: Holdings, booked: Booked
) -> Table[Any]:
    """Everybody's credits as the engine goes on with them.

    Returns:
        key (of `keys`), segment, mask, person, plan_number, share, and each of ``booked.sums`` in
        the currency of the person's plan.
    """
    frames = [
        _reached(rows, rule, holdings.held, crediting, booked)
        for rule, rows in _named(company, crediting, holdings, booked)
    ]
    # What nothing converts is a row of Issues.
    return engine.stacked(frames).filter(~nw.col("amount").is_null())


def _named(
    company: Company, crediting: Crediting, holdings: Holdings, booked: Booked
) -> Iterable[tuple[Rule, Table[Any]]]:
    """For each rule, the rows it credits, to whom (origin), and with how much of them."""
    fitting = _fitting(company, crediting, booked)
    parted = _parted(company, crediting, fitting, booked) if _splits(crediting) else None
    for rule in crediting.base:
        rows = _admitted(fitting, rule, booked)
        parts = None if parted is None else _admitted(parted, rule, booked)
        named = NAMED[rule.kind](rule, rows, parts, holdings, company)
        yield rule, _shared(named, rule, booked)


def _splits(crediting: Crediting) -> bool:
    return any(rule.kind == "split" for rule in crediting.base)


def _fitting(company: Company, crediting: Crediting, booked: Booked) -> Table[Any]:
    """What was booked, but for transactions whose splits break the policy: those are refused."""
    rows = booked.rows.with_columns(share=nw.lit(SHARE).cast(nw.Int64))
    if not _splits(crediting):
        return rows
    barred = shares.unfitting(company.splits, crediting.policy).select("transaction_id")
    return rows.join(barred, on="transaction_id", how="anti")


def _parted(company: Company, crediting: Crediting, rows: Table[Any], booked: Booked) -> Table[Any]:
    """The transactions that are split, a row for each part; part 0 is the owner's rest."""
    participants = shares.participants(company.splits, crediting.policy)
    joined = rows.drop("share").join(participants, on="transaction_id")
    cut = shares.parts(joined, crediting.policy, booked.values)
    return engine.kept(cut.with_columns(shrinks=nw.lit(crediting.policy != "any")))


def _admitted(rows: Table[Any], rule: Rule, booked: Booked) -> Table[Any]:
    return rows.filter(_admits(rule, booked))


def _admits(rule: Rule, booked: Booked) -> nw.Expr:
    """Whether a rule's ``where`` and dates admit a row."""
    admits = booked.has(rule.name)
    if rule.start:
        admits &= nw.col("event_date") >= rule.start
    if rule.until:
        admits &= nw.col("event_date") < rule.until
    return admits


def _direct(
    rule: Rule, rows: Table[Any], parts: Table[Any] | None, holdings: Holdings, company: Company
) -> Table[Any]:
    """The owner: of what is not split, all; of what is, the rest."""
    owners = holdings.people.select(origin="person", owner_id="payee_id")
    if parts is None:
        return rows.join(owners, on="owner_id")
    rest = parts.filter(nw.col("part") == 0).select(*engine.names(rows))
    whole = rows.join(parts.filter(nw.col("shrinks")).select("order"), on="order", how="anti")
    return engine.stacked([whole, rest]).join(owners, on="owner_id")


def _split(
    rule: Rule, rows: Table[Any], parts: Table[Any] | None, holdings: Holdings, company: Company
) -> Table[Any]:
    """The people of ``splits``."""
    people = holdings.people.select("payee_id", origin="person")
    assert parts is not None  # there is a rule of this kind
    return parts.filter(nw.col("part") > 0).join(people, on="payee_id")


def _territory(
    rule: Rule, rows: Table[Any], parts: Table[Any] | None, holdings: Holdings, company: Company
) -> Table[Any]:
    """Who holds the account's territory on the day."""
    covered = engine.open_ended(company.account_territories).select(
        "account_id", "start_date", "end_date", on_covering="territory_id"
    )
    placed = rows.join(covered, on="account_id").filter(engine.during("event_date"))
    return _matched(
        placed.drop("start_date", "end_date"), rule, holdings, {"territory_id": "covering"}
    )


def _team(
    rule: Rule, rows: Table[Any], parts: Table[Any] | None, holdings: Holdings, company: Company
) -> Table[Any]:
    """Everyone who qualifies and whose position matches on the day; ``overlay`` likewise."""
    found = _matched(rows, rule, holdings, rule.match)
    if not rule.divided:
        return found
    place = nw.col("origin").rank("ordinal").over("order").cast(nw.Int64)
    return found.with_columns(part=place, sharing=nw.len().over("order").cast(nw.Int64))


NAMED: Mapping[str, Callable[..., Table[Any]]] = {
    "direct": _direct,
    "split": _split,
    "territory": _territory,
    "overlay": _team,
    "team": _team,
}


def _matched(
    rows: Table[Any], rule: Rule, holdings: Holdings, match: Mapping[str, str]
) -> Table[Any]:
    """The rows with each person who qualifies and whose position matches on the day."""
    known = positioned(holdings.held)
    for name in match:
        if name not in known:
            remedy = f"write {parameters.nearest(name, sorted(known))}"
            refuse(rule.place, f"there is no column '{name}' of positions to match", remedy)
    keys = {f"on_{c}": f"held_{p}" for p, c in match.items()} | {"all": "held_all"}
    held = qualifying(holdings.held, rule).select(
        "start_date",
        "end_date",
        origin="person",
        held_all=nw.lit(1),
        **{f"held_{p}": nw.col(p) for p in match},
    )
    joined = rows.with_columns(all=nw.lit(1)).join(
        held, left_on=list(keys), right_on=list(keys.values())
    )
    return joined.filter(engine.during("event_date")).drop("start_date", "end_date", "all")


def _shared(named: Table[Any], rule: Rule, booked: Booked) -> Table[Any]:
    """The rule's share of each value."""
    if rule.divided:
        named = shares.equal(named, booked.values)
    if rule.share != 1:
        share = nw.lit(int(rule.share * SHARE))
        named = shares.scaled(named, share, booked.values)
        named = named.with_columns(share=shares.product(nw.col("share"), share))
    return named.select(*booked.carried, "share", "origin")


def _reached(
    rows: Table[Any], rule: Rule, held: Table[Any], crediting: Crediting, booked: Booked
) -> Table[Any]:
    """The credits of those a rule names and of those above them, on the day, in their currency."""
    joined = rows.join(reach(held, rule, crediting), on="origin").filter(
        engine.during("event_date")
    )
    above = [roll_up for roll_up in crediting.roll_ups if rule.name in roll_up.of]
    for roll_up in above:
        if roll_up.where or roll_up.start or roll_up.until:
            other = nw.col("rule_number") != list(crediting.rules).index(roll_up.name)
            joined = joined.filter(other | _admits(roll_up, booked))
    if any(roll_up.share != 1 for roll_up in above):
        joined = shares.scaled(joined, nw.col("roll_share"), booked.values)
        joined = joined.with_columns(share=shares.product(nw.col("share"), nw.col("roll_share")))
    sums = {name: booked.in_currency(name) for name in booked.sums}
    return joined.select(
        *("segment", "mask", "person", "plan_number", "share"), **sums, key=keys.key()
    )
