"""Readings: effects, money and payback as tables, for those who decide.

What is measured, what is assumed and what is not known stand beside each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.revops.value.effects import Effect
from spmlib.revops.value.money import Returns
from spmlib.revops.value.placebos import share
from spmlib.revops.value.written import Measure

if TYPE_CHECKING:
    import pandas as pd

YEAR = 12  # months
CHANCES = (0.05, 0.95)  # of the bands of money: 9 of 10 cases
COLUMNS = [
    *("measure", "says", "unit", "better", "method", "why", "before", "after", "level"),
    *("money", "base"),
    *("change", "low", "high", "nw_low", "nw_high", "shown", "truth"),
]


@dataclass(frozen=True)
class Assumed:
    """A measure that nobody measured: what it is taken to be each month, and why."""

    level: float
    why: str


def table(
    effects: Sequence[Effect],
    measures: Mapping[str, Measure],
    unknown: Mapping[str, str] | None = None,
    assumed: Mapping[str, Assumed] | None = None,
    truth: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Effects by measure, and what is not known.

    Returns:
        measure, says, unit, better, method (one of `effects.METHODS`, assumed or unknown), why,
        before and after (months), level (mean of the last twelve months known), money (what that
        is worth a month), base (mean of the months before), change, low, high, nw_low, nw_high
        [unit], shown, truth (what was planted; empty where nothing is known of it).
    """
    import pandas as pd

    by_name = {one.name: one for one in effects}
    lacking, thought = unknown or {}, assumed or {}
    rows = []
    for name, told in measures.items():
        row: dict[str, Any] = {"measure": name, "says": told.says or name, "unit": told.unit}
        row |= {"better": told.better, "truth": (truth or {}).get(name, np.nan)}
        if name in by_name:
            row |= _known(by_name[name])
        elif name in thought:
            guess = thought[name]
            row |= {"method": "assumed", "why": guess.why, "level": guess.level}
        else:
            row |= {"method": "unknown", "why": lacking.get(name, "no table has it")}
        row["money"] = row.get("level", np.nan) * told.worth if told.worth else np.nan
        rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)


def _known(one: Effect) -> dict[str, Any]:
    early = np.array([period < one.start for period in one.periods], bool)
    base = float(np.nanmean(one.values[early])) if one.before else np.nan
    low, high = one.newey_west
    last = one.values[np.isfinite(one.values)][-YEAR:]
    return {
        "level": float(last.mean()) if len(last) else np.nan,
        "method": one.method, "why": one.assumption, "before": one.before, "after": one.after,
        "base": base, "change": one.change[0], "low": one.change[1], "high": one.change[2],
        "nw_low": low, "nw_high": high, "shown": one.shown,
    }  # fmt: skip


def planted(one: Effect, moved: float) -> float:
    """What was planted in a measure of the company: the mean of its months after.

    Args:
        one: the effect that was found.
        moved: what was planted, a month of a team that had started (of the company, without).
    """
    if one.method != "staggered":
        return moved
    return moved * float(one.contrasts[:, 0].mean())


def course(one: Effect) -> pd.DataFrame:
    """A measure beside what would have come without the change.

    Returns:
        period, value, expected, low, high (empty before the change), late.
    """
    import pandas as pd

    late = np.array([period >= one.start for period in one.periods], bool)
    expected = one.expected if len(one.expected) else np.full((len(late), 3), np.nan)
    low, high = (np.where(late, expected[:, place], np.nan) for place in (1, 2))
    return pd.DataFrame({"period": one.periods, "value": one.values, "expected": expected[:, 0],
                         "low": low, "high": high, "late": late})  # fmt: skip


def tried(tests: Mapping[str, Sequence[Effect]]) -> pd.DataFrame:
    """Made-up days by measure: measure, days, found, share (of days at which something was)."""
    import pandas as pd

    rows = [(name, len(own), sum(one.shown for one in own), share(own))
            for name, own in tests.items()]  # fmt: skip
    return pd.DataFrame(rows, columns=["measure", "days", "found", "share"])


def bridge(made: Returns, names: Mapping[str, str]) -> pd.DataFrame:
    """From what each measure brings to what is left: means of the draws, discounted.

    Args:
        made: the returns.
        names: of measures, in words.

    Returns:
        step, amount, start, end, low, high (9 of 10 cases; of costs, the cost itself).
    """
    import pandas as pd

    values = made.values
    steps = {names.get(name, name): drawn for name, drawn in values.items()}
    steps |= {"Set-up": np.array([-made.spent[0]]), "Running": np.array([-made.spent[1:].sum()])}
    steps |= {"Net": made.present_value}
    amounts = np.array([drawn.mean() for drawn in steps.values()])
    ends = amounts[:-1].cumsum()
    bands = np.array([np.quantile(drawn, CHANCES) for drawn in steps.values()])
    return pd.DataFrame({
        "step": list(steps), "amount": amounts, "start": [0.0, *ends[:-1], 0.0],
        "end": [*ends, amounts[-1]], "low": bands[:, 0], "high": bands[:, 1],
    })  # fmt: skip


def payback(made: Returns) -> pd.DataFrame:
    """What is left by each month from the start: month, net (median), low, high, paid (chance)."""
    import pandas as pd

    low, middle, high = np.quantile(made.net, [CHANCES[0], 0.5, CHANCES[1]], axis=0)
    return pd.DataFrame({"month": np.arange(made.net.shape[1]), "net": middle, "low": low,
                         "high": high, "paid": made.paid})  # fmt: skip


def no_bridge() -> pd.DataFrame:
    """A bridge without a step."""
    import pandas as pd

    return pd.DataFrame(columns=["step", "amount", "start", "end", "low", "high"])


def no_payback() -> pd.DataFrame:
    """A payback without a month."""
    import pandas as pd

    return pd.DataFrame(columns=["month", "net", "low", "high", "paid"])


def in_figures(made: Returns) -> dict[str, Any]:
    """Returns in figures: net, low, high, costs, share (return on investment), paid, month.

    `paid` is the chance that nothing is left to pay back at the horizon; `month` the median month
    in which that is reached, none where more than half of the draws never do.
    """
    net = made.present_value
    month = float(np.median(made.payback))
    low, high = np.quantile(net, CHANCES)
    return {
        "net": float(net.mean()), "low": float(low), "high": float(high), "costs": made.costs,
        "share": float(made.on_investment.mean()) if made.costs else None,
        "paid": float((net >= 0).mean()), "month": int(month) if np.isfinite(month) else None,
    }  # fmt: skip
