"""Value: what a change was worth to a company, measured on its own tables and on what is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.incent.summaries import worths
from spmlib.revops.value import costs, effects, money, placebos, readings, series, teams, written
from spmlib.revops.value.effects import Effect
from spmlib.revops.value.money import Returns, Worth
from spmlib.revops.value.readings import Assumed
from spmlib.revops.value.series import Series
from spmlib.revops.value.written import Policy
from spmlib.workbench.opened import Workbench
from spmlib.workbench.value import measures

if TYPE_CHECKING:
    import pandas as pd

FILE = "policies/value.yaml"
SURVEYED = ("hours", "hours_checking")


@dataclass(frozen=True)
class Value:
    """What a change was worth to a company, by the end of a period.

    Attributes:
        policy: what is decided and assumed.
        day: of the change, where teams have none of their own.
        measures: of the company.
        by_team: measures that are known by team.
        starts: days on which teams started.
        unknown: measures that are not known, and why.
        assumed: measures whose level is assumed, and how: they have no effect.
        planted: what was planted, a month of a team that had started, or of the company.
        currency: of worths and costs.
    """

    policy: Policy
    day: date
    measures: Mapping[str, Series]
    by_team: Mapping[str, Mapping[str, Series]] = field(default_factory=dict)
    starts: Mapping[str, date] = field(default_factory=dict)
    unknown: Mapping[str, str] = field(default_factory=dict)
    assumed: Mapping[str, Assumed] = field(default_factory=dict)
    planted: Mapping[str, float] = field(default_factory=dict)
    currency: str = "USD"

    @cached_property
    def effects(self) -> list[Effect]:
        """The effect on each measure that is known, by the best way that its months allow."""
        return [self._effect(name) for name in self.policy.measures if self._known(name)]

    def effect(self, name: str) -> Effect:
        """The effect on one measure.

        Raises:
            ParameterError: it is not known.
        """
        for one in self.effects:
            if one.name == name:
                return one
        guess = self.assumed[name].why if name in self.assumed else "there is no such measure"
        why = self.unknown.get(name, guess)
        known = ", ".join(e.name for e in self.effects) or "none"
        raise ParameterError(f"{name} is not known, because {why}; take one of: {known}.")

    @property
    def worths(self) -> dict[str, Worth]:
        """What a unit of each measure is worth, as the policy assumes."""
        known = self.policy.measures.values()
        return {one.name: Worth(one.better, one.worth, one.within) for one in known}

    @property
    def start(self) -> date:
        """The first day of the change."""
        return min(self.starts.values(), default=self.day)

    @cached_property
    def tests(self) -> dict[str, list[Effect]]:
        """Effects of made-up days before the change, by measure: as `placebos`."""
        return {one.name: self._placebos(one.name) for one in self.effects if one.bounded}

    @cached_property
    def doubted(self) -> set[str]:
        """Measures of which something is found at too many days on which nothing happened."""
        shares = {name: placebos.share(own) for name, own in self.tests.items()}
        return {name for name, found in shares.items() if (found or 0) > self.policy.doubt}

    @cached_property
    def counted(self) -> list[Effect]:
        """The effects that are summed: as `money.counted`, without those that are doubted."""
        sure = [one for one in self.effects if one.name not in self.doubted]
        return money.counted(sure, self.worths)

    @cached_property
    def returns(self) -> Returns | None:
        """Returns of the effects that are summed, as `money.returns`; none without any."""
        told, start = self.policy, series.first_whole(self.start)
        summed = self.counted
        if not summed:
            return None
        spent = costs.costs(told.set_up, told.running, start, told.months, told.discount)
        drawn = money.paths(summed, told.months, told.draws, told.seed, told.block)
        return money.returns(drawn, self.worths, *spent, told.discount)

    def moved(self, by: int = 0, **changed: Any) -> Value:
        """The same with starts moved by months, other costs or another discount.

        Args:
            by: months by which all starts are taken to have come later; earlier below 0.
            changed: fields of the policy.

        Raises:
            ParameterError: the policy has no such field.
        """
        for name in changed:
            if name not in Policy.__dataclass_fields__:
                raise ParameterError(f"the policy of value has no '{name}'.")
        day = series.later(self.day, by)
        starts = {team: series.later(own, by) for team, own in self.starts.items()}
        return replace(self, policy=replace(self.policy, **changed), day=day, starts=starts)

    def table(self) -> pd.DataFrame:
        """Effects by measure in the policy's order: as `readings.table`.

        Beside it placebo (the share of made-up days at which something is found), doubted and
        counted (in money).
        """
        told = self.policy.measures
        made = readings.table(self.effects, told, self.unknown, self.assumed, self.planted_whole)
        tested = readings.tried(self.tests).set_index("measure")["share"]
        summed = [one.name for one in self.counted]
        return made.assign(
            placebo=made["measure"].map(tested),
            doubted=made["measure"].isin(self.doubted),
            counted=made["measure"].isin(summed),
        )

    @property
    def planted_whole(self) -> dict[str, float]:
        """What was planted in the measures of the company, the mean of its months after."""
        return {e.name: readings.planted(e, self.planted[e.name])
                for e in self.effects if e.name in self.planted}  # fmt: skip

    def _known(self, name: str) -> bool:
        return name in self.measures or name in self.by_team

    def _effect(self, name: str) -> Effect:
        told = self.policy
        if name in self.by_team and self.starts:
            adds = told.measures[name].adds
            return teams.effect_of(self.by_team[name], self.starts, told.demands, adds)
        return effects.effect(self.measures[name], self.start, told.demands)

    def _placebos(self, name: str) -> list[Effect]:
        told = self.policy
        if name in self.by_team and self.starts:
            adds = told.measures[name].adds
            return placebos.of_teams(self.by_team[name], self.starts, told.demands, adds)
        return placebos.placebos(self.measures[name], self.start, told.demands)


def value(
    bench: Workbench,
    period: str,
    day: date | None = None,
    table: pl.DataFrame | None = None,
    starts: Mapping[str, date] | None = None,
    audited: bool = True,
) -> Value:
    """The value of a change to a company; what is given stands instead of what is written.

    Args:
        bench: the company.
        period: the last that is known.
        day: of the change, if not the policy's.
        table: further measures, or others of the same name: period, measure, value; with a column
            team where they are known by team (null: of the company as a whole).
        starts: days on which teams started, if not the policy's.
        audited: whether pay is audited, which takes longest.

    Raises:
        ParameterError: there is no such period, the policy is wrong, or the table is.
    """
    bench.refuse_period(period)
    policy = written.read(bench.folder / FILE)
    own = measures.own(bench, period, audited)
    known, why = dict(own.known), dict(own.unknown)
    assumed: dict[str, Assumed] = {}
    for name in SURVEYED:
        if name in policy.surveys:
            known[name] = series.series(policy.surveys[name], name)
        elif name == "hours_checking":
            assumed[name] = _assumed(bench, period, policy)
        else:
            why[name] = "nobody was asked: no month of it stands under surveys"
    given, parts = whole(table), by_team(table)
    _refuse(parts | given | known, policy)
    for name, own_teams in parts.items():
        known[name] = teams.total(own_teams, policy.measures[name].adds)
    parts = {name: own.by_team[name] for name in own.by_team if name not in given} | parts
    known |= given
    why = {name: said for name, said in why.items() if name not in known}
    assumed = {name: guess for name, guess in assumed.items() if name not in known}
    chosen = policy.starts if starts is None else starts
    currency = worths.chosen(bench.company)
    return Value(policy, day or policy.change, known, parts, chosen, why, assumed,
                 currency=currency)  # fmt: skip


def _assumed(bench: Workbench, period: str, policy: Policy) -> Assumed:
    """The hours in which people are taken to check their pay: so many of each who is paid."""
    paid = engine.collected(bench.results.payouts).filter(pl.col("period") == period)
    people = paid["payee_id"].n_unique()
    each = f"{policy.checking:g} hours a month of each of {people} people paid"
    return Assumed(policy.checking * people, f"{each}, before and after alike: assumed, not asked")


def by_team(table: pl.DataFrame | None) -> dict[str, dict[str, Series]]:
    """The measures of a table that are known by team."""
    if table is None or "team" not in table.columns:
        return {}
    rows = table.filter(pl.col("team").is_not_null())
    made: dict[str, dict[str, Series]] = {}
    for (name, team), own in rows.group_by("measure", "team", maintain_order=True):
        made.setdefault(str(name), {})[str(team)] = series.series(own, str(name))
    return made


def whole(table: pl.DataFrame | None) -> dict[str, Series]:
    """The measures of a table that are known of the company alone."""
    if table is None:
        return {}
    rows = table.filter(pl.col("team").is_null()) if "team" in table.columns else table
    names = rows["measure"].unique(maintain_order=True)
    return {name: series.series(rows, name) for name in names}


def _refuse(known: Mapping[str, Any], policy: Policy) -> None:
    for name in known:
        if name not in policy.measures:
            named = ", ".join(policy.measures)
            raise ParameterError(f"'{name}' is no measure of {FILE}; it has {named}.")
