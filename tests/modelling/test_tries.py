"""A plan moved by hand pays what the engine pays for the plan so written."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.modelling import moved, seen, tries
from spmlib.incent.modelling.arrays.taken import taken
from spmlib.show import charts, modelling_tables, widgets
from tests import small
from tests.modelling import firms

DAY = date(2026, 10, 31)


@pytest.fixture
def ready(tmp_path):
    return at_hand(firms.folder(tmp_path))


def at_hand(folder):
    models = firms.models(folder)
    base = models["base"]
    everything = taken(base.company, base.parameters, base.results, "2026-10")
    people = seen.standings(models, "USD", "2026-10")
    return tries.ready(base, everything, people, "seller", "USD", "2026-10")


def then(ready, **values):
    _, people, _, _ = tries.tried(ready, **values)
    return people.set_index("payee_id")["then"].round(2).to_dict()


def test_knobs_are_the_rows_the_cap_and_the_level_of_quotas(ready):
    told = moved.knobs(ready.plan, DAY)
    assert list(told["name"]) == ["rate_1", "rate_2", "from_2", "rate_3", "from_3", "cap", "quota"]
    assert list(told["value"]) == [0.10, 0.12, 0.5, 0.20, 1.0, 50_000.0, 1.0]
    assert (told["least"] <= told["value"]).all()
    assert (told["value"] <= told["most"]).all()


def test_unmoved_it_pays_what_was_earned(ready):
    told = moved.knobs(ready.plan, DAY)
    months, people, _, figures = tries.tried(
        ready, **dict(zip(told["name"], told["value"], strict=True))
    )
    assert (people["difference"] == 0).all()
    assert list(months["now"]) == list(months["then"])
    assert months["now"].iloc[-1] == pytest.approx(25_000)
    wide = figures.pivot(index="figure", columns="scenario", values="value")
    assert wide["as it is"].equals(wide["as tried"])


@pytest.mark.parametrize(
    ("values", "pays"),
    [  # as in test_modelled, where the sums are written out
        ({"rate_2": 0.15}, {"Ann": 22_500, "Bob": 4_000}),
        ({"from_2": 0.3}, {"Ann": 21_400, "Bob": 4_200}),
        ({"cap": 15_000.0}, {"Ann": 15_000, "Bob": 4_000}),
        ({"quota": 1.25}, {"Ann": 18_750, "Bob": 4_000}),
        # 62,500 x 10 % + 62,500 x 15 % + 25,000 x 20 %, and 5 % of nothing.
        ({"quota": 1.25, "rate_2": 0.15}, {"Ann": 20_625, "Bob": 4_000}),
        ({"rate_1": 0.0}, {"Ann": 16_000, "Bob": 0}),
    ],
)
def test_by_hand(ready, values, pays):
    assert then(ready, **values) == pytest.approx(pays)


def test_figures_follow(ready):
    _, _, spread, figures = tries.tried(ready, cap=15_000.0)
    told = figures.set_index(["scenario", "figure"])["value"]
    assert told["as it is", "at_cap"] == 0.0
    assert told["as tried", "at_cap"] == 0.5
    assert told["as tried", "cost"] == pytest.approx(19_000)
    assert told["as tried", "cost_of_sales"] == pytest.approx(19 / 190)
    assert list(spread["then"]) == pytest.approx([4_000, 15_000])


def test_a_component_paid_by_target_has_its_level_too(tmp_path):
    table = "{2026-01-01: [{from: 0%, payout: 0%}, {from: 40%, payout: 50%}]}"
    words = {"thresholds": "quota", "pays": "target", "weight": "100%", "proration": "months"}
    plan = small.plan(table=table, crossing="", boundary="upper", **words)
    ready = at_hand(firms.folder(tmp_path, plan))
    assert then(ready, target=1.1) == pytest.approx({"Ann": 6_600, "Bob": 6_600})
    assert then(ready, from_2=0.41) == pytest.approx({"Ann": 6_000, "Bob": 0})


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"rates_2": 0.1}, "nothing is named 'rates_2'; move 'rate_2'"),
        ({"from_2": 1.2}, "seller.yaml:"),
        ({"from_2": 1.0}, "seller.yaml:"),
    ],
)
def test_what_cannot_be_meant_is_refused(ready, values, says):
    with pytest.raises(ParameterError) as raised:
        tries.tried(ready, **values)
    assert says in str(raised.value)


def test_plans_that_are_not_there_are_refused(ready, tmp_path):
    models = firms.models(firms.folder(tmp_path))
    people = seen.standings(models, "USD", "2026-10")
    with pytest.raises(ParameterError, match="no plan 'saler'; write"):
        tries.ready(models["base"], ready.taken, people, "saler", "USD", "2026-10")


def test_moving_a_control_draws_everything_anew(ready):
    shown = widgets.live(
        partial(tries.tried, ready),
        partial(charts.paid_to_date, currency="USD", title="Paid"),
        partial(charts.winners, currency="USD", title="Moved"),
        partial(charts.spread, currency="USD", title="Spread"),
        partial(modelling_tables.figures, currency="USD", title="Figures"),
        **widgets.of_rows(moved.knobs(ready.plan, DAY)),
    )
    assert "nobody's pay moves" in shown.alt
    shown.at(cap=15_000.0)
    assert "1 lose" in shown.alt
    assert "Cap: 15,000" in shown.still()
    shown.at(from_2=1.2)  # above the next row
    assert 'role="alert"' in shown.html
