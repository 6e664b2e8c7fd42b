"""Tables and words of estimates: what deals would bring, why, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from spmlib.show import words
from spmlib.show.table_style import built, moneys, percents

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT


def brought(told: Mapping[str, Any]) -> Any:
    """What deals bring and what comes next, in sentences.

    Args:
        told: measure, counts, currency, deals, earned, attainment_before, attainment_after,
            needed, start, worth, rate, then, untold.
    """
    from spmlib.show import findings

    many = words.counted(told["deals"], "deal")
    there = _attained(told, many)
    earned = f"{told['currency']} {words.money(told['earned'], told['currency'])}"
    brings = f"They bring **{earned}** this month." if told["deals"] else ""
    missing = [f"*Not estimated: {one}*" for one in told["untold"]]
    parts = [there, brings, _ahead(told), *missing]
    return findings.sentence(" ".join(part for part in parts if part))


def stands(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Where somebody stands in each component, without deals and with them.

    Args:
        table: component, measure, counts, quota, before, after, attainment_before,
            attainment_after, tier_before, tier_after, earned_before, earned_after.
        currency: of what is earned.
        title: above the table.
    """
    rows = table.assign(
        component=[words.title(name) for name in table["component"]],
        quota=[_whole(value) for value in table["quota"]],
        before=[_whole(value) for value in table["before"]],
        attainment_before=percents(table["attainment_before"]),
        attainment_after=percents(table["attainment_after"]),
        earned_before=[words.money(value, currency) for value in table["earned_before"]],
        earned_after=[words.money(value, currency) for value in table["earned_after"]],
    )
    labels = {"component": "Component", "before": "Counted so far", "quota": "Quota"}
    labels |= {"attainment_before": "Reached", "attainment_after": "With the deals"}
    labels |= {"tier_after": "Tier then", "earned_before": "This month", "earned_after": "Then"}
    right = [name for name in labels if name not in ("component", "tier_after")]
    return built(rows, labels, title, currency, right=right)


def lines(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What each deal earns, component by component.

    Args:
        table: deal, day, component, credited, attainment, tier, rate, amount, words.
        currency: of what is earned.
        title: above the table.
    """
    rows = table.assign(
        day=[words.day(day) for day in table["day"]],
        component=[words.title(name) for name in table["component"]],
        credited=[words.plain(value) for value in table["credited"]],
        attainment=percents(table["attainment"]),
        amount=[words.money(value, currency) for value in table["amount"]],
    )
    labels = {"deal": "Deal", "day": "Day", "component": "Counts in", "credited": "Counted"}
    labels |= {"attainment": "Quota reached", "tier": "Tier", "words": "How", "amount": "Earned"}
    right = ["credited", "attainment", "amount"]
    return built(rows, labels, title, currency, right=right, widths={"words": 26})


def changes(table: pd.DataFrame, currency: str, title: str) -> GT:
    """All that deals bring, in lines that add up, and their sum.

    Args:
        table: what, component, says, amount.
        currency: of the amounts.
        title: above the table.
    """
    import pandas as pd

    total = {"what": "in all", "component": "", "says": "", "amount": table["amount"].sum()}
    rows = pd.concat([table, pd.DataFrame([total])], ignore_index=True)
    rows = rows.assign(
        what=[words.title(what) for what in rows["what"]],
        component=[words.title(name) for name in rows["component"]],
        amount=[words.money(value, currency) for value in rows["amount"]],
    )
    labels = {"what": "What", "component": "Component", "says": "", "amount": "Brings"}
    return built(rows, labels, title, currency, right=["amount"])


def paid(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What of each deal's pay comes once it is booked, and what later.

    Args:
        table: deal, day, amount and currency (of the deal), earned, at_booking, later.
        currency: of what is earned.
        title: above the table.
    """
    pay = ("earned", "at_booking", "later")
    rows = table.assign(
        day=[words.day(day) for day in table["day"]],
        amount=moneys(table, "amount"),
        **{name: [words.money(value, currency) for value in table[name]] for name in pay},
    )
    labels = {"deal": "Deal", "day": "Day", "amount": "Deal's amount", "currency": ""}
    labels |= {"earned": "Earned", "at_booking": "At booking", "later": "Later"}
    return built(rows, labels, title, f"pay in {currency}", right=["amount", *pay])


def ahead(table: pd.DataFrame, currency: str, title: str) -> GT:
    """The next threshold of each component, how far it is and what it is worth.

    Args:
        table: component, counted, attainment, start, needed, worth, rate, then.
        currency: of what is earned.
        title: above the table.
    """
    rows = table.assign(
        component=[words.title(name) for name in table["component"]],
        attainment=percents(table["attainment"]),
        start=[_threshold(*pair) for pair in zip(table["start"], table["attainment"], strict=True)],
        needed=[words.plain(value) for value in table["needed"]],
        worth=[words.money(value, currency) for value in table["worth"]],
        rate=[_thousand(*pair) for pair in zip(table["rate"], table["counted"], strict=True)],
        then=[_thousand(*pair) for pair in zip(table["then"], table["counted"], strict=True)],
    )
    labels = {"component": "Component", "attainment": "Quota reached", "start": "Next threshold"}
    labels |= {"needed": "Still needed", "worth": "What that earns"}
    labels |= {"rate": "The next earns", "then": "Beyond it"}
    right = [name for name in labels if name != "component"]
    return built(rows, labels, title, currency, right=right)


def team(table: pd.DataFrame, names: Mapping[str, str], title: str) -> GT:
    """What deals would bring each person of a team.

    Args:
        table: payee_id, counted, attainment_before, attainment_after, month_before, month_after,
            change, currency.
        names: by payee_id, how each is called on the page.
        title: above the table.
    """
    rows = table.assign(
        who=[names.get(one, one) for one in table["payee_id"]],
        before=percents(table["attainment_before"]),
        after=percents(table["attainment_after"]),
        **{name: moneys(table, name) for name in ("month_before", "month_after", "change")},
    )
    labels = {"who": "Who", "counted": "Counts", "before": "Quota now", "after": "With the deals"}
    labels |= {"month_before": "Month so far", "change": "Deals bring", "currency": ""}
    right = ["before", "after", "month_before", "change"]
    return built(rows, labels, title, right=right, widths={"who": 24})


def _attained(told: Mapping[str, Any], many: str) -> str:
    if words.missing(told["attainment_after"]):
        return f"{many.capitalize()}." if told["deals"] else ""
    now, then = (words.percent(told[f"attainment_{when}"]) for when in ("before", "after"))
    if not told["deals"]:
        return f"At **{now}** of quota ({told['measure'].lower()})."
    verb = "brings" if told["deals"] == 1 else "bring"
    return f"At **{now}** of quota ({told['measure'].lower()}); {many} {verb} that to **{then}**."


def _ahead(told: Mapping[str, Any]) -> str:
    """What more reaches the next threshold, and what follows it."""
    if words.missing(told["needed"]):
        return ""
    needed = words.money(told["needed"], told["currency"])
    each = [_thousand(told[which], told["counts"]) for which in ("rate", "then")]
    worth = words.money(told["worth"], told["currency"])
    where = _threshold(told["start"], told["attainment_after"])
    beyond = f"; beyond it {each[1]} instead of {each[0]}" if each[0] != each[1] else ""
    return f"{needed} more reach the next threshold ({where}), which earns {worth}{beyond}."


def _whole(value: Any) -> str:
    return "" if words.missing(value) else f"{round(float(value)):,}".replace("-", words.MINUS)


def _threshold(start: Any, attainment: Any) -> str:
    if words.missing(start):
        return "none"
    return (
        words.plain(round(float(start), 4)) if words.missing(attainment) else words.percent(start)
    )


def _thousand(rate: Any, counts: str) -> str:
    """What 1,000 of money, or 1 of units, earns."""
    if words.missing(rate):
        return ""
    many, size = (1, "each") if counts == "units" else (1000, "per 1,000")
    return f"{float(rate) * many:,.2f} {size}".replace(".00 ", " ")
