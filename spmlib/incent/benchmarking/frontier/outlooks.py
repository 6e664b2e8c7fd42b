"""Outlooks: a company's people and territories beside their own best, by two methods.

    policy = written.read("parameters/policies/frontier.yaml")
    sources = Sources(company, results.credits, parameters.measures, parameters.plans)
    found = compared(sources, policy.groups["account_executives"], policy, date(2026, 11, 1))
    found.scores, found.left_out, found.too_few
    adds = added(sources, policy, date(2026, 11, 1))
    beside(found, adds)  # where both methods agree, and where they do not

For coaching, never for pay: an envelopment knows nothing of luck, and the best of a year are in
part the lucky ones; what a regression expects of a patch is as good as its facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.incent.benchmarking.frontier.bootstraps import Bootstrap, bootstrapped
from spmlib.incent.benchmarking.frontier.effects import Effects, drawn
from spmlib.incent.benchmarking.frontier.envelopments import Envelopment, enveloped, scales
from spmlib.incent.benchmarking.frontier.panels import Panel, panel
from spmlib.incent.benchmarking.frontier.peers import Sources, peers
from spmlib.incent.benchmarking.frontier.places import comparison, places
from spmlib.incent.benchmarking.frontier.units import Model
from spmlib.incent.benchmarking.frontier.written import Group, Policy

if TYPE_CHECKING:
    import pandas as pd

APART = 1 / 3  # of all places: from there on both methods disagree
NAMED = 3  # peers at most


@dataclass(frozen=True)
class Compared:
    """A group beside its own best.

    Attributes:
        group: who.
        units: unit, inputs, outputs: what was compared.
        scores: as `FrontierScores`; empty where too few were there.
        targets: unit, then what it would use and bring on the frontier.
        left_out: unit, reason.
        too_few: why nothing was compared; empty if it was.
    """

    group: Group
    units: pd.DataFrame
    scores: pd.DataFrame
    targets: pd.DataFrame
    left_out: pd.DataFrame
    too_few: str


@dataclass(frozen=True)
class Added:
    """What people add beside their patch.

    Attributes:
        effects: as `PersonEffects`, the best first.
        model: the regression.
        panel: what it was made from.
    """

    effects: pd.DataFrame
    model: Effects
    panel: Panel


def compared(sources: Sources, group: Group, policy: Policy, until: date) -> Compared:
    """A group's units beside the frontier of all of them, in the months before a day.

    Raises:
        ParameterError: as `peers`; fewer than three units are off the frontier.
    """
    import pandas as pd

    found = peers(sources, group, policy, until)
    units, left_out = found.units.to_pandas(), found.left_out.to_pandas()
    if found.too_few:
        return Compared(group, units, pd.DataFrame(), pd.DataFrame(), left_out, found.too_few)
    used, brought = units[list(group.inputs)].to_numpy(), units[list(group.outputs)].to_numpy()
    made = enveloped(used, brought, group.model)
    sure = bootstrapped(used, brought, group.model, policy.samples, policy.seed, policy.sure)
    size = scales(used, brought, group.model)
    scores = _scores(group, units, made, sure).assign(
        scale=size.scale, returns=list(size.returns), group=group.name
    )
    columns = [*(f"{name}_target" for name in (*group.inputs, *group.outputs))]
    both = np.column_stack([made.input_targets, made.output_targets])
    targets = pd.DataFrame(both, columns=columns)
    targets.insert(0, "unit", units["unit"])
    return Compared(group, units, scores, targets, left_out, "")


def added(sources: Sources, policy: Policy, until: date) -> Added:
    """What each person adds beside what their patch would bring anybody.

    Raises:
        ParameterError: as `panel` and `effects`.
    """
    import pandas as pd

    quarters = panel(sources, policy, until)
    model = quarters.effects()
    draws = drawn(model, seed=policy.seed)
    stands = places(draws, policy.effects.first)
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    reach = comparison(model.person_errors) * model.person_errors
    expected = np.bincount(model.layout.people, model.fitted) / model.observations
    made = pd.DataFrame(
        {
            "payee_id": model.people,
            "quarters": model.observations,
            "expected": np.exp(expected),
            "raw": np.expm1(model.raw),
            "effect": np.expm1(model.person),
            "low_95": np.expm1(low),
            "high_95": np.expm1(high),
            "low_pair": np.expm1(model.person - reach),
            "high_pair": np.expm1(model.person + reach),
            "above_median": stands.above_median,
            "top_quarter": stands.top_quarter,
            "first": stands.first,
            "place": stands.place,
            "place_low_95": stands.low,
            "place_high_95": stands.high,
        }
    )
    ordered = made.sort_values(["effect", "payee_id"], ascending=[False, True], ignore_index=True)
    return Added(ordered, model, quarters)


def beside(of: Compared, adds: Added) -> pd.DataFrame:
    """Both methods for each person that both know: places, the worst distance first.

    Returns:
        unit, corrected (score), effect, score_place and effect_place (1 the first), apart (places),
        disagree (yes: more than a third of all places apart, no).
    """
    scores = of.scores[["unit", "corrected"]] if len(of.scores) else of.scores
    both = scores.merge(adds.effects.rename(columns={"payee_id": "unit"}), on="unit")
    made = both[["unit", "corrected", "effect"]].assign(
        score_place=both["corrected"].rank(ascending=False, method="first").astype(int),
        effect_place=both["effect"].rank(ascending=False, method="first").astype(int),
    )
    apart = (made["score_place"] - made["effect_place"]).abs()
    far = np.where(apart > APART * len(made), "yes", "no")
    return made.assign(apart=apart, disagree=far).sort_values(
        ["apart", "unit"], ascending=[False, True], ignore_index=True
    )


def by_one(of: Compared, used: str, brought: str) -> pd.DataFrame:
    """A group by one thing used and one brought, with the most that the best bring of so much.

    Returns:
        unit, used, brought, frontier (variable returns).

    Raises:
        ParameterError: as `units`.
    """
    import pandas as pd

    rows = of.units[["unit", used, brought]]
    made = enveloped(rows[used], rows[brought], Model("variable", "output"))
    return pd.DataFrame(
        {
            "unit": rows["unit"],
            "used": rows[used],
            "brought": rows[brought],
            "frontier": rows[brought] * made.factors,
        }
    )


def agreement(both: pd.DataFrame) -> float:
    """The rank correlation of the two methods, -1 to 1 (Spearman)."""
    return float(both["corrected"].corr(both["effect"], method="spearman"))


def _scores(group: Group, units: pd.DataFrame, made: Envelopment, sure: Bootstrap) -> pd.DataFrame:
    import pandas as pd

    money = units[list(group.outputs)].sum(axis=1).to_numpy()
    return pd.DataFrame(
        {
            "unit": units["unit"],
            "score": made.scores,
            "corrected": sure.corrected,
            "low_95": sure.low,
            "high_95": sure.high,
            "efficient": np.where(made.efficient, "yes", "no"),
            "peers": [_named(made, place, units["unit"]) for place in range(len(units))],
            "more": _more(money, sure.corrected),
            "more_low_95": _more(money, sure.high),
            "more_high_95": _more(money, sure.low),
        }
    )


def _more(money: Floats, score: Floats) -> Floats:
    """What would be brought more at the frontier [currency]."""
    return money * (1 / score - 1)


def _named(made: Envelopment, place: int, units: pd.Series[str]) -> str:
    """Whom a unit can learn from; nobody if it is one of the best."""
    found = made.peers(place)
    whole = sum(found.values())
    others = [(peer, weight / whole) for peer, weight in found.items() if peer != place]
    return ", ".join(f"{units[peer]} {share:.0%}" for peer, share in others[:NAMED])
