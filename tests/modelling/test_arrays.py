"""Arrays pay what the engine pays, to the cent: the sample company, random plans, other plans."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from spmlib.core.errors import PlanError
from spmlib.core.parameters import Number
from spmlib.incent.calculation import calculated
from spmlib.incent.modelling import checks, issued, modelled, written
from spmlib.incent.modelling.arrays.evaluated import Levers, evaluated
from spmlib.incent.modelling.arrays.taken import taken
from spmlib.rules.modifiers import Modifier
from spmlib.rules.plans import Plan, Row
from tests.modelling import firms
from tests.oracles import engine as oracle
from tests.oracles.companies import SmallCompany
from tests.shared import examples, sample_workbench
from tests.strategies import companies

ROWS = "components.bookings.table.2026-01-01"
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.fixture(scope="module")
def sample():
    """The sample company as it is, and what its plans look at."""
    bench = sample_workbench()
    base = modelled.modelled(bench.company, written.read(bench.folder, "base"), "2026-10")
    return bench, taken(base.company, base.parameters, base.results, "2026-10")


def apart(said, paid):
    """The plans, components, people and periods on which two differ by half a hundredth or more."""
    found = {}
    for key in {*said, *paid}:
        one, other = said.get(key, 0.0), paid.get(key, 0.0)
        far = np.abs(np.asarray(one) - np.asarray(other))
        if far.max(initial=0.0) > checks.CENT:
            found[key] = (int((far > checks.CENT).sum()), float(far.max()))
    return found


def test_on_the_sample_company_every_month_of_every_component_is_the_engines(sample):
    bench, at_hand = sample
    told = checks.off(at_hand, bench.results.earnings)
    assert told["months"].sum() > 6000
    assert told[told["apart"] > 0].to_dict("records") == []


EXECUTIVES = ("account_executive", "account_executive_emea", "account_executive_japan")
LEVERS = {
    "no_brake": (Levers(), {}),
    # Multiplied quotas are rounded where they are cut: one month of one person, a cent.
    "harder_year": (
        Levers(quotas=dict.fromkeys(EXECUTIVES, 1.1)),
        {("account_executive", "new_business"): (1, pytest.approx(0.01))},
    ),
}


@pytest.mark.parametrize("name", LEVERS)
def test_scenarios_of_the_sample_company_are_the_engines(sample, name):
    bench, at_hand = sample
    levers, allowed = LEVERS[name]
    model = modelled.modelled(bench.company, written.read(bench.folder, name), "2026-10")
    said = evaluated(at_hand, model.parameters.plans, levers)
    assert apart(said, checks.as_arrays(at_hand, model.results.earnings)) == allowed


@settings(max_examples=examples(6), deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(companies())
def test_random_plans_are_the_engines(company: SmallCompany) -> None:
    with TemporaryDirectory() as folder:
        tables, parameters = oracle.tables(company, Path(folder) / "parameters")
    results = calculated(tables, parameters)
    at_hand = taken(tables, parameters, results)
    said = evaluated(at_hand)
    unit = min(checks.CENT, 0.4)
    for key, paid in checks.as_arrays(at_hand, results.earnings).items():
        assert np.abs(said[key].cumsum(axis=1) - paid.cumsum(axis=1)).max() <= unit, key


@settings(max_examples=examples(2), deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(companies())
def test_random_plans_with_all_numbers_moved_are_the_engines(company: SmallCompany) -> None:
    """What is taken does not depend on rates, thresholds, limits and factors of the plan."""
    with TemporaryDirectory() as folder:
        tables, parameters = oracle.tables(company, Path(folder) / "parameters")
    at_hand = taken(tables, parameters, calculated(tables, parameters))
    other = replace(parameters, plans={n: otherwise(p) for n, p in parameters.plans.items()})
    said = evaluated(at_hand, other.plans)
    for key, paid in checks.as_arrays(at_hand, calculated(tables, other).earnings).items():
        assert np.abs(said[key].cumsum(axis=1) - paid.cumsum(axis=1)).max() <= checks.CENT, key


def otherwise(plan: Plan) -> Plan:
    """A plan that gives a tenth more, a quarter later, and limits at four fifths."""
    components = {
        name: replace(
            c,
            tables={day: tuple(map(row, rows)) for day, rows in c.tables.items()},
            modifiers=tuple(map(modifier, c.modifiers)),
        )
        for name, c in plan.components.items()
    }
    return replace(plan, components=components, modifiers=tuple(map(modifier, plan.modifiers)))


def row(was: Row) -> Row:
    place = was.word == "amount" and was.start == was.start.to_integral_value() != 0
    start = was.start if place else times(was.start, "1.25")
    return replace(was, start=start, gives=times(was.gives, "1.1"))


def modifier(was: Modifier) -> Modifier:
    opens = was.at_least if was.at_least is None else times(was.at_least, "0.8")
    return replace(
        was,
        at_least=opens,
        limits={day: times(limit, "0.8") for day, limit in was.limits.items()},
        steps={
            day: tuple(replace(s, factor=times(s.factor, "0.5")) for s in steps)
            for day, steps in was.steps.items()
        },
    )


def times(was: Number, by: str) -> Number:
    """A number multiplied, and rounded to what a plan could say."""
    made = Number(round(Decimal(was) * Decimal(by), 4 if was.percent else 2))
    made.place, made.percent = was.place, was.percent
    return made


CHANGES = {
    "a rate": f"{{file: seller, word: {ROWS}.2.rate, to: 15%}}",
    "a threshold": f"{{file: seller, word: {ROWS}.2.from, to: 30%}}",
    "one row less": f"{{file: seller, word: {ROWS}.3, left_out: true}}",
    "one row more": f"{{file: seller, word: {ROWS}.4, to: {{from: 140%, rate: 1%}}}}",
    "a lower cap": "{file: seller, word: modifiers.1.cap.2026-01-01, to: 15_000.00}",
    "a cap of the component": "{file: seller, word: components.bookings.modifiers, "
    "to: [{cap: {2026-01-01: 12_000.00}}, {floor: {2026-01-01: 7_000.00}}]}",
    "another crossing": "{file: seller, word: components.bookings.crossing, to: transaction}",
    "a windfall": "{file: seller, word: components.bookings.windfall, to: {2026-01-01: 70_000.00}}",
    "a table in spring": "{file: seller, word: components.bookings.table.2026-04-01, "
    "to: [{from: 0%, rate: 30%}]}",
}


@pytest.mark.parametrize("name", CHANGES)
def test_changed_plans_are_the_engines(tmp_path, name):
    folder = firms.folder(tmp_path)
    change = CHANGES[name]
    if name == "another crossing":
        change += "\n  - {file: seller, word: components.bookings.boundary, to: upper}"
    firms.scenario(folder, "more", change)
    models = firms.models(folder, "more")
    base, more = models["base"], models["more"]
    at_hand = taken(base.company, base.parameters, base.results, "2026-10")
    paid = checks.as_arrays(at_hand, more.results.earnings)
    was = checks.as_arrays(at_hand, base.results.earnings)
    assert apart(paid, was), "the change moves something"
    assert apart(evaluated(at_hand, more.parameters.plans), paid) == {}


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.0, 1.25, 2.0])
def test_levels_of_quotas_are_the_engines(tmp_path, factor):
    folder = firms.folder(tmp_path)
    scenario = firms.scenario(folder, "more", f"{{file: quotas, word: bookings, to: {factor:.0%}}}")
    base = firms.models(folder)["base"]
    at_hand = taken(base.company, base.parameters, base.results, "2026-10")
    changed = issued.issued(firms.firm(), scenario)
    results = calculated(changed, base.parameters, "2026-10")
    said = evaluated(at_hand, levers=Levers(quotas={"seller": factor}))
    assert apart(said, checks.as_arrays(at_hand, results.earnings)) == {}


GATE = "{measure: bookings, at_least: 50%, of: quota, otherwise: withhold}"
REFUSED = {
    "another window": ("accumulate, to: quarter", "`accumulate` of bookings is another"),
    "a day inside a month": (
        "table.2026-04-15, to: [{from: 0%, rate: 30%}]",
        "begins on a day on which nothing was cut",
    ),
    "a gate on what nobody looked at": (
        f"modifiers, to: [{{gate: {GATE}}}]",
        "nothing was taken of bookings for this gate",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_was_not_taken_is_left_to_the_engine(tmp_path, name):
    change, says = REFUSED[name]
    folder = firms.folder(tmp_path)
    written_ = f"{{file: seller, word: components.bookings.{change}}}"
    scenario = firms.scenario(folder, "more", written_)
    base = firms.models(folder)["base"]
    at_hand = taken(base.company, base.parameters, base.results, "2026-10")
    with pytest.raises(PlanError, match=says) as raised:
        evaluated(at_hand, scenario.parameters.plans)
    assert "let the engine compute it" in str(raised.value)


def test_another_component_is_left_to_the_engine(tmp_path):
    folder = firms.folder(tmp_path)
    base = firms.models(folder)["base"]
    at_hand = taken(base.company, base.parameters, base.results, "2026-10")
    words = "{measure: bookings, accumulate: year, thresholds: money, pays: rate, crossing: split, "
    words += "table: {2026-01-01: [{from: 0, rate: 1%}]}}"
    more = firms.scenario(folder, "more", f"{{file: seller, word: components.second, to: {words}}}")
    with pytest.raises(PlanError, match="has other components than were taken"):
        evaluated(at_hand, more.parameters.plans)
