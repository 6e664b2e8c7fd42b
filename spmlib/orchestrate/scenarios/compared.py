"""Compared: scenarios side by side, by measure, person, territory and account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.core.tables import Decisions, ScenarioMeasures
from spmlib.orchestrate.scenarios.outcomes import Cost, Outcome

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = tuple(ScenarioMeasures.columns())


def measures(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """What each scenario comes to: as ScenarioMeasures."""
    import pandas as pd

    rows = [row for one in outcomes for row in _measures(one)]
    return pd.DataFrame(rows, columns=COLUMNS)


def differences(one: Outcome, other: Outcome) -> pd.DataFrame:
    """Two scenarios side by side.

    Returns:
        measure, unit, one, one_low_80, one_high_80, other, other_low_80, other_high_80, difference,
        low_80, high_80 (of the difference; of what is played, run by run).

    Raises:
        ParameterError: they do not plan the same months.
    """
    if one.ready.months != other.ready.months:
        wrong = f"{one.scenario.name} and {other.scenario.name} plan different months"
        raise ParameterError(f"{wrong}; compare scenarios of one year and day.")
    first, second = (measures([side]).set_index("measure") for side in (one, other))
    names = ["value", "low_80", "high_80"]
    left = first[names].set_axis(["one", "one_low_80", "one_high_80"], axis=1)
    right = second[names].set_axis(["other", "other_low_80", "other_high_80"], axis=1)
    both = first[["unit"]].join(left).join(right)
    both["difference"] = both["other"] - both["one"]
    for measure, runs in _apart(one, other).items():
        both.loc[measure, ["low_80", "high_80"]] = np.nanquantile(runs, [0.1, 0.9])
    return both.reset_index()


def expectations(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """What each is expected to bring: scenario, target, expected, low_80, high_80, chance."""
    rows = measures(outcomes)
    wide = rows.pivot(index="scenario", columns="measure", values="value")
    told = rows[rows["measure"] == "expected"].set_index("scenario")[["low_80", "high_80"]]
    names = {"chance of target": "chance"}
    made = wide[["target", "expected", *names]].rename(columns=names).join(told)
    return made.loc[[one.scenario.name for one in outcomes]].reset_index()


def decisions(one: Outcome, other: Outcome) -> pd.DataFrame:
    """The words that two scenarios say differently: as Decisions of the second.

    What was is what the first says; who decided is who decided that the second says it.
    """
    key = ["file", "word"]
    was, now = (side.scenario.decisions.set_index(key) for side in (one, other))
    both = now.join(was["value"].rename("first"), how="outer")
    differ = both[both["value"].fillna("") != both["first"].fillna("")].reset_index()
    differ = differ.assign(was=differ["first"], scenario=other.scenario.name)
    return differ[list(Decisions.columns())]


def people(one: Outcome, other: Outcome, names: Mapping[str, str]) -> pd.DataFrame:
    """Each person's quota in both: payee_id, name, one, other, difference; the largest first."""
    import pandas as pd

    sides = [
        pd.Series(side.quotas.units.sum(axis=1) * side.quotas.unit, index=side.quotas.people)
        for side in (one, other)
    ]
    both = pd.DataFrame({"one": sides[0], "other": sides[1]}).fillna(0).rename_axis("payee_id")
    both["difference"] = both["other"] - both["one"]
    rows = both.reset_index()
    rows.insert(1, "name", [names.get(person, person) for person in rows["payee_id"]])
    return rows.sort_values("difference", key=lambda c: -c.abs(), ignore_index=True, kind="stable")


def territories(one: Outcome, other: Outcome, by: str = "territory_id") -> pd.DataFrame:
    """The quotas of each territory in both: name, one, other, difference."""
    import pandas as pd

    sides = [
        pd.Series(side.quotas.units.sum(axis=1) * side.quotas.unit, index=side.ready.people[by])
        .groupby(level=0)
        .sum()
        for side in (one, other)
    ]
    both = pd.DataFrame({"one": sides[0], "other": sides[1]}).fillna(0).rename_axis("name")
    both["difference"] = both["other"] - both["one"]
    return both.reset_index()


def accounts(one: Outcome, other: Outcome, held: Mapping[str, str]) -> pd.DataFrame:
    """The accounts that differ: account_id, one, other.

    Args:
        one: the first.
        other: the second.
        held: the territory that each account is in if no scenario moves it.
    """
    import pandas as pd

    sides = [side.moved.accounts for side in (one, other)]
    named = sorted({*sides[0], *sides[1]})
    rows = pd.DataFrame(
        {
            "account_id": named,
            "one": [sides[0].get(name, held.get(name)) for name in named],
            "other": [sides[1].get(name, held.get(name)) for name in named],
        }
    )
    return rows[rows["one"] != rows["other"]].reset_index(drop=True)


def _measures(of: Outcome) -> list[tuple[object, ...]]:
    """The measures of one scenario, in the order in which they are read."""
    asked = float(of.quotas.units.sum() * of.quotas.unit)
    rows = [
        _row(of, "target", "currency", of.target),
        _row(of, "quotas", "currency", asked),
        _row(of, "over-assigned", "share", asked / of.target - 1 if of.target else np.nan),
        _row(of, "people", "people", len(of.quotas.people)),
        _row(of, "heads at the end", "people", float(of.held[-1])),
        _row(of, "moved accounts", "accounts", len(of.moved.accounts)),
        _row(of, "expected", "currency", of.brought),
        _row(of, "chance of target", "share", float((of.brought >= of.target).mean())),
    ]
    if of.moved.travel is not None:
        rows.append(_row(of, "travel", "km", of.moved.travel))
    if of.cost is not None:
        rows.append(_row(of, "cost", "currency", of.cost.amounts))
        rows.append(_row(of, "cost of sales", "ratio", _rate(of.cost)))
    return rows


def _row(of: Outcome, measure: str, unit: str, value: float | Floats) -> tuple[object, ...]:
    """One row of ScenarioMeasures: a number, or the mean of many runs with what 8 of 10 lie in."""
    if isinstance(value, np.ndarray):
        low, high = np.nanquantile(value, [0.1, 0.9])
        return (of.scenario.name, measure, unit, float(np.nanmean(value)), float(low), float(high))
    return (of.scenario.name, measure, unit, float(value), np.nan, np.nan)


def _apart(one: Outcome, other: Outcome) -> dict[str, Floats]:
    """By measure that is played: the second less the first, run by run."""
    made = {"expected": other.brought - one.brought}
    if one.cost is not None and other.cost is not None:
        made["cost"] = other.cost.amounts - one.cost.amounts
        made["cost of sales"] = _rate(other.cost) - _rate(one.cost)
    return made


def _rate(of: Cost) -> Floats:
    """What one booked costs, draw by draw; of nothing booked nothing is said."""
    nothing = np.full(len(of.amounts), np.nan)
    return np.divide(of.amounts, of.booked, out=nothing, where=of.booked > 0)
