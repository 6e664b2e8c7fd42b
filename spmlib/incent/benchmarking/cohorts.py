"""Cohorts: people alike, beside the market, with how sure that is; small cohorts are not shown.

Where the figures of a cohort are hidden, so are those of another beside it from which they would
follow (`cells`). What is hidden has empty figures, the number of people too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.cells import hidden
from spmlib.incent.benchmarking.intervals import proportion, resampled
from spmlib.incent.benchmarking.written import Policy

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

ROUND = ("role", "level", "place", "team", "currency")  # what cohorts can be made by
EMPTY = float("nan")
QUARTERS = ("lowest quarter", "second quarter", "third quarter", "highest quarter")
FIGURED = ["people", "share", "low", "high"]
FIGURES = (
    *("people", "compa_ratio", "low", "high", "lowest_quarter", "highest_quarter"),
    *("market_lower", "market_upper", "below", "above", "widened"),
)


def cohorts(matched: pl.DataFrame, by: Sequence[str], policy: Policy) -> pd.DataFrame:
    """How each cohort stands in the market.

    Args:
        matched: as `matches.matched`; who has no market is in no cohort.
        by: one or two of role, level, place, team, currency. The first is what totals are made
            by: with two, cohorts are hidden so that no other follows from rows and columns.
        policy: how few people are not shown, and how sure intervals are.

    Returns:
        The columns of `by`; people, compa_ratio (the median), low, high (of it), lowest_quarter,
        highest_quarter, market_lower, market_upper (the market's quarters over its median, the
        mean), below, above (people outside of the range around the market's median), widened
        (people whose level or place had to be widened), shown (yes; few; or gives another away:
        hidden so that another does not follow); largest first.

    Raises:
        ParameterError: `by` is none of these.
    """
    import pandas as pd

    _refuse(by)
    rows = _placed(matched)
    if rows.empty:
        return pd.DataFrame(columns=[*by, *_figures(rows, policy), "shown"])
    groups = list(rows.groupby(list(by), dropna=False, sort=True))
    made = pd.DataFrame([_figures(group, policy) for _, group in groups])
    for place, name in enumerate(by):
        made.insert(place, name, [key[place] for key, _ in groups])
    made["shown"] = _shown(made, by, policy.people)
    figures = [name for name in made.columns if name not in (*by, "shown")]
    made[figures] = made[figures].astype(float)
    made = made.sort_values(["people", *by], ascending=[False] + [True] * len(by))
    made.loc[made["shown"] != "yes", figures] = EMPTY
    order = (made["shown"] != "yes").to_numpy().argsort(kind="stable")
    return made.iloc[order].reset_index(drop=True)


def everybody(matched: pl.DataFrame, policy: Policy) -> pd.Series:
    """All people together: as a row of `cohorts`."""
    import pandas as pd

    rows = _placed(matched)
    made = pd.Series(_figures(rows, policy), dtype=float)
    if len(rows) < policy.people:
        made[:] = EMPTY
    return made


def quarters(matched: pl.DataFrame, policy: Policy) -> pd.DataFrame:
    """How many people are paid as which quarter of the market: a quarter each, if as the market.

    Returns:
        quarter (in words), people, share, low, high (of the share); last those of whom the survey
        does not tell. Empty where so few are in one that they are not shown.
    """
    import pandas as pd

    rows = _placed(matched)
    edges, placed = [0.0, 25.0, 50.0, 75.0, 100.0], np.zeros(len(rows), bool)
    low, high = (rows[name].to_numpy(float) for name in ("at_least", "at_most"))
    told = {}
    for name, start, end in zip(QUARTERS, edges[:-1], edges[1:], strict=True):
        inside = ~placed & (low >= start) & (high <= end) & ((low < end) | (end == 100))
        placed |= inside
        told[name] = int(inside.sum())
    told["not told by the survey"] = int((~placed).sum())
    found = [proportion(n, max(len(rows), 1), policy.sure) for n in told.values()]
    made = pd.DataFrame(
        {
            "quarter": list(told),
            "people": [float(n) for n in told.values()],
            "share": [f.value for f in found],
            "low": [f.low for f in found],
            "high": [f.high for f in found],
        }
    )
    made.loc[hidden(made["people"].to_numpy()[None], policy.people)[0], FIGURED] = EMPTY
    return made


def outside(matched: pl.DataFrame, policy: Policy) -> pd.DataFrame:
    """Who is paid below or above the range around the market's median.

    Private: one row for each person. Pages show how many there are.

    Returns:
        payee_id, role, place, pay, low, high [currency], currency, compa_ratio, penetration,
        percentile (in words), side (below, above); the farthest first.
    """
    from spmlib.incent.benchmarking.percentiles import Placed

    rows = _placed(matched)
    rows = rows[(rows["penetration"] < 0) | (rows["penetration"] > 1)]
    stands = Placed(*(rows[n].to_numpy(float) for n in ("percentile", "at_least", "at_most")))
    made = rows.assign(
        percentile=stands.words(),
        side=np.where(rows["penetration"] < 0, "below", "above"),
        far=(rows["penetration"] - 0.5).abs(),
    ).sort_values(["far", "payee_id"], ascending=[False, True])
    columns = [
        *("payee_id", "role", "place", "pay", "low", "high", "currency"),
        *("compa_ratio", "penetration", "percentile", "side"),
    ]
    return made[columns].reset_index(drop=True)


def unmatched(matched: pl.DataFrame) -> pd.DataFrame:
    """Who is held against no market: why, people; and how those that are were found: how, people.

    Returns:
        what (how it was found, or why not), found (yes, no), people.
    """
    import polars as pl

    told = matched.select(
        what=pl.coalesce("why", "how"),
        found=pl.when(pl.col("why").is_null()).then(pl.lit("yes")).otherwise(pl.lit("no")),
    )
    counted = (
        told.group_by("what", "found")
        .agg(people=pl.len())
        .sort("found", "people", "what", descending=[True, True, False])
    )
    return counted.to_pandas()


def shown_people(matched: pl.DataFrame, by: str, policy: Policy) -> pd.DataFrame:
    """Everybody's compa-ratio without a name, of cohorts large enough: for pictures.

    Returns:
        The column `by`, compa_ratio, percentile; sorted by amount, so that no order gives away who.
    """
    few = cohorts(matched, [by], policy)
    kept = few.loc[few["shown"] == "yes", by]
    rows = _placed(matched)
    rows = rows[rows[by].isin(kept)]
    return (
        rows[[by, "compa_ratio", "percentile"]]
        .sort_values([by, "compa_ratio"])
        .reset_index(drop=True)
    )


def _placed(matched: pl.DataFrame) -> pd.DataFrame:
    """Those who are held against a market whose median is told."""
    import polars as pl

    return matched.filter(pl.col("compa_ratio").is_not_null()).to_pandas()


def _figures(rows: pd.DataFrame, policy: Policy) -> dict[str, Any]:
    ratios: Floats = rows["compa_ratio"].to_numpy(float)
    if not len(ratios):
        return dict.fromkeys(FIGURES, EMPTY) | {"people": 0}
    found = resampled(ratios, np.median, policy.sure, policy.runs, policy.seed)
    quarters = np.quantile(ratios, [0.25, 0.75])
    return {
        "people": len(ratios),
        "compa_ratio": found.value,
        "low": found.low,
        "high": found.high,
        "lowest_quarter": quarters[0],
        "highest_quarter": quarters[1],
        "market_lower": (rows["lower"] / rows["median"]).mean(),
        "market_upper": (rows["upper"] / rows["median"]).mean(),
        "below": int((rows["penetration"] < 0).sum()),
        "above": int((rows["penetration"] > 1).sum()),
        "widened": int((rows["how"] != "own level, own place").sum()),
    }


def _shown(made: pd.DataFrame, by: Sequence[str], least: int) -> list[str]:
    """Of each cohort, whether it is shown, too small, or would give another away."""
    if len(by) == 1:
        counts = made["people"].to_numpy(float)[None]
        away = hidden(counts, least)[0]
        few = counts[0] < least
    else:
        wide = made.pivot(index=by[0], columns=by[1], values="people").fillna(0)
        table = hidden(wide.to_numpy(float), least)
        row = wide.index.get_indexer(made[by[0]])
        column = wide.columns.get_indexer(made[by[1]])
        away, few = table[row, column], made["people"].to_numpy(float) < least
    return [
        "few" if f else "gives another away" if a else "yes" for f, a in zip(few, away, strict=True)
    ]


def _refuse(by: Sequence[str]) -> None:
    wrong = [name for name in by if name not in ROUND]
    if wrong or not 1 <= len(by) <= 2 or len(set(by)) != len(by):
        said = ", ".join(by) or "nothing"
        raise ParameterError(
            f"cohorts cannot be made by {said}; write one or two of {', '.join(ROUND)}."
        )
