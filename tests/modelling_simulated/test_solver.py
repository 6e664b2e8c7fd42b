"""The solver: conditions met, rows that can be pasted into a plan, and what cannot be met told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.incent.calculation import calculated
from spmlib.incent.modelling.simulated import solver
from spmlib.incent.modelling.simulated.pays import Scenario, simulated
from spmlib.incent.modelling.simulated.played import played
from spmlib.incent.modelling.simulated.spreads import Shared
from spmlib.incent.modelling.simulated.written import Wanted
from tests import small
from tests.modelling_simulated import made

RUNS = 1_000
CAPPED = made.RATES | {"modifiers": "[cap: {2026-01-01: 110_000}]"}


def ready(folder, words=made.RATES, **others):
    given = made.parameters(folder, small.plan(**words))
    plan = made.pays(given)["seller"]
    of = made.known(plan, 4, person=0.25, luck=0.6, **others)
    return made.ready(of, among=Shared(market_year=0.1), runs=RUNS, base=80_000.0), given


ASKED = [
    (made.RATES, Wanted("seller", "bookings", cost=-0.05)),
    (made.RATES, Wanted("seller", "bookings", cost=0.02, leverage=1.8)),
    (made.RATES, Wanted("seller", "bookings", cost=-0.02, leverage=1.7, mix=0.48)),
    (CAPPED, Wanted("seller", "bookings", cost=-0.06)),
    (made.PAYOUTS, Wanted("seller", "bookings", cost=-0.03, leverage=1.9)),
    (made.PAYOUTS, Wanted("seller", "bookings", cost=0.03, leverage=1.7, mix=0.125, rising=True)),
]


@pytest.mark.parametrize(("words", "wanted"), ASKED)
def test_the_exact_table_meets_what_is_asked_to_a_billionth(tmp_path, words, wanted):
    of, given = ready(tmp_path, words)
    told = solver.found(of, given, wanted, RUNS).conditions
    asked = told[told["wanted"].notna()]
    assert len(asked) == sum(x is not None for x in (wanted.cost, wanted.mix, wanted.leverage))
    assert asked["exact"].to_numpy() == pytest.approx(asked["wanted"].to_numpy(), rel=1e-9)


@pytest.mark.parametrize(("words", "wanted"), ASKED)
def test_what_is_found_costs_so_much_when_companies_are_paid_by_it(tmp_path, words, wanted):
    of, given = ready(tmp_path, words)
    found = solver.found(of, given, replace(wanted, step=0.0025), RUNS)
    told = simulated(of, {"found": Scenario({"seller": found.plan})}).costs["found"].mean()
    assert told == pytest.approx(found.conditions.loc[0, "rounded"], rel=1e-9)
    assert found.conditions.loc[0, "miss"] == pytest.approx(
        found.conditions.loc[0, "rounded"] / found.conditions.loc[0, "wanted"] - 1
    )
    steps = found.rows["rounded"] / 0.0025
    assert steps.to_numpy() == pytest.approx(steps.round().to_numpy(), abs=1e-6)


def test_one_rate_is_worked_by_hand(tmp_path):
    """8 % of all costs C; 5 % less is 7.6 %."""
    flat = made.RATES | {"table": "{2026-01-01: [{from: 0%, rate: 8%}]}"}
    of, given = ready(tmp_path, flat)
    found = solver.found(of, given, Wanted("seller", "bookings", cost=-0.05), RUNS)
    assert found.rows["exact"].tolist() == pytest.approx([0.076])
    assert found.text == "- {from: 0%, rate: 7.6%}"
    assert found.overlay == (
        {"file": "seller", "word": "components.bookings.table.2026-01-01.1.rate", "to": "7.6%"},
    )


def test_mix_and_leverage_of_the_rates_there_are_give_them_back(tmp_path):
    """8 % of a million at quota is 80,000, half of pay with 80,000 of base; at 125 % 110,000."""
    of, given = ready(tmp_path)
    wanted = Wanted("seller", "bookings", cost=0.0, mix=0.5, leverage=110 / 80)
    found = solver.found(of, given, wanted, RUNS, excellence=1.25)
    assert found.rows["exact"].tolist() == pytest.approx([0.08, 0.12, 0.06], abs=1e-9)
    assert found.overlay == ()
    assert found.conditions["now"].tolist()[1:] == pytest.approx([0.5, 1.375])


def test_no_table_nearer_meets_what_is_asked(tmp_path):
    of, given = ready(tmp_path)
    wanted = Wanted("seller", "bookings", cost=-0.03)
    found = solver.found(of, given, wanted, RUNS)
    now, exact = (found.rows[side].to_numpy() for side in ("now", "exact"))
    sizes = played(of, "seller", RUNS)
    random = np.random.default_rng(1)
    from spmlib.incent.modelling.simulated.sensitivity import expected_slices

    slices, _ = expected_slices(sizes, given.plans["seller"].components["bookings"], made.DAY)
    for _ in range(50):
        other = exact + 0.01 * random.standard_normal(3)
        other[0] -= (slices @ other - slices @ exact) / slices[0]  # costs as much
        assert ((other - now) ** 2).sum() >= ((exact - now) ** 2).sum() - 1e-15


def test_the_table_can_be_pasted_into_the_plan(tmp_path):
    of, given = ready(tmp_path, made.PAYOUTS)
    wanted = Wanted("seller", "bookings", cost=-0.03, leverage=1.85, step=0.005)
    found = solver.found(of, given, wanted, RUNS)
    flow = ", ".join(line.removeprefix("- ") for line in found.text.splitlines())
    again = made.PAYOUTS | {"table": f"{{2026-01-01: [{flow}]}}"}
    folder = tmp_path / "again"
    folder.mkdir()
    plan = made.pays(made.parameters(folder, small.plan(**again)))["seller"]
    (was,), (now,) = (p.components[0].curves for p in (found.plan, plan))
    assert now.parts == pytest.approx(was.parts)
    assert found.rows.loc[0, "rounded"] == 0  # what pays nothing goes on paying nothing


def test_the_engine_pays_history_by_the_table_found(tmp_path):
    """7.6 % instead of 8 % is a twentieth less, to the cent."""
    flat = made.RATES | {"table": "{2026-01-01: [{from: 0%, rate: 8%}]}"}
    of, given = ready(tmp_path, flat)
    wanted = Wanted("seller", "bookings", cost=-0.05)
    found = solver.found(of, given, wanted, RUNS)
    payee, held = small.person("A", "seller")
    company = small.company(
        payees=[payee],
        positions=[held],
        transactions=[small.sale("1", "A", date(2026, 3, 9), 100_000)],
        quotas=[small.quota("A", 1_000_000)],
    )
    for said, told in ((given, 8_000), (solver.applied(given, wanted, found, made.DAY), 7_600)):
        paid = engine.collected(calculated(company, said).earnings)["amount"].sum()
        assert paid == told * MONEY


def test_what_clashes_is_told_with_what_could_be_reached(tmp_path):
    of, given = ready(tmp_path)
    wanted = Wanted("seller", "bookings", cost=-0.9, mix=0.5, leverage=1.5)
    with pytest.raises(
        ParameterError,
        match=r"no rates of 0 or more meet this: cost .*, with the others .* or more",
    ):
        solver.found(of, given, wanted, RUNS)
    low = Wanted("seller", "bookings", mix=0.5, leverage=1.5, most=0.081, rising=True)
    with pytest.raises(ParameterError, match=r"no rates of 0 to 0\.081, rising"):
        solver.found(of, given, low, RUNS)


def test_other_companies_agree(tmp_path):
    of, given = ready(tmp_path)
    found = solver.found(of, given, Wanted("seller", "bookings", cost=-0.05), RUNS)
    assert found.elsewhere != 0
    assert abs(found.elsewhere) < 0.05


def test_excellence_is_the_quantile_that_the_file_names(tmp_path):
    of, given = ready(tmp_path)
    found = solver.found(of, given, Wanted("seller", "bookings", leverage=1.6), RUNS)
    told = np.quantile(simulated(of).attained, 0.9)
    assert found.excellence == pytest.approx(told)


ALONE = {"accumulate": "transaction"}
BAD = [
    (made.RATES, {"plan": "sellr"}, "nobody holds plan 'sellr'"),
    (
        made.RATES,
        {"component": "booking"},
        "seller has no component 'booking'; write 'bookings'|one",
    ),
    (ALONE, {}, "'bookings' pays transactions one by one, or places"),
    ({}, {"leverage": 2.0}, "leverage: seller has no quota; ask for a cost alone"),
    ({}, {"mix": 0.3}, "mix: seller has no quota; ask for a cost alone"),
]


@pytest.mark.parametrize(("words", "asked", "says"), BAD)
def test_what_no_table_can_be_found_for_is_refused(tmp_path, words, asked, says):
    bare = {"goals": {}} if words is not made.RATES else {}
    of, given = ready(tmp_path, words, **bare)
    usual = {"plan": "seller", "component": "bookings", "cost": -0.1}
    with pytest.raises(ParameterError, match=says):
        solver.found(of, given, Wanted(**(usual | asked)), 100)


def test_a_mix_needs_base_pay(tmp_path):
    given = made.parameters(tmp_path, small.plan(**made.RATES))
    of = made.ready(made.known(made.pays(given)["seller"]), base=0.0)
    with pytest.raises(ParameterError, match="mix: nobody on seller has base pay"):
        solver.found(of, given, Wanted("seller", "bookings", mix=0.4), 100)
