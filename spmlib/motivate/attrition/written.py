"""Written: what is said of who may leave, and to whom, ``policies/attrition.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.parameters import needed, refuse, share, whole
from spmlib.core.written import Block, Items

BLOCKS = {  # a block's words, each with an example
    "viewers": {"roles": "roles: [chief_revenue_officer]", "managers": "managers: line"},
    "least": {"leavers": "leavers: 30", "boosting": "boosting: 120", "people": "people: 5"},
    "known_after": {"attainments": "attainments: 0", "payouts": "payouts: 1"},
    "intervals": {"sure": "sure: 95%", "draws": "draws: 400", "seed": "seed: 33"},
    "refits": {"runs": "runs: 60", "top": "top: 2", "stable": "stable: 70%"},
    "leak": {"together": "together: 95%", "alone": "alone: 90%"},
}
WHOLE = {"recent": "recent: 6", "disputed": "disputed: 12", "holdout": "holdout: 12"}
SHARES = {
    "below": "below: 70%",
    "flagged": "flagged: 10%",
    "top_performers": "top_performers: 25%",
    "four_fifths": "four_fifths: 80%",
}
LISTS = ("horizons", "penalties", "penalties_ahead", "changeable", "protected")
WORDS = ("enabled", *BLOCKS, *WHOLE, *SHARES, *LISTS, "pipeline")


@dataclass(frozen=True)
class Decisions:
    """What a company decides of attrition insight.

    Attributes:
        enabled: whether anything but rates of groups is computed.
        roles: who see everybody by id.
        managers: none, direct or line: of whom a manager sees ids.
        leavers, boosting: fewest leavers for a hazard, and for boosted trees.
        people: groups of fewer are not shown.
        attainments_known, payouts_known: months from a month's end until its figures are known.
        recent, disputed: months for which changes, and rejected disputes, count.
        below: share of quota below which three months are bad ones.
        horizons: months ahead, rising.
        holdout: last months that judge.
        penalties, penalties_ahead: tried for a month, and for the horizons.
        sure, draws, seed: of intervals.
        runs, top, stable: of refits that reasons must outlast.
        flagged: share of people, the likeliest to leave, whose rates are audited.
        top_performers: share of a role.
        changeable: groups of reasons that a company can change.
        pipeline: part of an open deal that counts, by category.
        protected: columns that are never inputs.
        four_fifths: of the highest flag rate.
        together, alone: areas under the curve that are too good to be true.
        places: file and line of each word.
    """

    enabled: bool
    roles: tuple[str, ...]
    managers: str
    leavers: int
    boosting: int
    people: int
    attainments_known: int
    payouts_known: int
    recent: int
    disputed: int
    below: float
    horizons: tuple[int, ...]
    holdout: int
    penalties: tuple[float, ...]
    penalties_ahead: tuple[float, ...]
    sure: float
    draws: int
    seed: int
    runs: int
    top: int
    stable: float
    flagged: float
    top_performers: float
    changeable: tuple[str, ...]
    pipeline: Mapping[str, float]
    protected: tuple[str, ...]
    four_fifths: float
    together: float
    alone: float
    places: Mapping[str, str]


def read(path: Path) -> Decisions:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path))


def decided(entry: Block) -> Decisions:
    """The decisions that are written.

    Raises:
        ParameterError: a word is unknown or missing, is no number or share, or lies where it
            cannot; horizons or penalties do not rise.
    """
    parameters.known(entry, WORDS, "attrition")
    blocks = {name: _block(entry, name) for name in BLOCKS}
    viewers, least, known = blocks["viewers"], blocks["least"], blocks["known_after"]
    intervals, refits, leak = blocks["intervals"], blocks["refits"], blocks["leak"]
    enabled = parameters.choice(entry, "enabled", ("yes", "no"))
    horizons = _rising(entry, "horizons", "horizons: [3, 6, 12]")
    if any(h != int(h) for h in horizons):
        refuse(entry.places["horizons"], "a horizon is no whole month", "write [3, 6, 12]")
    return Decisions(
        enabled=enabled == "yes",
        roles=parameters.words(needed(viewers, "roles", BLOCKS["viewers"]["roles"])),
        managers=parameters.choice(viewers, "managers", ("none", "direct", "line")),
        leavers=_whole(least, "leavers", "least"),
        boosting=_whole(least, "boosting", "least"),
        people=_whole(least, "people", "least"),
        attainments_known=_whole(known, "attainments", "known_after", 0),
        payouts_known=_whole(known, "payouts", "known_after", 0),
        recent=_whole(entry, "recent"),
        disputed=_whole(entry, "disputed"),
        holdout=_whole(entry, "holdout"),
        below=_share(entry, "below", SHARES["below"]),
        flagged=_share(entry, "flagged", SHARES["flagged"]),
        top_performers=_share(entry, "top_performers", SHARES["top_performers"]),
        four_fifths=_share(entry, "four_fifths", SHARES["four_fifths"]),
        horizons=tuple(int(h) for h in horizons),
        penalties=_rising(entry, "penalties", "penalties: [1, 10, 100]"),
        penalties_ahead=_rising(entry, "penalties_ahead", "penalties_ahead: [3, 10, 30]"),
        sure=_share(intervals, "sure", BLOCKS["intervals"]["sure"]),
        draws=_whole(intervals, "draws", "intervals"),
        seed=_whole(intervals, "seed", "intervals", 0),
        runs=_whole(refits, "runs", "refits"),
        top=_whole(refits, "top", "refits"),
        stable=_share(refits, "stable", BLOCKS["refits"]["stable"]),
        changeable=parameters.words(needed(entry, "changeable", "changeable: [pay, quota]")),
        pipeline=_pipeline(needed(entry, "pipeline", "pipeline: {commit: 75%}")),
        protected=parameters.words(needed(entry, "protected", "protected: [gender, age]")),
        together=_share(leak, "together", BLOCKS["leak"]["together"]),
        alone=_share(leak, "alone", BLOCKS["leak"]["alone"]),
        places=entry.places,
    )


def _block(entry: Block, name: str) -> Block:
    example = f"{name}: {{{', '.join(BLOCKS[name].values())}}}"
    made = parameters.block(needed(entry, name, example), f"`{name}`", example)
    parameters.known(made, BLOCKS[name], name)
    return made


def _share(entry: Block, word: str, example: str) -> float:
    made = share(needed(entry, word, example), "share")
    if not 0 < made < 1:
        refuse(made.place, f"{word} is {entry[word]}", f"write a share between, as {example}")
    return float(made)


def _whole(entry: Block, word: str, block: str = "", least: int = 1) -> int:
    example = BLOCKS[block][word] if block else WHOLE[word]
    made = whole(needed(entry, word, example))
    if made < least:
        refuse(entry.places[word], f"{word} is {made}", f"write {least} or more, as {example}")
    return made


def _rising(entry: Block, word: str, example: str) -> tuple[float, ...]:
    told = needed(entry, word, example)
    items = told if isinstance(told, Items) else [told]
    made = tuple(float(parameters.number(item)) for item in items)
    if not made or made[0] <= 0 or any(b <= a for a, b in pairwise(made)):
        refuse(entry.places[word], f"{word} do not rise from above 0", f"write {example}")
    return made


def _pipeline(told: Any) -> dict[str, float]:
    entry = parameters.block(told, "`pipeline`", "pipeline: {commit: 75%}")
    made = {name: share(entry[name], "share") for name in entry}
    for name, part in made.items():
        if not 0 <= part <= 1:
            refuse(part.place, f"{name} is {entry[name]}", "write a share from 0 to 100%")
    return {name: float(part) for name, part in made.items()}
