"""Tables of maturity: answers beside what the data say, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from spmlib.show import words
from spmlib.show.findings import UNBROKEN
from spmlib.show.table_style import built

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT


def figure(value: Any, unit: str) -> str:
    """A figure as it is read: a share in percent, or days; empty where it is not known.

    >>> figure(0.0307, "share"), figure(-11.0, "days"), figure(1.0, "days"), figure(None, "days")
    ('3.1 %', '−11 days', '1 day', '')
    """
    if words.missing(value):
        return ""
    if unit == "share":
        return words.percent(value, 1)
    days = f"{value:.1f}".removesuffix(".0").replace("-", words.MINUS)
    return f"{days} day" if days == "1" else f"{days} days"


def headline(told: Mapping[str, Any]) -> str:
    """Where one stands and what comes first, in two sentences.

    Args:
        told: score, low, high, answered, asked, target, more, sure, measured, lowest (figure,
            value; or None), first (does, effort; or None).
    """
    rest = told["asked"] - told["answered"]
    bounds = f"{told['low']:.0f} to {told['high']:.0f} once the other {rest} of {told['asked']}"
    said = "**Nobody has answered**"
    if told["score"] is not None:
        said = f"**{told['score']:.0f} of 100** as answered"
        said += f" ({bounds} answers are in)" if rest else ""
    said += f", where {told['target']:g} is the target"
    if low := told["lowest"]:
        what = words.title(low.figure).lower()
        more = f"in **{told['more']}** of {told['measured']} questions that data answer"
        said += f"; {more} more is said than the data show ({told['sure']} beyond chance), and "
        said += f"lowest is **{what}, {figure(low.value, low.unit)}** (level {low.measured})"
    first = told["first"]
    if first is None:
        left = "Let somebody answer first" if rest else "Nothing is left below the target"
        return f"{said}. {left}."
    return f"{said}. First: **{first.does[:1].lower()}{first.does[1:]}** ({first.effort:g} days)."


def measured(table: pd.DataFrame, title: str) -> GT:
    """Each question's answer beside what was measured, on what, and of how many.

    Args:
        table: asks, said, figure, value, unit, low, high, measured, on, cases, why.
        title: above the table.
    """
    rows = table.assign(
        said=[text or "nobody" for text in table["said"]],
        level=["" if words.missing(at) else f"{at:g}" for at in table["measured"]],
        shows=[_shown(row) for row in table.to_dict("records")],
        what=[words.title(name) for name in table["figure"]],
        of=[_basis(row) for row in table.to_dict("records")],
    )
    labels = {"asks": "Asked", "said": "Answered", "level": "Data show", "what": "Measured"}
    labels |= {"shows": "It is", "of": "On what, or why it is not known"}
    widths = {"asks": 24, "said": 13, "level": 7, "what": 13, "shows": 14, "of": 29}
    says = "in brackets: what chance may make of it, in 95 of 100 cases"
    return built(rows, labels, title, says, right=["level"], widths=widths)


def recommended(table: pd.DataFrame, title: str, most: int = 12) -> GT:
    """What to do next: where one stands, what the next level looks like, and what gets there.

    Args:
        table: rank, asks, said, measured, next, shows, does, effort, effect, see, by, unlocks,
            instead.
        title: above the table.
        most: rows.
    """
    rows = table.head(most)
    rows = rows.assign(
        rank=[str(rank) for rank in rows["rank"]],
        stands=[_stands(row) for row in rows.to_dict("records")],
        next=[f"{row['next']}: {row['shows']}" for row in rows.to_dict("records")],
        does=[_does(row) for row in rows.to_dict("records")],
        effort=[f"{days:g}" for days in rows["effort"]],
        effect=[f"{points:.0f}" for points in rows["effect"]],
        see=[_see(row) for row in rows.to_dict("records")],
    )
    labels = {"rank": "", "stands": "Your answer", "next": "The next level", "does": "What to do"}
    labels |= {"effort": "Days", "effect": "Effect", "see": "Notebook"}
    widths = {"rank": 4, "stands": 23, "next": 21, "does": 27, "effort": 6, "effect": 7, "see": 12}
    made = built(rows, labels, title, right=["effort", "effect"], widths=widths)
    return made.fmt_markdown("see")


def _shown(row: dict[str, Any]) -> str:
    """The figure, and what chance may make of it."""
    one = figure(row["value"], row["unit"])
    if words.missing(row["low"]):
        return one
    low = figure(row["low"], row["unit"]).removesuffix(" %")
    return f"{one} " + f"({low} to {figure(row['high'], row['unit'])})".replace(" ", UNBROKEN)


def _basis(row: dict[str, Any]) -> str:
    if row["why"]:
        return f"not known: {row['why']}" if row["figure"] else "nothing measures it"
    return f"{row['cases']:,} {row['on']}"


def _stands(row: dict[str, Any]) -> str:
    said = row["said"] or "by nobody"
    shown = row["measured"]
    more = "" if words.missing(shown) else f"; data show {shown:g}"
    return f"{row['asks']} Answered: {said}{more}"


def _does(row: dict[str, Any]) -> str:
    names = [words.title(name).lower() for name in row["unlocks"]]
    more = f" Makes {words.listed(names)} easier." if names else ""
    other = f" Instead of {row['instead']}, or after it." if row["instead"] else ""
    return f"{row['does']}, to level {row['to']}.{more}{other}"


def _see(row: dict[str, Any]) -> str:
    """A link to the notebook, and the command that helps."""
    file = row["see"].removeprefix("notebooks/")
    number, _, name = file.removesuffix(".ipynb").partition("_")
    page = f"[{number} {words.title(name)}]({file})"
    return f"{page}, `{row['by']}`" if row["by"] else page
