"""Rollout outlooks: all teams at once and a pilot as tables that can be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spmlib.revops.roadmap import pilots, rollouts
from spmlib.revops.roadmap.rollouts import LINES, RUNS, Compared, Rollout
from spmlib.revops.roadmap.written import Policy

if TYPE_CHECKING:
    import pandas as pd

WAYS = {"at_once": "All teams at once", "pilot": "A pilot first"}
REACH = {  # the assumptions that are moved until both are equal, and how far
    "fails": (0.0, 1.0),
    "learns": (0.0, 1.0),
    "harm": (0.0, 10.0),
    "benefit": (0.0, 10.0),
    "parallel": (0.0, 10.0),
    "watch": (0.0, 12.0),
}
SUMS = ("harm", "benefit")  # of all teams together
TIMES = ("harm", "benefit", "parallel")  # reached as multiples of what is assumed


def lines(made: Compared) -> pd.DataFrame:
    """What either way is worth on average, line by line: line, at_once, pilot, more.

    The last line, worth, is the sum of those above it.
    """
    import pandas as pd

    rows = []
    for line in (*LINES, "worth"):
        one, other = (
            float((way.worth if line == "worth" else way.lines[line]).mean())
            for way in (made.at_once, made.pilot)
        )
        rows.append({"line": line, "at_once": one, "pilot": other, "more": other - one})
    return pd.DataFrame(rows)


def ways(made: Compared) -> pd.DataFrame:
    """All at once and a pilot: way, worth, low_80, high_80, first, whole, never, regret."""
    import pandas as pd

    rows = []
    for name, regret in zip(WAYS, made.regret(), strict=True):
        own = getattr(made, name)
        low, high = np.quantile(own.worth, [0.1, 0.9])
        row = {"way": WAYS[name], "worth": own.worth.mean(), "low_80": low, "high_80": high}
        row |= {"first": np.median(own.first), "whole": np.median(own.whole)}
        rows.append(row | {"never": float(np.isinf(own.whole).mean()), "regret": regret})
    return pd.DataFrame(rows)


def by_chance(of: Rollout, runs: int = RUNS) -> pd.DataFrame:
    """What a pilot is worth more by chance to fail: chance, gain, low_80, high_80."""
    import pandas as pd

    rows = pilots.by_chance(of, np.linspace(0, 1, 21).tolist(), runs)
    return pd.DataFrame(rows, columns=["chance", "gain", "low_80", "high_80"])


def equal(of: Rollout, runs: int = RUNS) -> pd.DataFrame:
    """Where a pilot and all at once are worth the same: what, assumed, low, high, at.

    Harm and benefit are those of all teams together. Each assumption is moved alone, from low to
    high; `at` is a list, empty if they are equal nowhere between.
    """
    import pandas as pd

    rows = []
    for what, (low, high) in REACH.items():
        own = float(getattr(of, what))
        times = own if what in TIMES else 1.0
        at = pilots.equal(of, what, low * times, high * times, runs) if times else []
        together = of.of_teams(what, of.pilot, of.teams - of.pilot) if what in SUMS else own
        teams = together / own if own else 1.0
        about = [each * teams for each in (own, low * times, high * times)]
        row = dict(zip(("assumed", "low", "high"), about, strict=True))
        rows.append({"what": what, **row, "at": [each * teams for each in at]})
    return pd.DataFrame(rows)


def each_pilot(policy: Policy, runs: int = RUNS) -> pd.DataFrame:
    """Each team as the pilot, with the same luck: team, worth, more (than all at once), never.

    The best stands first.
    """
    import pandas as pd

    rows = []
    for team in policy.teams:
        made = rollouts.compared(pilots.with_pilot(policy.rollout, policy.teams, [team]), runs)
        worth, never = float(made.pilot.worth.mean()), float(np.isinf(made.pilot.whole).mean())
        row = {"team": team, "worth": worth, "more": float(made.gain.mean()), "never": never}
        rows.append(row | {"chosen": (team,) == policy.pilot})
    return pd.DataFrame(rows).sort_values("worth", ascending=False, ignore_index=True)


def moved(policy: Policy, runs: int = RUNS) -> pd.DataFrame:
    """What a pilot is worth more with each assumption changed: what, low, high, base."""
    import pandas as pd

    rows = pilots.sensitivity(policy.rollout, float(policy.sensitivity), runs)
    base = float(rollouts.compared(policy.rollout, runs).gain.mean())
    return pd.DataFrame(rows, columns=["what", "low", "high"]).assign(base=base)
