"""Tables of the pipeline: deals with their chances and reasons, answers, stages and calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from spmlib.show import words
from spmlib.show.table_style import built, held, percents, shorts

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

DEALS = {"opportunity_id": 8, "name": 15, "stage": 11, "due": 11, "worth": 7, "wins": 6}
DEALS |= {"slips": 6, "reasons": 36}  # percent of the width
ANSWERS = {"name": 16, "says": 45}
TITLES = {"expected": "All, weighed", "pipeline": "Deals", "series": "Series"}


def deals(table: pd.DataFrame, names: Mapping[str, str], currency: str, title: str) -> GT:
    """Open deals: what is likely to become of each, and why.

    Args:
        table: opportunity_id, owner_id, stage, close_date, age, pushes, wins, slips, worth,
            reasons [currency].
        names: of owners.
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        name=[names.get(owner, owner) for owner in table["owner_id"]],
        stage=[words.title(stage) for stage in table["stage"]],
        due=[words.day(day) for day in table["close_date"]],
        worth=[words.short(amount) for amount in table["worth"]],
        wins=percents(table["wins"]),
        slips=percents(table["slips"]),
        reasons=[said.replace("(x ", "(×\N{NO-BREAK SPACE}") for said in table["reasons"]],
    )
    labels = {"opportunity_id": "Deal", "name": "Seller", "stage": "Stage", "due": "Due"}
    labels |= {"worth": "Worth", "wins": "Won", "slips": "Slips", "reasons": "Why"}
    says = f"{currency}; won: chance in the month; slips: chance of not closing though due"
    right = ["due", "worth", "wins", "slips"]
    return built(rows, labels, title, says, right=right, widths=DEALS)


def answers(table: pd.DataFrame, says: Mapping[str, str], title: str) -> GT:
    """How wrong each answer was when asked on earlier days.

    Args:
        table: answer, days, error, bias, covered_80, covered_95.
        says: what each answer is.
        title: above the table.
    """
    rows = table.assign(
        name=[TITLES.get(name, words.title(name)) for name in table["answer"]],
        says=[says.get(name, "") for name in table["answer"]],
        error=percents(table["error"]),
        bias=percents(table["bias"]),
        covered=held(table),
    )
    labels = {"name": "Answer", "says": "", "error": "Wrong by", "bias": "Bias"}
    labels |= {"covered": "80 % / 95 % held"}
    days = words.counted(table["days"].max(), "earlier day")
    right = ["error", "bias", "covered"]
    return built(rows, labels, title, f"on {days}", right=right, widths=ANSWERS)


def stages(table: pd.DataFrame, title: str) -> GT:
    """How long deals stay in each stage, and what becomes of those that stay longer.

    Args:
        table: stage, deals, usual, limit, won, won_stale, stale.
        title: above the table.
    """
    rows = table.assign(
        stage=[words.title(stage) for stage in table["stage"]],
        deals=[f"{count:,}" for count in table["deals"]],
        usual=_days(table["usual"]),
        limit=_days(table["limit"]),
        won=percents(table["won"]),
        won_stale=percents(table["won_stale"]),
    )
    labels = {"stage": "Stage", "deals": "Deals so far", "usual": "Usual days"}
    labels |= {"limit": "Stale from", "won": "Won of all", "won_stale": "Won of stale"}
    labels |= {"stale": "Stale now"}
    return built(rows, labels, title, right=[name for name in labels if name != "stage"])


def calls(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What each leader says, against what came of it before and against the deals.

    Args:
        table: name, calls, came, error, corrected_error, model_error, said, corrected, model,
            chance [currency].
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        **{name: shorts(table[name]) for name in ("said", "corrected", "model")},
        **{
            name: percents(table[name])
            for name in ("came", "error", "corrected_error", "model_error", "chance")
        },
    )
    labels = {"name": "Leader", "said": "Said", "corrected": "Corrected", "model": "Deals"}
    labels |= {"chance": "Chance", "calls": "Calls", "came": "Came", "error": "Wrong by"}
    labels |= {"corrected_error": "Corrected", "model_error": "Deals"}
    says = f"{currency}; chance: that what is said is reached, by the deals; then: earlier months"
    right = [name for name in labels if name != "name"]
    return built(rows, labels, title, says, right=right, widths={"name": 19})


def _days(column: Any) -> list[str]:
    return ["" if words.missing(value) else f"{value:.0f}" for value in column]
