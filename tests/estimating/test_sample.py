"""Everybody in the sample company, with dozens of deals: estimates, arrays and engine agree."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.tables import MONEY, SHARE
from spmlib.incent.estimating import asking, counted, pipelines, teams, told
from spmlib.incent.estimating.deals import Deal
from spmlib.incent.estimating.estimates import Payee, estimate, payee
from spmlib.incent.estimating.ready import Ready, ready
from spmlib.incent.estimating.tries import Tries, shown
from spmlib.show import charts, estimate_tables, widgets
from tests.shared import sample_workbench

PERIOD = "2026-10"
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(scope="module")
def bench():
    return sample_workbench()


@pytest.fixture(scope="module")
def of(bench) -> Ready:
    return ready(bench.company, bench.parameters, PERIOD)


@pytest.fixture(scope="module")
def everybody(of) -> dict[str, Payee]:
    held = of.held.filter(pl.col("plan_number") >= 0)
    return {name: payee(of, name) for name in held["payee_id"].unique().sort()}


@pytest.fixture(scope="module")
def drawn(of) -> list[dict]:
    """Bookings of the year, other amounts, other days, some below zero, some of them split."""
    chance = random.Random(8)
    rows = engine.collected(of.company.transactions).filter(
        pl.col("event_date") >= date(2026, 1, 1)
    )
    people, made = list(of.people), []
    for n, row in enumerate(rows.sample(60, seed=8).to_dicts()):
        times = Fraction(chance.choice(["1", "2", "-1", "0.1", "3"]))
        scaled = {c: row[c] and int(row[c] * times) // 100 * 100 for c in ("margin", "arr")}
        amount = int(row["amount"] * times) // 100 * 100 + chance.choice([0, 37])
        day = of.start + timedelta(chance.randrange((of.end - of.start).days))
        others = chance.sample(people, 2) if chance.random() < 0.3 else []
        row |= {"transaction_id": f"{chance.choice('AZ')}{n:02}", "event_date": day}
        row |= {**scaled, "amount": amount, "recorded_date": None}
        shares = {who: chance.choice([10_000_000, 33_333_333]) for who in others}
        made.append(row | {"splits": {w: s for w, s in shares.items() if w != row["owner_id"]}})
    return made


def as_deal(row: dict) -> Deal:
    plain = {n: None if row[n] is None else Fraction(row[n], MONEY) for n in ("margin", "arr")}
    return Deal(
        row["transaction_id"],
        row["event_date"],
        Fraction(row["amount"], MONEY),
        row["currency"],
        row["owner_id"],
        row["kind"],
        quantity=None if row["quantity"] is None else Fraction(row["quantity"], MONEY),
        discount=None if row["discount"] is None else Fraction(row["discount"], SHARE),
        account_id=row["account_id"],
        product_id=row["product_id"],
        others={name: row[name] for name in ("channel", "new_logo", "term_months")},
        splits={who: Fraction(share, SHARE) for who, share in row["splits"].items()},
        **plain,
    )


@pytest.fixture(scope="module")
def booked(of, drawn) -> Ready:
    """The company once the deals are really booked."""
    full = engine.collected(of.company.transactions)
    shares = engine.collected(of.company.splits)
    rows = pl.DataFrame([{n: row[n] for n in full.columns} for row in drawn], schema=full.schema)
    parts = [
        {"transaction_id": row["transaction_id"], "payee_id": who, "share": share}
        for row in drawn
        for who, share in row["splits"].items()
    ]
    company = replace(
        of.company,
        transactions=engine.brought(pl.concat([full, rows])),
        splits=engine.brought(pl.concat([shares, pl.DataFrame(parts, schema=shares.schema)])),
    )
    return ready(company, of.parameters, PERIOD)


def test_without_deals_everybody_earns_what_the_engine_computed(of, everybody):
    for name, asked in everybody.items():
        assert estimate(asked, ()).month[1] == _earned(of, name, asked)


def test_deals_earn_everybody_what_the_engine_pays_once_they_are_booked(everybody, drawn, booked):
    deals, moved = [as_deal(row) for row in drawn], 0
    for name, asked in everybody.items():
        made = estimate(asked, deals)
        assert made.month[1] == _earned(booked, name, asked)
        assert told.changes(made)["amount"].sum() == made.change
        assert _by_deal(made) == _lines(booked, name, asked, {d.deal_id for d in deals})
        moved += made.change != 0
    assert moved > 40
    assert len({asked.standing.plan.name for asked in everybody.values()}) == 13


def _earned(of: Ready, name: str, asked: Payee) -> Decimal:
    own = (pl.col("payee_id") == name) & (pl.col("plan") == asked.standing.plan.name)
    rows = of.earnings.filter(own, pl.col("period") == PERIOD)
    return Decimal(int(rows["amount"].sum())) / MONEY


def _by_deal(made) -> dict[tuple[str, str], Decimal]:
    sums = told.lines(made).groupby(["component", "deal"])["amount"].sum()
    return {key: amount for key, amount in sums.items() if amount}


def _lines(of: Ready, name: str, asked: Payee, deals: set[str]) -> dict[tuple[str, str], Decimal]:
    own = (pl.col("payee_id") == name) & (pl.col("plan") == asked.standing.plan.name)
    rows = of.earnings.filter(own, pl.col("kind") == "credit")
    rows = rows.filter(pl.col("transaction_id").is_in(list(deals)))
    sums = rows.group_by("component", "transaction_id").agg(pl.col("amount").sum())
    return {(c, t): Decimal(a) / MONEY for c, t, a in sums.iter_rows() if a}


@pytest.mark.nightly
def test_a_team_in_arrays_is_everybody_alone(of, everybody, drawn):
    last = of.end - timedelta(1)
    plain = [
        row | {"splits": {}, "event_date": last, "transaction_id": f"ZZ{n}"}
        for n, row in enumerate(drawn)
    ]
    deals = [as_deal(row) for row in plain]
    team = teams.team(of, list(everybody))
    made = teams.estimated(team, teams.deals_of(team, deals)).set_index("payee_id")
    assert team.untold[0].startswith("marketing_development: ranking: places")
    for name, asked in everybody.items():
        assert made.loc[name, "change"] == pytest.approx(
            float(estimate(asked, deals).change), abs=0.005
        )
    assert (made["change"] != 0).sum() > 40


def test_credits_of_many_people_are_those_of_each(of, drawn):
    rows = teams.rows([as_deal(row | {"splits": {}}) for row in drawn], of.company)
    many = counted.credits(asking.asked(of, ["H1025", "H1088"]), rows)
    for name in ("H1025", "H1088"):
        own = counted.credits(asking.asked(of, [name]), rows)
        both = many.filter(pl.col("person") == of.people[name])
        assert own["amount"].to_list() == both["amount"].to_list()


def test_a_team_is_everybody_below_at_every_level(of):
    held = of.held.filter(pl.col("end_date") >= of.end)
    above = dict(held.select("payee_id", "manager_id").iter_rows())
    found = teams.reports(of, "H1019")
    for name in found:
        chain, one = [], name
        while one := above.get(one):
            chain.append(one)
        assert "H1019" in chain
    assert "H1019" not in found
    assert teams.members(of, "") == []


def test_open_deals_are_due_in_the_period_and_as_usual(bench):
    of = ready(bench.company, bench.parameters, "2026-11")
    rows = pipelines.pipeline(of, NOVEMBER, list(of.people))
    assert len(rows) > 300
    assert rows["event_date"].is_between(of.start, of.end, closed="left").all()
    assert rows["kind"].is_not_null().all()
    history = engine.collected(of.company.opportunity_history)
    last = history.sort("change_date", maintain_order=True).group_by("opportunity_id").last()
    due = last.filter(
        pl.col("status") == "open",
        pl.col("amount").is_not_null(),
        pl.col("close_date").is_between(of.start, of.end, closed="left"),
    )
    assert set(rows["transaction_id"]) == set(due["opportunity_id"])
    margin = rows["margin"].sum() / rows["amount"].sum()
    assert 0.6 < margin < 0.9


@pytest.fixture(scope="module")
def tries(everybody) -> Tries:
    return Tries(everybody["H1088"], date(2026, 10, 1))


def test_typed_deals_are_as_usual_but_for_what_was_typed(tries):
    one = tries.deal("D", 40_000, "new", False, 0.5)
    assert (one.amount, one.margin, one.kind) == (40_000, 20_000, "new")
    assert one.day == date(2026, 10, 31)
    assert one.others["channel"] == "direct"
    assert "new_logo" not in one.others
    assert tries.deal("D", 40_000, "new", True, 0.5).others["new_logo"] == "yes"


def test_a_page_of_one_person_names_nobody_else(bench, everybody, tries, drawn):
    live = widgets.live(
        tries.tried,
        estimate_tables.brought,
        lambda table: charts.deals_on_curve(table, "USD", "Pay"),
        lambda table: estimate_tables.lines(table, "USD", "Lines"),
        first=widgets.number("Deal 1", 90_000, 0, 1_000_000),
        second=widgets.number("Deal 2", 0, 0, 1_000_000),
        third=widgets.number("Deal 3", 0, 0, 1_000_000),
        kind=widgets.choice("Kind", "new", ["new", "service"]),
        new=widgets.choice("First order", False, {"no": False, "yes": True}),
        margin=widgets.share("Margin", 0.75, 0, 1),
    )
    first = live.html
    live.at(first=200_000, kind="service")
    assert live.html != first
    made = estimate(everybody["H1088"], [as_deal(row) for row in drawn])
    summary, _, lines = shown(made)
    pages = [first, live.html, live.still(), estimate_tables.brought(summary).data]
    pages += [
        table.as_raw_html()
        for table in (
            estimate_tables.lines(lines, "USD", "Lines"),
            estimate_tables.changes(told.changes(made), "USD", "Changes"),
            estimate_tables.stands(told.standings(made), "USD", "Stands"),
            estimate_tables.paid(told.deals(made), "USD", "Paid"),
            estimate_tables.ahead(told.thresholds(made), "USD", "Next"),
        )
    ]
    others = set(bench.names) - {"H1088"}
    for page in pages:
        words = set(re.findall(r"\bH\d{4}\b", page))
        assert not words & others
        assert not any(bench.names[who] in page for who in others)


def test_a_managers_page_holds_their_team_only(of, everybody):
    own = teams.members(of, "H1025")
    team = teams.team(of, own)
    made = teams.estimated(team, pipelines.pipeline(of, date(2026, 10, 1), own))
    assert set(made["payee_id"]) == set(own)
    page = estimate_tables.team(made, of.roles, "Team").as_raw_html()
    assert set(re.findall(r"\bH\d{4}\b", page)) == set(own)


def test_nobody_s_team_is_empty(of):
    team = teams.team(of, [])
    made = teams.estimated(team, pipelines.pipeline(of, NOVEMBER, []))
    assert made.empty
    assert "nothing to show" in charts.team_ahead(made, {}, "Team").alt
    assert "<table" in estimate_tables.team(made, {}, "Team").as_raw_html()
