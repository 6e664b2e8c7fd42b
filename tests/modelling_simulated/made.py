"""Made by hand: people on plans of which everything is known, to draw from."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from spmlib.core import engine
from spmlib.core.pay import Pay
from spmlib.core.tables import PayRecords
from spmlib.incent.modelling.simulated.sets import Known, Prepared
from spmlib.incent.modelling.simulated.spreads import Own, Shared
from spmlib.incent.modelling.simulated.written import Decisions
from spmlib.incent.summaries import budgeted
from spmlib.rules.estimated import plans
from tests import small

DAY = date(2026, 12, 31)
QUOTA = 1_000_000.0
TIERS = "{2026-01-01: [{from: 0%, rate: 8%}, {from: 100%, rate: 12%}, {from: 150%, rate: 6%}]}"
RATES = {"thresholds": "quota", "pays": "rate", "proration": "none", "table": TIERS}
POINTS = (
    "{2026-01-01: [{from: 0%, payout: 0%}, {from: 50%, payout: 30%}, "
    "{from: 100%, payout: 100%}, {from: 140%, payout: 180%}]}"
)
PAYOUTS = {
    "thresholds": "quota",
    "pays": "target",
    "weight": "100%",
    "crossing": "",
    "within": "interpolate",
    "proration": "none",
    "table": POINTS,
}


def parameters(folder, *texts, measures=small.MEASURES):
    """The parameters of plans in plain text."""
    return small.parameters(small.written(folder, *texts, measures=measures))


def pays(given, day=DAY):
    """The plans as arrays."""
    own = given.plans
    return plans.in_force(
        Pay(
            budgeted.pay_curves(own, given.measures),
            budgeted.pay_rules(own),
            engine.empty(PayRecords),
        ),
        day,
    )


def known(plan, people=1, level=1.0, person=0.0, luck=0.0, **others):
    """People with a quota of a million in every measure, alike but for chance."""
    names = tuple(f"{plan.name}-{number}" for number in range(people))
    goals = np.full((people, 12), QUOTA / 12)
    usual = {
        "team": np.zeros(people, int),
        "target": np.full((people, 12), 1_000.0),
        "rate": np.full(people, 0.1),
        "expected": dict.fromkeys(plan.measures, goals * level),
        "goals": dict.fromkeys(plan.measures, goals),
        "own": dict.fromkeys(plan.measures, Own(person, luck)),
        "ratios": {component.name: 1.0 for component in plan.components},
        "worth": 1.0,
    }
    return Known(plan, names, **(usual | others))


def ready(*of, among=None, base=50_000.0, **decided):
    """Those on some plans, ready to be drawn."""
    usual = {
        "year": 2026,
        "currency": "USD",
        "measure": of[0].plan.main.measure,
        "growth": 0.0,
        "market": 0.0,
        "least": 0.0,
        "credibility": 10,
        "runs": 1_000,
        "seed": 7,
        "excellence": 0.9,
        "room": 0.0,
        "table": None,
    }
    rows = [
        {
            "payee_id": name,
            "role": each.plan.name,
            "team": "sales",
            "plan": each.plan.name,
            "title": each.plan.title,
            "base": base,
            "target": float(target.sum()),
        }
        for each in of
        for name, target in zip(each.people, each.target, strict=True)
    ]
    return Prepared(
        Decisions(**(usual | decided)),
        DAY,
        {each.plan.name: each for each in of},
        among or Shared(),
        pl.DataFrame(rows),
        small.company(),
    )
