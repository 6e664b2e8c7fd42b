"""Tables of readiness: exceptions and where they were found, rules in disguise, the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmlib.show import words
from spmlib.show.table_style import built

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

FOUND_BY = {"words": "Words", "amounts": "Amounts", "near": "Nearly"}
SORTS = {"rule": "A clause pays it", "cause": "Mend the cause", "none": "Ask why"}
UNKNOWN = "not known"


def sources(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Where exceptions were found, of the company and of the copy.

    Args:
        table: says, lines, people, money, planted_lines, planted_people, planted_money.
        currency: of the amounts.
        title: above the table.
    """
    money = ("money", "planted_money")
    rows = table.assign(
        **{name: [_whole(amount) for amount in table[name]] for name in money},
        **{n: [f"{c:,}" for c in table[n]] for n in ("lines", "planted_lines")},
    )
    labels = {
        "says": "Found as",
        "lines": "Company: lines",
        "people": "People",
        "money": currency,
        "planted_lines": "Copy, planted: lines",
        "planted_people": "People",
        "planted_money": currency,
    }
    return built(rows, labels, title, right=list(labels)[1:])


def rules(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Rules in disguise, each with its formula.

    Args:
        table: rule, reason, cause, kind, measure, over, value, per, low, high, people, months,
            lines, money, exact, found_by.
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        name=[f"R{number}" for number in table["rule"]],
        says=[_said(row) for _, row in table.iterrows()],
        formula=[formula(row) for _, row in table.iterrows()],
        money=[_whole(amount) for amount in table["money"]],
        exact=[words.percent(share) for share in table["exact"]],
        found_by=[FOUND_BY[word] for word in table["found_by"]],
    )
    labels = {
        "name": "",
        "says": "As reasons say",
        "formula": "What it is",
        "people": "People",
        "lines": "Lines",
        "money": currency,
        "exact": "Exact",
        "found_by": "Found by",
    }
    widths = dict(zip(labels, (6, 24, 28, 8, 8, 10, 8, 8), strict=True))
    return built(rows, labels, title, right=["people", "lines", "money", "exact"], widths=widths)


def taken(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What to take on, the largest first, and the share once each is.

    Args:
        table: name, says, sort, lines, money, people, share, past (the goal is reached with it).
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        says=[_short(text) for text in table["says"]],
        sort=[SORTS[word] for word in table["sort"]],
        money=[_whole(amount) for amount in table["money"]],
        share=[
            f"{words.percent(share, 1)}{' (goal)' if past else ''}"
            for share, past in zip(table["share"], table["past"], strict=True)
        ],
    )
    labels = {
        "name": "",
        "says": "Exception",
        "sort": "What ends it",
        "people": "People",
        "lines": "Lines",
        "money": currency,
        "share": "Automated then",
    }
    widths = dict(zip(labels, (6, 32, 18, 8, 8, 11, 17), strict=True))
    return built(rows, labels, title, right=["people", "lines", "money", "share"], widths=widths)


def register(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What is done outside the system, as its owners say, and its shares.

    Args:
        table: what, team, owner, since, rows, money, hours (a month), lines_share, money_share.
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        team=[words.title(name.replace(" ", "_")) for name in table["team"]],
        since=[words.day(day) for day in table["since"]],
        rows=[_known(count) for count in table["rows"]],
        money=[_known(amount) for amount in table["money"]],
        hours=[_known(count) for count in table["hours"]],
        lines_share=[_share(share) for share in table["lines_share"]],
        money_share=[_share(share) for share in table["money_share"]],
    )
    labels = {
        "what": "Done outside",
        "team": "Team",
        "since": "Since",
        "rows": "Lines a month",
        "lines_share": "Share of lines",
        "money": f"{currency} a month",
        "money_share": "Share of money",
        "hours": "Hours a month",
    }
    widths = dict(zip(labels, (30, 12, 12, 8, 9, 10, 10, 9), strict=True))
    return built(rows, labels, title, right=list(labels)[3:], widths=widths)


def reproduced(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What was given by hand, and what the clauses pay.

    Args:
        table: rule, lines, exact, given, paid, beyond.
        currency: of the amounts.
        title: above the table.
    """
    names = ("given", "paid", "beyond")
    rows = table.assign(
        name=[f"R{number}" for number in table["rule"]],
        **{name: [words.money(round(a, 4), currency) for a in table[name]] for name in names},
    )
    labels = {
        "name": "",
        "lines": "Given by hand: lines",
        "exact": "Paid to the cent",
        "given": f"Given, net, {currency}",
        "paid": "Paid by the clause",
        "beyond": "Paid in other months",
    }
    return built(rows, labels, title, right=list(labels)[1:])


def formula(row: Any) -> str:
    """A rule's formula in words.

    Args:
        row: kind, measure, over, value, per, low, high.
    """
    each, of = row["kind"].endswith("each"), words.title(row["measure"]).lower()
    units = row["per"] == "units"
    amount = row["kind"].startswith("amount")
    written = _plain if units or amount else _percent
    low, high = row["low"], row["high"]
    value = f"{written(low)} to {written(high)}, each their own," if each else written(row["value"])
    changed = (
        "" if each or low == high else f", once {written(low if row['value'] == high else high)}"
    )
    if amount:
        return f"{value} a {row['over'] or 'month'}{changed}"
    joined = "for each of" if units else "of"
    return f"{value} {joined} {of} of the {row['over'] or 'month'}{changed}"


def _said(row: Any) -> str:
    return _short(row["reason"] or words.title(row["cause"]) or "No reason given")


def _short(text: str, most: int = 48) -> str:
    """A reason, cut where a word ends."""
    plain = " ".join(str(text).split())
    return plain if len(plain) <= most else plain[:most].rsplit(" ", 1)[0] + " …"


def _plain(value: float) -> str:
    return f"{value:,.2f}".removesuffix(".00").replace("-", words.MINUS)


def _percent(share: float) -> str:
    return f"{share * 100:.4g} %".replace("-", words.MINUS)


def _whole(amount: Any) -> str:
    return f"{float(amount):,.0f}"


def _known(count: Any) -> str:
    return UNKNOWN if words.missing(count) else f"{float(count):,.0f}"


def _share(share: Any) -> str:
    return UNKNOWN if words.missing(share) else words.percent(share, 1)
