"""Judgements of quotas, and quotas of a company: against simulation, and numbers by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.tables import QuotaJudgements
from spmlib.orchestrate.capacity import outlooks as capacities
from spmlib.orchestrate.capacity import written as planned_force
from spmlib.orchestrate.capacity.hires import reached
from spmlib.orchestrate.quotas import judgements, outlooks, people, written
from spmlib.orchestrate.quotas.layers import Layer
from spmlib.rules.measures import Measure
from tests import small

QUOTA = np.array([100.0, 200.0, 0.0])
MEAN, SPREAD = np.array([110.0, 150.0, 50.0]), np.array([33.0, 60.0, 10.0])


def told(**more: Any):
    made = judgements.judged(["A", "B", "C"], QUOTA, MEAN, SPREAD, **more)
    return engine.pandas(made, QuotaJudgements).set_index("payee_id")


def test_chances_are_those_that_simulation_finds():
    drawn = judgements.attainments(QUOTA[:2], MEAN[:2], SPREAD[:2])
    rows = told()
    assert (drawn >= 1).mean(axis=0) == pytest.approx(rows["chance"].to_numpy()[:2], abs=0.015)
    assert np.median(drawn, axis=0) == pytest.approx(rows["attainment"].to_numpy()[:2], rel=0.02)
    low, high = np.quantile(drawn, [0.1, 0.9], axis=0)
    assert low == pytest.approx(rows["low_80"].to_numpy()[:2], rel=0.03)
    assert high == pytest.approx(rows["high_80"].to_numpy()[:2], rel=0.03)
    assert drawn.mean(axis=0) * QUOTA[:2] == pytest.approx(MEAN[:2], rel=0.02)


def test_who_has_no_quota_reaches_it():
    rows = told(potential=np.array([1.0, 4.0, 1.0]), last=np.array([50.0, np.nan, 0.0]))
    assert rows.loc["C", "chance"] == 1
    assert rows.loc["A", "growth"] == 1
    assert np.isnan(rows.loc["B", "growth"])
    assert rows.loc["A", "per_potential"] == 2
    assert rows.loc["B", "per_potential"] == 1


def test_the_market_moves_people_together():
    quota = np.full(200, 100.0)
    mean, spread = np.full(200, 100.0), np.full(200, 30.0)
    alike = judgements.told(judgements.attainments(quota, mean, spread, 0.5), quota, 20_000)
    apart = judgements.told(judgements.attainments(quota, mean, spread, 0.0), quota, 20_000)
    assert alike["people_high"] - alike["people_low"] > 2 * (
        apart["people_high"] - apart["people_low"]
    )
    assert alike["people"] == pytest.approx(apart["people"], abs=0.02)


def test_inequality_is_ginis():
    assert judgements.gini(np.ones(5)) == pytest.approx(0)
    assert judgements.gini(np.array([0.0, 0, 0, 1])) == pytest.approx(0.75)
    assert judgements.gini(np.array([1.0, 2, 3, 4])) == pytest.approx(0.25)
    assert judgements.gini(np.zeros(3)) == 0


def test_the_ratchet_is_seen():
    growth = np.array([0.1, 0.2, 0.3, 0.4])
    assert judgements.ratchet(growth, np.array([0.8, 0.9, 1.0, 1.3])) == pytest.approx(1)
    assert judgements.ratchet(growth, -growth) == pytest.approx(-1)
    assert np.isnan(judgements.ratchet(growth, np.ones(4)))


def test_methods_are_judged_by_what_they_share_wrongly():
    came = [np.array([60.0, 40.0])]
    rows = judgements.errors(
        {"even": [np.array([0.5, 0.5])], "right": [np.array([0.6, 0.4])]}, came
    )
    assert rows["method"].to_list() == ["right", "even"]
    assert rows["error"].to_list() == pytest.approx([0, 0.2])


# --- a company ----------------------------------------------------------------------------------

BOOKINGS = Measure("bookings", "Bookings", "", "amount", None, ())
TODAY = date(2026, 7, 1)


def company():
    """Three sellers under one manager; one of them came in April 2026, one sells twice as much."""
    names = {"A": date(2020, 1, 1), "B": date(2020, 1, 1), "C": date(2026, 4, 1)}
    payees = [
        {"payee_id": n, "name": n, "currency": "USD", "hire_date": day} for n, day in names.items()
    ]
    payees.append({"payee_id": "M", "name": "M", "currency": "USD", "hire_date": date(2019, 1, 1)})
    held = [
        {"payee_id": n, "start_date": day, "role": "seller", "team": "sales", "manager_id": "M"}
        | {"territory_id": "N"}
        for n, day in names.items()
    ]
    sold = [
        small.sale(f"{n}{y}{m}", n, date(y, m, 10), 200 if n == "B" else 100)
        for n, start in names.items()
        for y in (2023, 2024, 2025, 2026)
        for m in range(1, 13)
        if start <= date(y, m, 10) < TODAY
    ]
    calendar = [month for y in (2023, 2024, 2025, 2026) for month in small.months(y)]
    return small.company(payees=payees, positions=held, transactions=sold, calendar=calendar)


def test_a_year_is_prepared_and_planned_from_what_is_known():
    ready = outlooks.prepared(company(), BOOKINGS, "USD", TODAY, 2027, ["seller"])
    assert ready.people["payee_id"].to_list() == ["A", "B", "C"]
    assert ready.last == 1200 + 2400 + 300
    assert ready.season.sum() == pytest.approx(1)
    assert (ready.carried == 1).all()
    steps = [Layer("manager_id"), Layer("payee_id", over=0.1, least=-0.5, most=4.0)]
    plan = outlooks.made(ready, 4000, {"history": 1}, steps, unit=1)
    assert plan.units.sum() == 4400
    quota = dict(zip(plan.people, plan.units.sum(axis=1), strict=True))
    assert quota["B"] > 1.7 * quota["A"]
    rows = outlooks.judged(ready, plan, {"A": "Ada"})
    assert rows["name"].to_list() == ["Ada", "B", "C"]
    assert rows["chance"].between(0, 1).all()
    assert outlooks.checks(ready, plan)["holds"].all()
    assert 0 <= outlooks.outcome(ready, plan, 4000)["company"] <= 1
    assert outlooks.monthly(ready, plan)["amount"].sum() == 4400
    assert outlooks.layers(plan, {})["layer"].to_list() == ["company", "manager_id"]
    with pytest.raises(ParameterError, match="quotas of 2031 cannot be planned on 2026-07-01"):
        outlooks.prepared(company(), BOOKINGS, "USD", TODAY, 2031, ["seller"])
    with pytest.raises(ParameterError, match="nobody is a 'seler'; write"):
        people.carriers(company(), TODAY, ["seler"])


def test_decisions_are_read_as_written(tmp_path):
    path = tmp_path / "2027.yaml"
    path.write_text(
        "year: 2027\nmeasure: bookings\nroles: [seller]\ngrowth: 12%\n"
        "mix: {history: 60%, even: 40%}\n"
        "layers:\n  region: {over: 5%, adjusted: {N: 5_000}}\n"
        "  payee_id: {least: -20%, most: 140%}\n"
        "ramp: [0%, 50%]\n",
        "utf-8",
    )
    told = written.read(path)
    assert (told.year, told.growth, told.unit, told.ramp) == (2027, 0.12, 100, (0.0, 0.5))
    assert told.mix == {"history": 0.6, "even": 0.4}
    assert told.layers == (
        Layer("region", 0.05, adjusted={"N": 5000.0}),
        Layer("payee_id", least=-0.2, most=1.4),
    )
    path.write_text(path.read_text("utf-8").replace("least", "leest"), "utf-8")
    with pytest.raises(
        ParameterError, match=r"2027.yaml:8: 'leest' is not a word of a layer; write"
    ):
        written.read(path)
    path.write_text("measure: bookings\nroles: seller\ngrowth: 8\nsure: 80%\n", "utf-8")
    with pytest.raises(ParameterError, match="growth 8 is above 1 and has no %"):
        planned_force.read(path)
    path.write_text("measure: b\nroles: s\ngrowth: 8%\nsure: 80%\nhires: {2027-01: 2}\n", "utf-8")
    assert planned_force.read(path).hires == {"2027-01": 2}


def test_a_force_is_made_of_people_and_what_they_brought():
    of = capacities.force(company(), BOOKINGS, "USD", TODAY, ["seller"], ramp=())
    assert of.brings == pytest.approx((1200 + 2400) / 24)
    assert of.leaves == 0
    assert of.seats.tenure.tolist()[2] == 2
    more = capacities.hired(of, {"2026-09": 2, "2026-10": 1})
    assert more.seats.opens.tolist() == [0, 0, 0, 2, 2, 3]
    target = reached(more.seats, 0).expected
    rows = capacities.compared(
        {"now": of, "more": more, "late": capacities.delayed(more, 2)}, target
    )
    assert (
        rows["expected"].to_list()[0]
        < rows["expected"].to_list()[2]
        < rows["expected"].to_list()[1]
    )
    assert capacities.by_month(more, target)["asked"].sum() == pytest.approx(target)
    assert capacities.curve(of, target, 8, 1, 2)["chance"].is_monotonic_increasing
    assert capacities.enough(of, target, 0.8) >= 2
    assert capacities.checks(more)["holds"].all()
    with pytest.raises(ParameterError, match="2 hires in 2030-01 are not in the plan; write 0"):
        capacities.hired(of, {"2030-01": 2})
