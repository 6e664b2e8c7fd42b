"""The files of the roadmap: read, and each fault refused with its line and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.roadmap import written
from spmlib.revops.roadmap.capabilities import TEAMS
from tests.test_refusals import SAID

ROOT = Path(__file__).resolve().parents[2]
CAPABILITIES, POLICY = ROOT / "parameters/roadmap.yaml", ROOT / "parameters/policies/roadmap.yaml"


def test_the_project_s_own_files_are_read():
    rows, policy = written.capabilities(CAPABILITIES), written.policy(POLICY)
    assert len(rows) == 20
    assert {each.pillar for each in rows} == {"orchestrate", "motivate", "incent"}
    assert policy.rollout.horizon == policy.horizon == 24
    assert set(policy.teams) == set(TEAMS)
    assert policy.pilot == ("finance",)
    assert written.together(rows, policy) == rows
    assert set(policy.ways) == {"open_workbench", "rented_system", "spreadsheets"}


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("needs: sales_data, effect: 14_000", "needs: sales_dat, effect: 1", r":5: .*'sales_data'"),
        ("pillar: motivate, needs: l", "pillar: motivated, needs: l", r":12: .*'motivate'"),
        ("effect: 14_000", "effects: 1", r":5: 'effects' is not a word"),
        ("effect: 14_000", "effect: -1", r":5: -1 is below 0"),
        ("engineer: 10}, months: 2", "engineer: -10}, months: 2", r":5: -10 is below 0"),
        ("engineer: 10}, months: 2", "engineer: 10}, months: -2", r":5: -2 is below 0"),
        ("  territories:", "  forecasting:", r":6: .*forecasting"),
        ("teams: [sales, marketing]}", "teams: [sales, market]}", r":6: 'market' .*'marketing'"),
        ("needs: sales_data, in_place: yes", "needs: disputes", r":\d+: .*circle"),
    ],
)
def test_faults_of_the_roadmap_have_their_line(tmp_path, was, now, says):
    text = CAPABILITIES.read_text("utf-8")
    assert was in text
    (tmp_path / "roadmap.yaml").write_text(text.replace(was, now, 1), "utf-8")
    with pytest.raises(ParameterError, match="roadmap.yaml" + says) as refused:
        written.capabilities(tmp_path / "roadmap.yaml")
    assert SAID.fullmatch(str(refused.value))


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("pilot: finance", "pilot: finances", "'finances' is no team; write 'finance'"),
        ("pilot: finance", "pilot: [sales, sales]", "twice"),
        ("    product: {ben", "    prodct: {ben", "'prodct' is not a word of the revenue teams"),
        ("fails: 25%", "fails: 125%", "fails is 1.25; write 0% to 100%"),
        ("horizon: 24", "horizon: 0", "0 is below 1"),
        ("years: 5", "years: 0", "0 is below 1"),
        ("discount: 9%", "discount: -100%", "more than -100%"),
        ("sensitivity: 20%", "sensitivity: 120%", "write 0% to 100%"),
        ("hosting:", "hostage:", "'hosting'"),
        ("rises: 3%", "rises: -100%", "less than 0"),
        ("start: 2026-11", "start: 2026-13", "is not a day"),
        ("currency: USD", "currency: DOLLAR", "no currency"),
        ("engineer: 14", "engineer: -1", "below 0"),
        ("horizon: 24        # months\n", "", "'horizon' is missing"),
    ],
)
def test_faults_of_the_policy_have_their_line(tmp_path, was, now, says):
    text = POLICY.read_text("utf-8")
    assert was in text
    (tmp_path / "roadmap.yaml").write_text(text.replace(was, now, 1), "utf-8")
    with pytest.raises(ParameterError, match=rf"roadmap.yaml:\d+: .*{says}") as refused:
        written.policy(tmp_path / "roadmap.yaml")
    assert SAID.fullmatch(str(refused.value))


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("engineer: 10}, months: 2", "enginer: 10}, months: 2", "'enginer', whom .*'engineer'"),
        ("engineer: 10}, months: 2", "engineer: 336.5}, months: 2", "336.5 .* there are 336 in 24"),
    ],
)
def test_more_people_than_there_are_are_refused_with_the_line(tmp_path, was, now, says):
    text = CAPABILITIES.read_text("utf-8")
    (tmp_path / "roadmap.yaml").write_text(text.replace(was, now, 1), "utf-8")
    rows, policy = written.capabilities(tmp_path / "roadmap.yaml"), written.policy(POLICY)
    with pytest.raises(ParameterError, match=f"roadmap.yaml:5: .*{says}") as refused:
        written.together(rows, policy)
    assert SAID.fullmatch(str(refused.value))
    within = text.replace(was, was.replace("10}", "336}"), 1)
    (tmp_path / "roadmap.yaml").write_text(within, "utf-8")
    written.together(written.capabilities(tmp_path / "roadmap.yaml"), policy)
