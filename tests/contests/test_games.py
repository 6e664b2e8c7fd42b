"""Points, levels, badges and challenges, by hand."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.contests import badges, games, written

HEAD = f"""\
read_out: {written.READ_OUT}
projection: {{history: 180, draws: 1_000, seed: 1}}
"""
ROWS = [
    ("A", date(2026, 1, 5), "new", 1000.0),
    ("A", date(2026, 1, 5), "new", 500.0),
    ("A", date(2026, 2, 5), "meeting", 0.0),
    ("A", date(2026, 3, 9), "new", 2000.0),
    ("B", date(2026, 1, 7), "new", 1500.0),
    ("B", date(2026, 1, 9), "new", -1500.0),
    ("B", date(2026, 3, 1), "new", 10.0),
]


def rows(of=ROWS):
    schema = {"payee_id": pl.String, "event_date": pl.Date, "kind": pl.String, "amount": pl.Float64}
    return pl.DataFrame(of, schema=schema, orient="row")


def policy(tmp_path: Path, text: str) -> written.Policy:
    (tmp_path / "contests.yaml").write_text(HEAD + text)
    return written.read(tmp_path / "contests.yaml")


def test_points_for_rows_and_for_amounts_up_to_a_most_a_day(tmp_path):
    text = "points: {order: {where: {kind: new}, column: amount, each: 10, per: 0.01, most: 30}}"
    made = games.points(rows(), policy(tmp_path, text).points)
    # A: 2 x 10 + 15 = 35, at most 30 a day; then 10 + 20. B: 10 + 15, taken back; then 10.1
    assert made.select("payee_id", "points").rows() == [
        ("A", 30.0), ("A", 30.0), ("B", 25.0), ("B", -25.0), ("B", pytest.approx(10.1)),
    ]  # fmt: skip
    assert made["count"].to_list() == [2, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("points", "level", "missing"),
    [(99, None, 1), (100, "Bronze", 100), (199, "Bronze", 1), (200, "Silver", None)],
)
def test_levels_begin_at_their_points(tmp_path, points, level, missing):
    levels = policy(tmp_path, "levels: {Silver: 200, Bronze: 100}").levels
    given = pl.DataFrame({"payee_id": ["A"], "points": [float(points)]})
    (made,) = games.totals(given, levels).to_dicts()
    assert (made["level"], made["missing"], made["place"]) == (level, missing, 1)


def test_equal_points_share_a_place():
    given = pl.DataFrame({"payee_id": ["A", "B", "C"], "points": [5.0, 5.0, 1.0]})
    assert games.totals(given)["place"].to_list() == [1, 1, 3]


def won(tmp_path, badge: str, of=ROWS, until=date(2026, 4, 1)) -> dict[str, date]:
    wanted = policy(tmp_path, f"badges: {{it: {{{badge}}}}}").badges
    made = badges.badges(rows(of), wanted, until)
    return dict(made.select("payee_id", "won_date").rows())


def test_badges_of_counts_and_totals_are_won_on_the_day_they_are_reached(tmp_path):
    assert won(tmp_path, "where: {kind: new}, count: 3") == {
        "A": date(2026, 3, 9), "B": date(2026, 3, 1),
    }  # fmt: skip
    total = "where: {kind: new}, column: amount, total: 1_500"
    assert won(tmp_path, total) == {"A": date(2026, 1, 5), "B": date(2026, 1, 7)}
    assert won(tmp_path, total, until=date(2026, 1, 7)) == {"A": date(2026, 1, 5)}


def test_months_in_a_row_run_over_the_end_of_a_year_and_break_where_one_is_missing(tmp_path):
    of = [("A", date(2025, m, 3), "new", 1.0) for m in (11, 12)]
    of += [("A", date(2026, 1, 3), "new", 1.0), ("B", date(2025, 11, 3), "new", 1.0)]
    of += [("B", date(2026, 1, 3), "new", 1.0), ("B", date(2026, 2, 3), "new", 1.0)]
    assert won(tmp_path, "in_a_row: 3", of) == {"A": date(2026, 1, 3)}
    assert won(tmp_path, "in_a_row: 2", of) == {"A": date(2025, 12, 3), "B": date(2026, 2, 3)}


def test_weeks_in_a_row(tmp_path):
    of = [("A", date(2026, 1, 5 + 7 * n), "new", 1.0) for n in range(3)]
    of += [("B", date(2026, 1, 5), "new", 1.0), ("B", date(2026, 1, 19), "new", 1.0)]
    assert won(tmp_path, "in_a_row: 3, step: week", of) == {"A": date(2026, 1, 19)}


def test_a_best_month_beats_each_before_it(tmp_path):
    of = [("A", date(2026, m, 3), "new", v) for m, v in ((1, 5.0), (2, 4.0), (3, 6.0))]
    of += [("B", date(2026, m, 3), "new", v) for m, v in ((1, 5.0), (2, 4.0), (3, 5.0))]
    assert won(tmp_path, "column: amount, best_month: 2", of) == {"A": date(2026, 3, 3)}


def test_challenges_of_people_and_teams(tmp_path):
    days = "from: 2026-01-01, until: 2026-02-01"
    text = f"challenges: {{own: {{column: amount, goal: 1_000, {days}}}, "
    text += f"all: {{of: team, goal: 4, {days}}}}}"
    asked = policy(tmp_path, text).challenges
    members = pl.DataFrame({"payee_id": ["A", "B"], "team": ["X", "X"]})
    made = games.challenges(rows(), asked, date(2026, 1, 16), members)
    found = {(r["challenge"], r["who"]): r for r in made.to_dicts()}
    assert found["own", "A"]["share"] == 1.5 and found["own", "A"]["met_date"] == date(2026, 1, 5)
    assert found["own", "B"]["done"] == 0 and found["own", "B"]["met_date"] is None
    assert (found["all", "X"]["done"], found["all", "X"]["share"]) == (4, 1)
    assert found["all", "X"]["elapsed"] == pytest.approx(15 / 31)


def test_nothing_and_nobody(tmp_path):
    said = policy(tmp_path, "points: {it: {each: 1}}\nbadges: {it: {count: 1}}\n")
    assert games.points(rows([]), said.points).is_empty()
    assert badges.badges(rows([]), said.badges, date(2026, 1, 1)).is_empty()
    assert games.totals(games.points(rows([]), said.points)).is_empty()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("points: {it: {where: {kind: new}}}", "'it' gives no points; write `each: 10`"),
        ("points: {it: {per: 2}}", "'it' has `per` and no column; write `column: amount`"),
        ("badges: {it: {count: 1, total: 2}}", "'it' asks for 2 things; write one of count"),
        ("badges: {it: {total: 2}}", "'it' adds up no column"),
        ("badges: {it: {count: 0}}", "0 is not above 0"),
        ("challenges: {it: {goal: 1, from: 2026-02-01, until: 2026-02-01}}", "it ends on 2026-02"),
        ("games: {}", "'games' is not a word of contests"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, text, says):
    with pytest.raises(ParameterError, match=r"contests\.yaml:3: ") as refused:
        policy(tmp_path, text)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("points: {it: {column: amuont, per: 1}}", "there is no column 'amuont'; write 'amount'"),
        ("points: {it: {column: kind, per: 1}}", "'kind' holds words; name a column of numbers"),
        ("points: {it: {where: {knd: new}, each: 1}}", "there is no column 'knd'"),
    ],
)
def test_a_column_that_is_not_there_is_refused(tmp_path, text, says):
    with pytest.raises(ParameterError) as refused:
        games.points(rows(), policy(tmp_path, text).points)
    assert says in str(refused.value)


def test_numbers_are_filtered_by_ranges(tmp_path):
    text = "points: {big: {where: {amount: {at_least: 1_500}}, each: 1}}"
    made = games.points(rows(), policy(tmp_path, text).points)
    assert made["payee_id"].to_list() == ["A", "B"]


def test_what_is_taken_back_takes_back_no_more_than_a_day_gives(tmp_path):
    text = "points: {order: {where: {kind: new}, column: amount, each: 10, most: 30}}"
    of = [("A", date(2026, 1, 5), "new", 1.0)] * 5 + [("A", date(2026, 1, 9), "new", -1.0)] * 5
    made = games.points(rows(of), policy(tmp_path, text).points)
    assert made["points"].to_list() == [30, -30]
    assert games.totals(made)["points"].to_list() == [0]


def test_where_rows_are_counted_one_below_0_takes_another_back(tmp_path):
    of = [("A", date(2026, 1, 5), "new", 7.0), ("A", date(2026, 1, 6), "new", -7.0)]
    of += [("A", date(2026, 1, 8), "new", 7.0)]
    assert won(tmp_path, "column: amount, count: 2", of) == {}
    assert won(tmp_path, "column: amount, count: 1", of) == {"A": date(2026, 1, 5)}
    more = [*of, ("A", date(2026, 1, 9), "new", 0.0)]
    assert won(tmp_path, "column: amount, count: 2", more) == {"A": date(2026, 1, 9)}


def test_a_goal_that_was_taken_back_is_not_met(tmp_path):
    days = "from: 2026-01-01, until: 2026-02-01"
    asked = policy(tmp_path, f"challenges: {{it: {{column: amount, goal: 7, {days}}}}}").challenges
    of = [("A", date(2026, 1, 5), "new", 7.0), ("A", date(2026, 1, 6), "new", -7.0)]
    (made,) = games.challenges(rows(of), asked, date(2026, 2, 1)).to_dicts()
    assert (made["done"], made["met_date"]) == (0, None)


def test_other_peoples_tables_are_taken(tmp_path):
    """Numbers for ids, times for days, true and false, categories; from pandas."""
    text = "points: {it: {where: {won: yes, kind: [new]}, each: 2}}\nbadges: {it: {count: 2}}"
    said = policy(tmp_path, text)
    table = pl.DataFrame(
        {
            "payee_id": [7, 7, 8],
            "event_date": [datetime(2026, 1, 5, 9), datetime(2026, 1, 5, 23), datetime(2026, 2, 1)],
            "won": [True, True, False],
            "kind": ["new", "old", "new"],
        },
        schema_overrides={"kind": pl.Categorical},
    )
    for frame in (table, table.lazy(), table.to_pandas()):
        made = games.points(frame, said.points)
        assert made.rows() == [("7", date(2026, 1, 5), "it", 1, 2.0)]
        assert badges.badges(frame, said.badges, date(2026, 3, 1))["payee_id"].to_list() == ["7"]
    with pytest.raises(ParameterError, match="event_date holds no days"):
        games.points(table.with_columns(event_date=pl.lit(5)), said.points)
