"""The sample company's boards; the policy's file; a real company's agents."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from spmlib.core import written as core_written
from spmlib.core.errors import ParameterError
from spmlib.motivate.leaderboards import boards, panels, peers, written
from spmlib.workbench.leaderboards import leaderboards
from tests.shared import REAL, needs, sample_workbench

ROOT = Path(__file__).resolve().parents[2]
POLICY = ROOT / "parameters/policies/leaderboards.yaml"


@pytest.fixture(scope="module")
def made():
    return leaderboards(sample_workbench())


@pytest.fixture(scope="module")
def attained(made):
    return made.board("attainment", "2026-10")


def test_places_are_those_of_credits_over_quotas(made, attained):
    """Sums of the attainments' own column over quotas, by hand."""
    rows = made.bench.pandas("attainments")
    rows = rows[(rows["measure"] == "new_bookings") & rows["period"].between("2026-01", "2026-10")]
    credited = rows.groupby(["payee_id", "period"])["credited"].max().groupby("payee_id").sum()
    told = attained.filter(pl.col("place").is_not_null())
    for row in told.iter_rows(named=True):
        assert row["counted"] == int(credited[row["payee_id"]] * 10**4)
        assert row["score"] == pytest.approx(row["counted"] / row["quota"])
    score = told["score"].to_numpy()
    assert (score[:-1] >= score[1:]).all()


def test_a_whole_quarter_has_its_quota(made):
    """Months' shares of a quarter's quota add up to it, of whoever was there all the time."""
    shared = made.quotas("new_bookings").filter(
        pl.col("period").is_in(["2026-01", "2026-02", "2026-03"])
    )
    sums = dict(shared.group_by("payee_id").agg(pl.col("quota").sum()).iter_rows())
    quotas = made.bench.pandas("quotas")
    first = quotas[
        (quotas["measure"] == "new_bookings")
        & (quotas["start_date"] == date(2026, 1, 1))
        & (quotas["end_date"] == date(2026, 4, 1))
    ]
    assert len(first) >= 5
    for row in first.itertuples():
        assert sums[row.payee_id] == pytest.approx(int(row.amount * 10**4), abs=3)


def test_the_page_shows_no_id_and_nobody_who_opted_out(made, attained):
    page = made.shown(attained, b"0123456789abcdef", "H1088").to_pandas()
    assert made.checks(attained, page)["holds"].all()
    assert len(page) == attained["place"].count() - 2


def test_small_teams_are_hidden_with_another(made):
    teams = made.board("teams", "2026-10")
    page = made.shown(teams, b"0123456789abcdef", "H1055").to_pandas()
    assert made.checks(teams, page)["holds"].all()
    told = made.groups_shown(teams)
    assert (told.filter(state="small")["persons"] < 5).all()
    hidden = told.filter(pl.col("state") != "shown")
    assert hidden.is_empty() or (len(hidden) >= 2 and hidden["persons"].sum() >= 5)


def test_peers_are_as_of_the_day(made):
    rows = pl.DataFrame(
        {
            "payee_id": ["a", "a", "b", "c"],
            "start_date": [date(2026, 1, 1), date(2026, 6, 1), date(2026, 1, 1), date(2026, 7, 1)],
            "end_date": [date(2026, 6, 1), None, None, None],
            "role": ["ae", "manager", "ae", "ae"],
            "manager_id": ["m", "m", "a", "b"],
        }
    )
    hired = pl.DataFrame(
        {"payee_id": ["a", "b"], "hire_date": [date(2025, 11, 1), date(2020, 1, 1)]}
    )
    told = peers.peers(rows, date(2026, 5, 31), hired, bands=(6, 12))
    assert told["role"].to_list() == ["ae", "ae"]
    assert told["tenure"].to_list() == ["6 to 12 months", "12 months and more"]
    assert peers.peers(rows, date(2026, 6, 1))["role"].to_list() == ["manager", "ae"]
    assert peers.led_by(rows, "m", date(2026, 8, 1)) == ["a", "b", "c"]
    assert peers.grouped(told, ["role", "tenure"])["group"][0] == "ae · 6 to 12 months"
    with pytest.raises(ParameterError, match="there is no 'rolle'"):
        peers.grouped(told, ["rolle"])
    with pytest.raises(ParameterError, match="do not rise"):
        peers.peers(rows, date(2026, 6, 1), hired, bands=(12, 6))


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("smallest: 5", "smallest: 0", "smallest is 0"),
        ("sure: 95%", "sure: 100%", "sure is 100%"),
        ("part: prorate", "part: guess", "`part: guess` means nothing"),
        ("ties: standard ", "ties: first ", "`ties: first` means nothing"),
        ("by: [manager]", "by: [shoe]", "'shoe' is no peer group"),
        ("bands: [6, 12, 24]", "bands: [12, 6]", "months do not rise"),
        ("adjust: linear", "adjust: magic", "`adjust: magic` means nothing"),
        ("seed: 30", "sead: 30", "'sead' is not a word"),
        ("least_present: 50%", "least_present: 150%", "least_present is 150%"),
    ],
)
def test_a_policy_that_means_nothing_is_refused_with_its_line(tmp_path, old, new, wrong):
    text = POLICY.read_text("utf-8")
    assert old in text
    path = tmp_path / "leaderboards.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ParameterError, match=rf"leaderboards\.yaml:\d+: .*{wrong}"):
        written.decided(core_written.read(path))


def test_a_board_or_period_that_is_not_there_is_refused(made):
    with pytest.raises(ParameterError, match="there is no board 'atainment'; write 'attainment'"):
        made.board("atainment", "2026-10")
    with pytest.raises(ParameterError, match="there is no period '2031-01'"):
        made.board("attainment", "2031-01")


@needs("maven_crm")
def test_agents_of_a_real_pipeline_stand_where_their_won_deals_put_them():
    path = REAL / "maven_crm/sales_pipeline.csv"
    sums: dict[str, float] = defaultdict(float)
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["deal_stage"] == "Won":
                sums[row["sales_agent"]] += float(row["close_value"])
    teams = pd.read_csv(REAL / "maven_crm/sales_teams.csv")
    won = pd.read_csv(path).query("deal_stage == 'Won'")
    counted = panels.panel(won, "close_value", "sales_agent", day="close_date")
    made = boards.ranked(counted, "2017-12", window=10)
    assert len(made) == 30
    assert dict(made.select("payee_id", "score").iter_rows()) == sums
    assert made["payee_id"][0] == "Darcel Schlecht"
    assert made["score"].sum() == 10_005_534
    slow = {who: 1 + sum(other > own for other in sums.values()) for who, own in sums.items()}
    assert dict(made.select("payee_id", "place").iter_rows()) == slow
    office = pl.from_pandas(teams).select(payee_id="sales_agent", group="regional_office")
    rules = boards.Rules(kind=boards.Kind(window=10))
    apart = boards.placed(panels.grid(counted), "2017-12", rules, office)
    for region, rows in apart.group_by("group"):
        assert rows["place"].min() == 1, region
