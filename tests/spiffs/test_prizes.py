"""Prizes and standings, by hand: places, ties, levels, units, budgets, and who may win at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from typing import Any

import polars as pl
import pytest

from spmlib.core import written as yaml
from spmlib.rules.measures import Measure
from spmlib.rules.spiffs import written
from spmlib.rules.spiffs.standings import standings

KNOWN = {"bookings": Measure("bookings", "Bookings", "m:1", "amount", None, ())}
PLACES = "places: {1: 500, 2: 300, 3: 100}"
HIRED = date(2025, 1, 1)


def spiff(prizes: str = PLACES, currency: str = "USD", **words: str) -> written.Spiff:
    """A SPIFF of February and March 2026."""
    said = {
        "spiff": "rush",
        "window": "{from: 2026-02-01, until: 2026-04-01}",
        "eligible": "{role: seller}",
        "score": "{measure: bookings}",
        "currency": currency,
        "prizes": "{" + prizes + "}",
    } | words
    text = "".join(f"{word}: {value}\n" for word, value in said.items() if value)
    return written.told(block(text), "rush", KNOWN)


def block(text: str) -> yaml.Block:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        file = Path(folder) / "rush.yaml"
        file.write_text(text, "utf-8")
        return yaml.read(file)


def scores(*rows: tuple[str, date, float] | tuple[str, date, date, float]) -> pl.DataFrame:
    """Bookings, or what happened to one later: who, day booked, day, how much."""
    made = [
        {"payee_id": r[0], "booked_date": r[1], "event_date": r[-2], "score": round(r[-1] * 10_000)}
        for r in rows
    ]
    kinds = {"payee_id": pl.String, "booked_date": pl.Date, "event_date": pl.Date}
    return pl.DataFrame(made, schema=kinds | {"score": pl.Int64})


def held(*who: Any) -> pl.DataFrame:
    """Positions of sellers: an id, or an id with what is different."""
    usual = {
        "start_date": HIRED,
        "end_date": None,
        "role": "seller",
        "plan": "p",
        "territory_id": "",
    }
    rows = [{"payee_id": w, **usual} if isinstance(w, str) else {**usual, **w} for w in who]
    days = {"start_date": pl.Date, "end_date": pl.Date}
    return pl.DataFrame(rows, schema_overrides=days)


def stood(of: written.Spiff, rows: pl.DataFrame, *who: Any, day: date | None = None) -> Any:
    positions = held(*(who or sorted(set(rows["payee_id"]))))
    payees = positions.select("payee_id", hire_date=pl.lit(HIRED)).unique()
    return standings(rows, positions, payees, of, day)


def won(made: pl.DataFrame) -> dict[str, D]:
    return {
        who: D(ticks) / 10_000 for who, ticks in made.select("payee_id", "prize").rows() if ticks
    }


def places(made: pl.DataFrame) -> dict[str, int | None]:
    return dict(made.select("payee_id", "place").rows())


def why(made: pl.DataFrame) -> dict[str, str]:
    return {who: said for who, said in made.select("payee_id", "why").rows() if said}


DAY, LATER = date(2026, 2, 3), date(2026, 3, 3)


def test_the_best_win_the_places():
    made = stood(spiff(), scores(("A", DAY, 900), ("B", DAY, 1000), ("C", DAY, 10), ("D", DAY, 5)))
    assert places(made) == {"B": 1, "A": 2, "C": 3, "D": 4}
    assert won(made) == {"B": 500, "A": 300, "C": 100}
    assert made["payee_id"].to_list() == ["B", "A", "C", "D"]  # the best first


def test_those_who_tie_share_the_sum_of_their_places_to_the_cent():
    # Standard competition ranking, 1 2 2 4: places 2 and 3 come to 400, 200 each.
    rows = scores(("A", DAY, 9), ("B", DAY, 10), ("C", LATER, 9), ("D", DAY, 1))
    made = stood(spiff(), rows)
    assert places(made) == {"B": 1, "A": 2, "C": 2, "D": 4}
    assert won(made) == {"B": 500, "A": 200, "C": 200}
    # Three for the first place of 100.00: 33.34, 33.33, 33.33.
    rows = scores(*((who, DAY, 5) for who in "ABC"))
    assert won(stood(spiff("places: {1: 100}"), rows)) == {
        "A": D("33.34"),
        "B": D("33.33"),
        "C": D("33.33"),
    }


def test_a_tie_may_give_each_the_place_or_be_broken_by_who_came_first():
    rows = scores(("A", LATER, 9), ("B", DAY, 10), ("C", DAY, 9))
    assert won(stood(spiff(ties="all"), rows)) == {"B": 500, "A": 300, "C": 300}
    made = stood(spiff(ties="first"), rows)
    assert places(made) == {"B": 1, "C": 2, "A": 3}
    assert won(made) == {"B": 500, "C": 300, "A": 100}


def test_who_came_first_is_who_first_had_the_score_that_counts():
    # A had 9 on the first day, lost 4 and won them back in March; C had 9 from February on.
    rows = scores(
        ("A", DAY, 9), ("A", DAY, date(2026, 2, 9), -4), ("A", LATER, 4), ("C", date(2026, 2, 5), 9)
    )
    made = stood(spiff(ties="first"), rows)
    assert dict(made.select("payee_id", "reached_date").rows())["A"] == DAY
    assert places(made) == {"A": 1, "C": 2}


@pytest.mark.parametrize(
    ("score", "prize"), [(999.99, 0), (1000, 50), (1999.99, 50), (2000, 75), (90_000, 75), (-5, 0)]
)
def test_the_highest_level_reached_is_won(score: float, prize: int):
    made = stood(spiff("levels: {1_000: 50, 2_000: 75}"), scores(("A", DAY, score)))
    assert won(made) == ({"A": prize} if prize else {})


@pytest.mark.parametrize(
    ("score", "prize"), [(499.99, 0), (500, 12), (999.99, 12), (1000, 24), (5000, 36)]
)
def test_each_so_many_units_win_an_amount_up_to_so_many_times(score: float, prize: int):
    made = stood(spiff("each: {amount: 12, per: 500, most: 3}"), scores(("A", DAY, score)))
    assert won(made) == ({"A": prize} if prize else {})


def test_places_levels_and_units_add_up():
    prizes = f"{PLACES}, levels: {{1_000: 50}}, each: {{amount: 1, per: 100}}"
    made = stood(spiff(prizes), scores(("A", DAY, 1000), ("B", DAY, 350)))
    assert won(made) == {"A": 560, "B": 303}
    assert made["source"].to_list() == ["rush.yaml:6", "rush.yaml:6"]


@pytest.mark.parametrize(("score", "place"), [(99.99, None), (100, 1), (100.01, 1)])
def test_below_the_minimum_no_place_is_taken(score: float, place: int | None):
    made = stood(spiff(minimum="100"), scores(("A", DAY, score), ("B", DAY, 50)))
    assert places(made)["A"] == place
    assert why(made)["B"] == "below the minimum" and "B" not in won(made)


def test_what_is_booked_on_the_last_day_counts_and_the_day_after_does_not():
    rows = scores(
        ("A", date(2026, 1, 31), 7), ("A", date(2026, 2, 1), 1), ("A", date(2026, 3, 31), 2),
        ("A", date(2026, 4, 1), 9),
    )  # fmt: skip
    assert stood(spiff(), rows)["score"].to_list() == [30_000]


@pytest.mark.parametrize(("kept", "score"), [("0", 10), ("1", 10), ("2", 6), ("", 10)])
def test_what_is_cancelled_soon_enough_does_not_count(kept: str, score: int):
    rows = scores(("A", DAY, 10), ("A", DAY, date(2026, 4, 2), -4))
    assert stood(spiff(kept=kept), rows)["score"].to_list() == [score * 10_000]


def test_what_is_cancelled_of_earlier_bookings_takes_nothing_away():
    rows = scores(("A", DAY, 10), ("A", date(2026, 1, 5), DAY, -4))
    assert stood(spiff(), rows)["score"].to_list() == [100_000]


def test_only_who_is_eligible_on_the_day_scores_and_on_the_last_day_wins():
    moved = {"payee_id": "B", "end_date": date(2026, 3, 1)}
    then = {"payee_id": "B", "start_date": date(2026, 3, 1), "role": "manager"}
    came = {"payee_id": "C", "start_date": date(2026, 3, 1)}
    left = {"payee_id": "D", "end_date": date(2026, 3, 31)}
    rows = scores(*((who, day, 10) for who in "ABCD" for day in (DAY, LATER)))
    made = stood(spiff(), rows, "A", moved, then, came, left)
    found = dict(made.select("payee_id", "score").rows())
    assert found == {"A": 200_000, "B": 100_000, "C": 100_000, "D": 200_000}
    gone = "no longer eligible on the last day"
    assert why(made) == {"B": gone, "D": gone}
    assert won(made) == {"A": 500, "C": 300}
    free = stood(spiff(stay="no"), rows, "A", moved, then, came, left)
    assert won(free) == {"A": 400, "D": 400, "B": 50, "C": 50}


def test_two_positions_on_a_day_count_a_booking_once():
    made = stood(spiff(), scores(("A", DAY, 10)), "A", {"payee_id": "A", "territory_id": "X"})
    assert made["score"].to_list() == [100_000]


@pytest.mark.parametrize(("before", "fits"), [(49, False), (50, True), (51, True), (0, False)])
def test_who_holds_back_before_the_window_wins_nothing(before: float, fits: bool):
    # 30 days at half the pace of the 60 before: 200 in 60 days asks for 50 in 30.
    said = spiff(no_sandbagging="{days: 30, of: 60, at_least: 50%}")
    rows = scores(("A", DAY, 9), ("A", date(2025, 12, 1), 200), ("A", date(2026, 1, 20), before))
    made = stood(said, rows)
    assert (won(made) == {"A": 500}) == fits
    assert (why(made) == {"A": "held back before the window"}) != fits


def test_who_had_no_pace_before_is_not_said_to_have_held_back():
    said = spiff(no_sandbagging="{days: 30, of: 60, at_least: 50%}")
    assert won(stood(said, scores(("A", DAY, 9)))) == {"A": 500}


def test_groups_compete_apart():
    rows = scores(("A", DAY, 9), ("B", DAY, 8), ("C", DAY, 1))
    east = {"payee_id": "C", "territory_id": "east"}
    made = stood(spiff(groups="territory_id"), rows, "A", "B", east)
    assert places(made) == {"A": 1, "B": 2, "C": 1}
    assert won(made) == {"A": 500, "B": 300, "C": 500}


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        # 300 + 200 + 100 = 600 of 400: two thirds of each; who came first; or all the same.
        ("share", {"A": 200, "B": D("133.33"), "C": D("66.67")}),
        ("first", {"C": 100, "A": 300}),
        ("pay", {"A": 300, "B": 200, "C": 100}),
    ],
)
def test_beyond_the_budget_as_it_says(over: str, expected: dict[str, Any]):
    said = spiff("each: {amount: 1, per: 1}", budget=f"{{amount: 400, over: {over}}}")
    rows = scores(("A", date(2026, 2, 5), 300), ("B", LATER, 200), ("C", DAY, 100))
    assert won(stood(said, rows)) == expected


def test_who_comes_on_the_day_the_budget_ends_shares_what_is_left():
    said = spiff("each: {amount: 1, per: 1}", budget="{amount: 400, over: first}")
    rows = scores(("A", DAY, 300), ("B", LATER, 150), ("C", LATER, 50), ("D", date(2026, 3, 9), 1))
    assert won(stood(said, rows)) == {"A": 300, "B": 75, "C": 25}


def test_within_the_budget_nothing_changes():
    said = spiff("each: {amount: 1, per: 1}", budget="{amount: 400, over: share}")
    assert won(stood(said, scores(("A", DAY, 300), ("B", DAY, 100)))) == {"A": 300, "B": 100}


def test_yen_have_no_cents():
    rows = scores(*((who, DAY, 5) for who in "ABC"))
    assert won(stood(spiff("places: {1: 1_000}", "JPY"), rows)) == {"A": 334, "B": 333, "C": 333}


def test_as_of_a_day_only_what_was_known_counts():
    rows = scores(("A", DAY, 9), ("B", LATER, 10))
    assert won(stood(spiff(), rows, day=LATER)) == {"A": 500}
    assert won(stood(spiff(), rows, day=date(2026, 3, 4))) == {"B": 500, "A": 300}
    assert won(stood(spiff(), rows, day=date(2026, 1, 1))) == {}


def test_nobody_scored_and_nobody_is_eligible():
    made = stood(spiff(), scores(), "A")
    assert made.select("payee_id", "score", "place", "prize", "why").rows() == [
        ("A", 0, None, 0, "nothing scored")
    ]
    assert stood(spiff(), scores(), {"payee_id": "A", "role": "manager"}).is_empty()


def test_only_who_was_hired_early_enough_may_win():
    rows = scores(("A", DAY, 9))
    assert won(stood(spiff(hired_before="2025-01-02"), rows)) == {"A": 500}
    assert stood(spiff(hired_before="2025-01-01"), rows).is_empty()
