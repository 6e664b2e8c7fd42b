"""The sample company's own scenarios: every figure adds up to what was earned, whoever is asked."""

from __future__ import annotations

import pytest

from spmlib.core import engine
from spmlib.incent.modelling import compared, explained, figures, modelled, seen, written
from tests.shared import sample_workbench

PERIOD, CURRENCY = "2026-10", "USD"


@pytest.fixture(scope="module")
def models():
    bench = sample_workbench()
    return modelled.every(bench.company, bench.folder, ["both_levers"], PERIOD)


def test_all_scenarios_can_be_meant():
    folder = sample_workbench().folder
    names = written.names(folder)
    assert names[0] == "base"
    assert len(names) > 2
    assert [written.read(folder, name).parameters.plans.keys() for name in names]


def test_people_plans_components_and_months_add_up_to_the_same(models):
    people = seen.standings(models, CURRENCY, PERIOD).groupby("scenario")["earned"].sum()
    rows = engine.collected(compared.differences(models, CURRENCY, PERIOD))
    for column in compared.BY:
        table = compared.by(models, column, CURRENCY, PERIOD)
        sums = table.groupby("scenario")[["amount", "difference"]].sum()
        for name in models:
            assert float(sums.loc[name, "amount"]) == pytest.approx(people[name], abs=0.01)
        assert int(sums.loc["both_levers", "difference"] * 10_000) == rows["difference"].sum()


def test_the_differences_of_rules_add_up_to_everybodys(models):
    rows = compared.people(compared.differences(models, CURRENCY, PERIOD), "both_levers")
    ends = [*rows["payee_id"].head(8), *rows["payee_id"].tail(8)]
    for payee in ends:
        told = explained.explained(models["base"], models["both_levers"], payee, PERIOD)
        due = compared.of_person(models, "both_levers", payee, PERIOD)
        assert told["difference"].sum() == due
        assert told["source_now"].str.len().gt(0).any()


def test_every_figure_can_be_told(models):
    people = seen.standings(models, CURRENCY, PERIOD)
    told = figures.told(seen.seen(models, people, CURRENCY, PERIOD))
    assert set(told["figure"]) == set(figures.REGISTER)
    assert told["value"].notna().all()
    cost = told.set_index(["scenario", "figure"])["value"]
    assert cost["base", "pay_p10"] < cost["base", "pay_p50"] < cost["base", "pay_p90"]
