"""Tables: what is read row by row, as great_tables.

Cells are words before they get here (`spmlib.show.words`), so that money is shown exactly. Each
builder takes a pandas table, as its docstring says, and computes nothing. Ids are fixed: a table
that is made again is the same to the byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built, moneys

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT


def transaction_credits(table: pd.DataFrame, title: str) -> GT:
    """Everybody who is credited with one transaction: who, by which rule, which share of what.

    Args:
        table: event_date, name, role, rule, kind, rule_source, level, share, amount, currency;
            in the order to be shown.
        title: above the table.
    """
    rows = table.assign(
        day=[words.day(day) for day in table["event_date"]],
        who=table["name"] + ", " + table["role"].map(words.title),
        by=table["rule"].map(words.title) + " (" + table["kind"].str.replace("_", "-") + ")",
        share=[words.percent(share, 2).replace(".00", "") for share in table["share"]],
        amount=moneys(table, "amount"),
        level=table["level"].map(_level),
    )
    labels = {"day": "Day", "who": "Credited", "by": "Rule", "share": "Share", "amount": "Amount"}
    labels |= {"currency": "", "rule_source": "As written in"}
    return built(rows, labels, title, group="level", right=("share", "amount"))


def standing(table: pd.DataFrame, title: str) -> GT:
    """People against their quotas.

    Args:
        table: name, title (of the plan), component, window, credited_to_date, quota, attainment,
            pace.
        title: above the table.
    """
    rows = table.assign(
        goal=table["component"].map(words.title) + ", " + table["window"],
        credited_to_date=[f"{value:,.0f}" for value in table["credited_to_date"]],
        quota=[f"{value:,.0f}" for value in table["quota"]],
        attainment=table["attainment"].map(words.percent),
        pace=table["pace"].map(words.percent),
    )
    labels = {"name": "Name", "title": "Plan", "goal": "Goal", "credited_to_date": "Credited"}
    labels |= {"quota": "Quota", "attainment": "Attained", "pace": "Time gone"}
    right = ("credited_to_date", "quota", "attainment", "pace")
    return built(rows, labels, title, right=right)


def receipt(table: pd.DataFrame, title: str, says: str) -> GT:
    """A receipt: this much, at this rate, as written there; a group for each component.

    Args:
        table: component, window, standing, kind (clause, sum and due are shown in their own way),
            event_date, line, credit, words, amount, currency, place.
        title: whose, and for which month.
        says: below it: the plan and where it is signed.
    """
    heads = table["component"].map(words.title) + ", " + table["window"]
    rows = table.assign(
        group=heads + table["standing"].map(lambda text: f": {text}" if text else ""),
        day=[words.day(day) for day in table["event_date"]],
        how=table["words"] + table["credit"].map(lambda text: f"  ({text})" if text else ""),
        amount=moneys(table, "amount"),
    )
    labels = {"day": "Day", "line": "For", "how": "How much, at which rate"}
    labels |= {"amount": f"Amount, {table['currency'].iloc[0]}", "place": "As written in"}
    made = built(rows, labels, title, says, group="group", right=("amount",))
    return _in_their_way(made, list(table["kind"]))


def changed_pay(table: pd.DataFrame, title: str, before: str, now: str) -> GT:
    """People whose pay differs from the month before.

    Args:
        table: name, plan, usual, amount, difference, currency.
        title: above the table.
        before: the month before.
        now: the month.
    """
    money = ("usual", "amount", "difference")
    cells = {name: moneys(table, name) for name in money}
    rows = table.assign(plan=table["plan"].map(words.title), **cells)
    labels = {"name": "Name", "plan": "Plan", "usual": words.month(before)}
    labels |= {"amount": words.month(now), "difference": "Difference", "currency": ""}
    return built(rows, labels, title, right=money)


def payments(table: pd.DataFrame, title: str) -> GT:
    """What made a person's pay, month by month: a column for each kind of line.

    Args:
        table: period, kind, amount, currency; one row for each pair.
        title: above the table.
    """
    kinds = list(dict.fromkeys(table["kind"]))
    kinds.sort(key=lambda kind: kind != "earned")
    wide = table.pivot(index="period", columns="kind", values="amount")[kinds]
    sums = wide.fillna(0).sum(axis=1)
    currency = table["currency"].iloc[0]
    cells = {kind: [words.money(amount, currency) for amount in wide[kind]] for kind in kinds}
    rows = wide.assign(**cells, paid=[words.money(amount, currency) for amount in sums])
    rows = rows.reset_index().assign(period=lambda of: of["period"].map(words.month))
    labels = {"period": "Month", **{kind: words.title(kind) for kind in kinds}}
    labels |= {"paid": f"Paid, {currency}"}
    return built(rows, labels, title, right=(*kinds, "paid"))


def reasons(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Corrections by reason.

    Args:
        table: says, lines, people, amount [currency].
        currency: of the amounts.
        title: above the table.
    """
    counts = {name: [f"{int(n):,}" for n in table[name]] for name in ("lines", "people")}
    amounts = [words.money(amount, currency) for amount in table["amount"]]
    rows = table.assign(amount=amounts, **counts)
    labels = {"says": "Why", "lines": "Lines", "people": "People", "amount": currency}
    return built(rows, labels, title, right=("lines", "people", "amount"))


def corrections(table: pd.DataFrame, title: str) -> GT:
    """Lines of closed months that changed.

    Args:
        table: name, transaction_id, component, period, says, usual, earned, amount, currency.
        title: above the table.
    """
    money = ("usual", "earned", "amount")
    cells = {name: moneys(table, name) for name in money}
    rows = table.assign(
        period=table["period"].map(words.month),
        component=table["component"].map(words.title),
        **cells,
    )
    labels = {"name": "Name", "transaction_id": "For", "period": "Of", "says": "Why"}
    labels |= {"usual": "Was", "earned": "Is", "amount": "Difference", "currency": ""}
    return built(rows, labels, title, right=money)


def issues(table: pd.DataFrame, title: str) -> GT:
    """What is wrong, where, and what would be right.

    Args:
        table: place, what, remedy, effect.
        title: above the table.
    """
    labels = {"place": "Where", "what": "What is wrong", "remedy": "Remedy", "effect": "Effect"}
    return built(table, labels, title)


def uncredited(table: pd.DataFrame, title: str) -> GT:
    """Transactions credited to nobody.

    Args:
        table: transaction_id, event_date, kind, amount, currency, what, remedy.
        title: above the table.
    """
    rows = table.assign(
        day=[words.day(day) for day in table["event_date"]],
        kind=table["kind"].map(words.title),
        amount=moneys(table, "amount"),
    )
    labels = {"day": "Day", "transaction_id": "Transaction", "kind": "Kind", "amount": "Amount"}
    labels |= {"currency": "", "what": "Why", "remedy": "Remedy"}
    return built(rows, labels, title, right=("amount",))


def reads(table: pd.DataFrame, title: str) -> GT:
    """What was read, and what became of it.

    Args:
        table: table, place, rows_in, rows_used, rows_refused.
        title: above the table.
    """
    numbers = ("rows_in", "rows_used", "rows_refused")
    rows = table.assign(
        table=table["table"].map(words.title),
        **{name: [f"{int(number):,}" for number in table[name]] for name in numbers},
    )
    labels = {"table": "Table", "place": "Read from", "rows_in": "Rows in"}
    labels |= {"rows_used": "Used", "rows_refused": "Refused"}
    return built(rows, labels, title, right=numbers)


def by_currency(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Bookings by the currency of their contract.

    Args:
        table: source_currency, source_amount, amount [currency], count.
        currency: that all are read in.
        title: above the table.
    """
    pairs = zip(table["source_amount"], table["source_currency"], strict=True)
    rows = table.assign(
        count=[f"{count:,}" for count in table["count"]],
        source_amount=[words.money(amount, code) for amount, code in pairs],
        amount=[words.money(amount, currency) for amount in table["amount"]],
    )
    labels = {"source_currency": "Currency", "count": "Lines", "source_amount": "Booked"}
    labels |= {"amount": f"in {currency}"}
    return built(rows, labels, title, right=("count", "source_amount", "amount"))


def checks(table: pd.DataFrame, title: str = "Checks") -> GT:
    """What must hold, and whether it does.

    Args:
        table: check, says, holds.
        title: above the table.
    """
    rows = table.assign(holds=table["holds"].map({True: "✓ holds", False: "✗ FAILS"}))
    labels = {"check": "What must hold", "says": "Compared", "holds": ""}
    return built(rows, labels, title)


def _in_their_way(made: GT, kinds: list[str]) -> GT:
    """Clauses as quotations, sums in bold."""
    from great_tables import style
    from great_tables.loc import body

    clauses = [row for row, kind in enumerate(kinds) if kind == "clause"]
    sums = [row for row, kind in enumerate(kinds) if kind in ("sum", "due")]
    if clauses:
        quoted = style.text(style="italic", color="#5b6673")
        made = made.tab_style(quoted, body(columns=["how"], rows=clauses))
    return made.tab_style(style.text(weight="bold"), body(rows=sums)) if sums else made


def _level(level: int) -> str:
    return "Their own" if level == 0 else f"Rolled up {words.counted(level, 'level')}"
