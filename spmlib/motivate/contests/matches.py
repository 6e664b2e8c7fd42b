"""Matches: for each eligible person, people who were not eligible and sold alike.

Alike in level and trend over earlier stretches, and exactly alike in a segment or role. The
earlier stretches must not be those of the baseline: whoever is chosen for a lucky stretch falls
back after it, and that fall would look like an effect (Daw and Hatfield 2018, Health Services
Research 53). Chosen on stretches before the baseline, they have fallen back before it begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.errors import ParameterError
from spmlib.motivate.contests import frames
from spmlib.motivate.contests.panels import Wide, wide
from spmlib.motivate.contests.sides import slopes, there

if TYPE_CHECKING:
    import polars as pl

FEATURES = ("level", "trend")


@dataclass(frozen=True)
class Matched:
    """Who is compared with whom.

    Attributes:
        treated: eligible people who have a match.
        weights: payee_id, weight: controls; of one treated person all have 1 together.
        balance: feature, treated, control (mean of all others), matched (mean of the chosen), and
            apart, apart_matched: their distances from the treated [standard deviations].
        unmatched: eligible people with nobody alike.
    """

    treated: list[str]
    weights: pl.DataFrame
    balance: pl.DataFrame
    unmatched: list[str]


def matched(
    panel: Any,
    treated: Iterable[Any],
    earlier: Iterable[Any],
    alike: Mapping[Any, Any] | None = None,
    neighbours: int = 3,
    farthest: float | None = None,
) -> Matched:
    """The nearest people who were not eligible, for each who was.

    Args:
        panel: payee_id, at, value (and days).
        treated: ids of the eligible.
        earlier: stretches on which people are compared; none of the baseline.
        alike: what must be the same, by person, e.g. the segment; who has none is compared with
            whoever has none.
        neighbours: how many for each; fewer where fewer are alike. Equal distances go by id.
        farthest: the most that a neighbour may be apart [standard deviations]; any if none.

    Raises:
        ParameterError: nobody who is eligible has a match.
    """
    import polars as pl

    if neighbours < 1:
        raise ParameterError(f"{neighbours} neighbours match nobody; write 1 or more.")
    held, labels = wide(panel), list(earlier)
    features = _features(held, labels)
    used = there(held, labels)
    ids = set(frames.people(treated))
    one = np.flatnonzero([who in ids and ok for who, ok in zip(held.people, used, strict=True)])
    other = np.flatnonzero(
        [who not in ids and ok for who, ok in zip(held.people, used, strict=True)]
    )
    if not len(one) or not len(other):
        raise ParameterError("one group has nobody who was there in all earlier stretches.")
    spread = features[np.concatenate([one, other])].std(0, ddof=1)
    scaled = features / np.where(spread > 0, spread, 1.0)
    alike = {str(who): str(of) for who, of in (alike or {}).items()}
    segment = np.array([alike.get(who, "") for who in held.people])
    apart = np.sqrt(((scaled[one][:, None, :] - scaled[other][None, :, :]) ** 2).sum(2))
    apart[segment[one][:, None] != segment[other][None, :]] = np.inf
    if farthest is not None:
        apart[apart > farthest] = np.inf
    weight = _nearest(apart, neighbours)
    has = weight.sum(1) > 0
    if not has.any():
        raise ParameterError("nobody who is eligible has anybody alike; ask for less.")
    total = weight.sum(0)
    chosen = total > 0
    names = np.array(held.people)
    return Matched(
        treated=names[one[has]].tolist(),
        weights=pl.DataFrame(
            {"payee_id": names[other[chosen]].tolist(), "weight": total[chosen].tolist()}
        ),
        balance=_balance(features, spread, one[has], other, total),
        unmatched=sorted(ids - set(names[one[has]].tolist())),
    )


def _features(held: Wide, labels: list[Any]) -> Any:
    """Level and trend of each person [units a day]."""
    columns = held.columns(labels)
    if not columns:
        raise ParameterError("there are no earlier stretches to match on; name one at least.")
    level = held.values[:, columns].sum(1) / held.days[columns].sum()
    return np.column_stack([level, slopes(held, labels)])


def _nearest(apart: Any, neighbours: int) -> Any:
    """The weights of the nearest: a row for each treated person, adding up to 1 or 0."""
    order = np.argsort(apart, axis=1, kind="stable")[:, :neighbours]
    taken = np.zeros(apart.shape)
    np.put_along_axis(taken, order, 1.0, axis=1)
    taken[np.isinf(apart)] = 0.0
    count = taken.sum(1, keepdims=True)
    return np.divide(taken, count, out=np.zeros_like(taken), where=count > 0)


def _balance(features: Any, spread: Any, one: Any, other: Any, weight: Any) -> pl.DataFrame:
    import polars as pl

    treated, control = features[one].mean(0), features[other].mean(0)
    chosen = weight @ features[other] / weight.sum()
    unit = np.where(spread > 0, spread, 1.0)
    return pl.DataFrame(
        {
            "feature": list(FEATURES),
            "treated": treated,
            "control": control,
            "matched": chosen,
            "apart": (treated - control) / unit,
            "apart_matched": (treated - chosen) / unit,
        }
    )
