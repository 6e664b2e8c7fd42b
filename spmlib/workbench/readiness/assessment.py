"""Readiness: what is still done by hand, which rules hide in it, and what takes it past a goal.

Of the company's own records; `copies` makes a copy of a company in which nobody adjusts
pay by hand, with adjustments planted, so that what is looked for can be seen to be found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.incent.calculation import earned
from spmlib.incent.summaries import worths
from spmlib.incent.work import Work, begun
from spmlib.revops.readiness import (
    automation,
    clusters,
    disguised,
    outside,
    wording,
    written,
)
from spmlib.revops.readiness.automation import Cover, Taken
from spmlib.revops.readiness.disguised import Found
from spmlib.revops.readiness.written import Outside, Policy
from spmlib.workbench import closes, disputed
from spmlib.workbench.opened import Workbench
from spmlib.workbench.readiness import exceptions, measures

FILE, REGISTER = "policies/readiness.yaml", "readiness.yaml"
OWN, PLANTED = "the company's own", "a copy with adjustments planted"


@dataclass(frozen=True)
class Computed:
    """What the system does by itself: computed once, for a company and copies of it."""

    bench: Workbench
    period: str
    currency: str

    @cached_property
    def work(self) -> Work:
        """The calculation up to credits."""
        return begun(self.bench.company, self.bench.parameters, self.period)

    @cached_property
    def results(self) -> pl.DataFrame:
        """As `exceptions.results`, of all months up to the period."""
        _, owed = earned(self.work)
        company = self.bench.company
        return exceptions.results(owed.earnings, company, self.currency)


@dataclass(frozen=True)
class Readiness:
    """What is done by hand, in the months up to one."""

    computed: Computed
    adjustments: pl.DataFrame | None = None  # planted; the company's own if none
    truth: pl.DataFrame | None = None  # which rule each planted one is of: exception_id, rule
    decisions: Policy | None = None  # tried; those of the company's file if none

    @property
    def bench(self) -> Workbench:
        """The company."""
        return self.computed.bench

    @property
    def whose(self) -> str:
        """Whose adjustments they are, in words."""
        return OWN if self.adjustments is None else PLANTED

    @cached_property
    def policy(self) -> Policy:
        """What is decided."""
        return self.decisions or written.read(self.bench.folder / FILE)

    def decided(self, policy: Policy) -> Readiness:
        """The same company under another policy; what was read stays as it is."""
        made = replace(self, decisions=policy)
        kept = ("exceptions", "credited", "names") if policy.look_back == len(self.months) else ()
        made.__dict__.update({name: getattr(self, name) for name in kept})
        return made

    @cached_property
    def register(self) -> tuple[Outside, ...]:
        """What is done outside the system, as its owners say."""
        path = self.bench.folder / REGISTER
        return written.register(path) if path.exists() else ()

    @cached_property
    def months(self) -> list[str]:
        """The months that are looked through."""
        calendar = engine.collected(self.bench.company.calendar).sort("start_date")
        every = calendar["period"].to_list()
        last = every.index(self.computed.period) + 1
        return every[max(last - self.policy.look_back, 0) : last]

    @cached_property
    def closed(self) -> int:
        """How many months the ledger has closed: corrections are of these."""
        return len(closes.kept(self.bench).closes())

    @cached_property
    def exceptions(self) -> pl.DataFrame:
        """Each exception of the months, as `exceptions.together`."""
        company, parameters = self.bench.company, self.bench.parameters
        if self.adjustments is not None:
            company = replace(company, adjustments=engine.brought(self.adjustments))
        currencies = {name: plan.currency for name, plan in parameters.plans.items()}
        given = exceptions.adjusted(company, currencies)
        settled = engine.collected(company.adjustments)["dispute_id"].drop_nulls().unique()
        disputes = disputed.known(self.bench, self.computed.period).rows
        open_ = disputes.filter(~pl.col("dispute_id").is_in(settled.implode()))
        calendar = engine.collected(company.calendar)
        book = closes.kept(self.bench)
        posted = [(made.period, book.table(made, "postings")) for made in book.closes()]
        frames = [
            given,
            exceptions.remedied(open_, calendar, self.policy),
            exceptions.corrected(posted, self.policy),
        ]
        every = exceptions.together(frames, company, self.computed.currency)
        return every.filter(pl.col("period").is_in(self.months))

    @cached_property
    def credited(self) -> pl.DataFrame:
        """As `measures.credited`, of the months."""
        return measures.credited(self.computed.work, self.months)

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of people's names: they say who, not why."""
        people = engine.collected(self.bench.company.payees.select("name"))["name"]
        return wording.names(people)

    @cached_property
    def found(self) -> Found:
        """The rules in disguise."""
        rows = clusters.clustered(self.exceptions, self.policy.similar, self.names)
        return disguised.found(rows, self.policy, self.credited)

    @cached_property
    def results(self) -> pl.DataFrame:
        """What the system computed in the months."""
        return self.computed.results.filter(pl.col("period").is_in(self.months))

    def by_month(self) -> pl.DataFrame:
        """As `automation.shares`: what the system computed against what was done by hand."""
        hand = self.exceptions.select("period", amount="size")
        return automation.shares(self.results.select("period", "amount"), hand)

    def sources(self) -> pl.DataFrame:
        """Exceptions by where they were found: source, says, lines, people, money."""
        known = pl.DataFrame(
            {
                "source": list(exceptions.SOURCES),
                "says": list(exceptions.SOURCES.values()),
            }
        )
        summed = self.exceptions.group_by("source").agg(
            lines=pl.len().cast(pl.Int64),
            people=pl.col("payee_id").n_unique().cast(pl.Int64),
            money=pl.col("size").sum(),
        )
        return known.join(summed, on="source", how="left", maintain_order="left").fill_null(0)

    def kinds(self) -> pl.DataFrame:
        """What would be taken on: as `automation.kinds`."""
        return self._kinds

    @cached_property
    def _kinds(self) -> pl.DataFrame:
        return automation.kinds(self.found, self.policy.similar, self.names)

    def cover(self, by: str) -> Cover:
        """What takes the share past the goal: as `automation.cover`, register included.

        Args:
            by: lines or money.
        """
        whole, sizes, other = self._sizes(by)
        return automation.cover(whole, sizes, self.policy.goal, self.policy.most, other)

    def curve(self, by: str) -> list[Taken]:
        """The share as exceptions are taken on: as `automation.curve`, register included."""
        return automation.curve(*self._sizes(by))

    def _sizes(self, by: str) -> tuple[float, dict[str, float], float]:
        """What the system does, what each kind of exception comes to, and what cannot be taken on.

        That is what is outside the system, and what was given without any reason.
        """
        if by not in ("lines", "money"):
            raise ParameterError(f"'{by}' is counted by nobody; write lines or money.")
        kinds, silent = self.kinds(), pl.col("sort") == "none"
        known_why = kinds.filter(~silent).select("name", by)
        sizes = {name: float(size) for name, size in known_why.iter_rows()}
        whole = self.results["amount"].abs().sum() if by == "money" else len(self.results)
        known = outside.totals(self.register)["money" if by == "money" else "rows"]
        other = float(known) * len(self.months) + float(kinds.filter(silent)[by].sum())
        return float(whole), sizes, other

    def outside(self) -> pl.DataFrame:
        """The register with shares: as `outside.registered`."""
        inside = float(self.results["amount"].abs().sum()) + float(self.exceptions["size"].sum())
        lines = len(self.results) + len(self.exceptions)
        return outside.registered(self.register, lines, inside, len(self.months))


def known(bench: Workbench, period: str, currency: str = "") -> Readiness:
    """What a company does by hand, in the months up to one.

    Args:
        bench: the company.
        period: the last month.
        currency: to read amounts in; the one most booked in if empty.

    Raises:
        ParameterError: there is no such period, or nothing leads to the currency.
    """
    bench.refuse_period(period)
    return Readiness(Computed(bench, period, worths.chosen(bench.company, currency)))
