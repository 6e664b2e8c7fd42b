"""Letters: each change in one letter of one person, by what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.letters import Change, Difference, Letter, SameDeals
from spmlib.incent.calculation import Parameters
from spmlib.incent.letters.changes import changes, staying
from spmlib.incent.letters.same_deals import same_deals
from spmlib.incent.letters.terms import begins, differences

# Which letter tells of a kind of change. A new role or pay is told with the plan.
LETTERS = {
    "quota": "quota",
    "territory": "territory",
    "account": "territory",
    "manager": "manager",
    "role": "plan_change",
    "plan": "plan_change",
    "pay": "plan_change",
}
MONTHS = 12  # whose deals are paid by both versions


def letters(
    company: Company,
    parameters: Parameters,
    since: date,
    until: date,
    locale: str = "en_US",
    before: Parameters | None = None,
) -> list[Letter]:
    """The letters of what changes from one day to another, by payee_id and kind.

    Args:
        company: its tables.
        parameters: what its files say about pay.
        since: the day that was.
        until: the day that is; later.
        locale: of those whose own is not known.
        before: what its files said on the day that was; the same files where only days differ.

    Raises:
        ParameterError: the days are the same, or the wrong way round.
    """
    if until <= since:
        raise ParameterError(f"letters: {until} is not after {since}; write the earlier day first.")
    old = before or parameters
    currencies = {name: plan.currency for name, plan in parameters.plans.items()}
    found = changes(company, since, until, currencies)
    terms = {
        name: differences(old.plans[name], plan, since, until)
        for name, plan in parameters.plans.items()
        if name in old.plans
    }
    people_who_stay = staying(company, since, until)
    held = {who: plan for who, plan in _holders(company, until).items() if who in people_who_stay}
    moved = {plan for plan, told in terms.items() if told}
    deals: dict[tuple[str, str], SameDeals] = {}
    if moved & set(held.values()):
        who = {(payee_id, plan) for payee_id, plan in held.items() if plan in moved}
        months = _months(company, until)
        deals = same_deals(company, old, parameters, (since, until), months, who)
    people = {row["payee_id"]: row for row in engine.collected(company.payees).to_dicts()}
    titles = {name: plan.title for name, plan in parameters.plans.items()}
    begin = {name: begins(plan, since, until) for name, plan in parameters.plans.items()} | {
        "": until
    }
    made = []
    for payee_id in sorted(found.keys() | {who for who, plan in held.items() if plan in moved}):
        plan = held.get(payee_id, "")
        own = [_named(change, people) for change in found.get(payee_id, [])]
        stays = not any(change.kind == "plan" for change in own)
        told = terms.get(plan, ()) if stays else ()
        for kind, group in _by_letter(own, told):
            made.append(
                Letter(
                    payee_id=payee_id,
                    name=str(people[payee_id]["name"]),
                    locale=str(people[payee_id].get("locale") or locale),
                    document=kind,
                    start=_start(group, told if kind == "plan_change" else (), begin[plan]),
                    plan=titles.get(plan, ""),
                    changes=tuple(group),
                    differences=told if kind == "plan_change" else (),
                    deals=deals.get((payee_id, plan)) if kind == "plan_change" and told else None,
                )
            )
    return made


def _start(own: Sequence[Change], told: Sequence[Difference], begin: date) -> date:
    """From when the first of a letter's changes holds."""
    return min([*(change.start for change in own), *([begin] if told else [])])


def _named(change: Change, people: Mapping[str, Mapping[str, Any]]) -> Change:
    """A change of manager with names in the place of ids."""
    if change.kind != "manager":
        return change
    was, now = (people[one]["name"] if one in people else one for one in (change.was, change.now))
    return replace(change, was=str(was), now=str(now))


def _by_letter(
    own: Sequence[Change], told: Sequence[Difference]
) -> Iterator[tuple[str, list[Change]]]:
    """Changes by the letter they are told in."""
    groups: dict[str, list[Change]] = {"plan_change": []} if told else {}
    for change in own:
        groups.setdefault(LETTERS[change.kind], []).append(change)
    yield from sorted(groups.items())


def _holders(company: Company, on: date) -> Mapping[str, str]:
    """Who holds which plan on a day."""
    rows = engine.collected(engine.open_ended(company.positions)).sort("start_date")
    return {
        row["payee_id"]: row["plan"]
        for row in rows.to_dicts()
        if row["start_date"] <= on < row["end_date"] and row["plan"]
    }


def _months(company: Company, until: date) -> list[str]:
    """The last whole months before a day."""
    rows = engine.collected(company.calendar).sort("start_date").to_dicts()
    over = [row["period"] for row in rows if row["end_date"] <= until]
    return over[-MONTHS:] or [rows[0]["period"]]
