"""Whom one sees, what hangs on them, whether groups are flagged alike, and leaks."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import fairness, leaks, values, views
from tests.attrition.companies import decided, insight, rows, sister

DAY = date(2026, 6, 15)


def held(*rows_: tuple[str, str, str | None, date, date | None]) -> pl.DataFrame:
    names = ("payee_id", "role", "manager_id", "start_date", "end_date")
    kinds = {"manager_id": pl.String, "start_date": pl.Date, "end_date": pl.Date}
    return pl.DataFrame(rows_, schema=list(names), orient="row", schema_overrides=kinds)


BEGIN = date(2025, 1, 1)
LINE = held(
    ("CRO", "chief_revenue_officer", None, BEGIN, None),
    ("M", "manager", "CRO", BEGIN, None),
    ("A", "seller", "M", BEGIN, None),
    ("B", "seller", "M", BEGIN, date(2026, 6, 1)),
    ("B", "seller", "N", date(2026, 6, 1), None),
    ("N", "manager", "CRO", BEGIN, None),
    ("AA", "seller", "A", BEGIN, None),
)


@pytest.mark.parametrize(
    ("viewer", "managers", "seen"),
    [
        ("CRO", "none", None),
        ("M", "line", {"A", "AA"}),
        ("M", "direct", {"A"}),
        ("M", "none", set()),
        ("N", "line", {"B"}),
        ("A", "line", {"AA"}),
        ("B", "line", set()),
        ("nobody", "line", set()),
    ],
)
def test_who_sees_whom_on_the_day(viewer, managers, seen):
    assert views.seen_by(viewer, LINE, decided(managers=managers), DAY) == seen


def test_a_manager_sees_who_reported_to_them_on_an_earlier_day():
    assert views.seen_by("M", LINE, decided(), date(2026, 5, 31)) == {"A", "B", "AA"}


def test_a_circle_of_managers_ends():
    circle = held(("A", "x", "B", BEGIN, None), ("B", "x", "A", BEGIN, None))
    assert views.seen_by("A", circle, decided(), DAY) == {"B"}


TABLE = pl.DataFrame(
    {"payee_id": ["B", "A", "AA"], "manager_id": ["N", "M", "A"], "name": ["x", "y", "z"],
     "chance": [0.3, 0.2, 0.1]}
)  # fmt: skip


def test_everybody_else_is_a_pseudonym_and_nobody_sees_themselves():
    told = views.viewed(TABLE, "M", LINE, decided(), DAY)
    assert told.rows() == [("P001", "M01", 0.3), ("A", "M", 0.2), ("AA", "A", 0.1)]
    assert views.viewed(TABLE, "A", LINE, decided(), DAY)["payee_id"].to_list() == ["P001", "AA"]
    assert views.viewed(TABLE, "CRO", LINE, decided(), DAY).equals(TABLE)


def test_pseudonyms_give_no_id_away():
    told = views.pseudonyms(TABLE)
    assert told["payee_id"].to_list() == ["P001", "P002", "P003"]
    assert told["manager_id"].to_list() == ["M01", "M02", "M03"]
    assert "name" not in told.columns


def test_off_nobody_is_shown():
    with pytest.raises(ParameterError, match=r"attrition.yaml:2: attrition insight is off"):
        views.viewed(TABLE, "CRO", LINE, decided(enabled=False), DAY)


RISKS = pl.DataFrame(
    {"payee_id": ["A", "B", "C"], "months": [12, 12, 12], "chance": [0.5, 0.1, 0.2],
     "low": [0.4, 0.05, 0.1], "high": [0.6, 0.2, 0.3]}
)  # fmt: skip


def test_value_at_risk_is_chance_times_credits_and_weighted_pipeline():
    deals = pl.DataFrame(
        {"payee_id": ["B", "B", "B"], "category": ["commit", "pipeline", "lost"],
         "amount": [1000.0, 1000.0, 9999.0]}
    )  # fmt: skip
    pipeline = values.pipeline_values(deals, {"commit": 0.75, "pipeline": 0.15})
    assert pipeline.rows() == [("B", 900.0)]
    credits = pl.DataFrame({"payee_id": ["A", "B", "B"], "amount": [100.0, 4000.0, 100.0]})
    told = values.at_risk(RISKS, credits, pipeline)
    assert told.select("payee_id", "value", "place").rows() == [
        ("B", 5000.0, 1), ("A", 100.0, 2), ("C", 0.0, 3),
    ]  # fmt: skip
    assert told["at_risk"].to_list() == pytest.approx([500.0, 50.0, 0.0])
    assert told["at_risk_high"].to_list() == pytest.approx([1000.0, 60.0, 0.0])
    with pytest.raises(ParameterError, match="no chance for 6 months"):
        values.at_risk(RISKS, credits, months=6)
    with pytest.raises(ParameterError, match="credits: an amount is not a number"):
        values.at_risk(RISKS, credits.with_columns(amount=pl.lit(float("nan"))))


def test_managers_sums_are_those_of_their_people():
    told = values.at_risk(RISKS, pl.DataFrame({"payee_id": ["A", "B", "C"], "amount": [1.0] * 3}),
                          people=pl.DataFrame({"payee_id": ["A", "B", "C"],
                                               "manager_id": ["M", "M", "N"]}))  # fmt: skip
    sums = values.by_manager(told)
    assert sums["manager_id"].to_list() == ["M", "N"]
    assert sums["at_risk"].to_list() == pytest.approx([0.6, 0.2])
    assert sums["share"].to_list() == pytest.approx([0.3, 0.2])


def test_top_performers_are_the_best_part_of_each_role():
    people = pl.DataFrame(
        {"payee_id": list("ABCDEFGHI"), "role": ["x"] * 4 + ["y"] * 5,
         "attainment_12m": [1.0, 2.0, 3.0, 4.0, 9.0, 8.0, 7.0, 6.0, None]}
    )  # fmt: skip
    told = values.top_performers(people, 0.25)
    assert told["top_performer"].to_list() == ["no"] * 3 + ["yes"] * 2 + ["no"] * 3 + [None]


GROUPS = pl.DataFrame(
    {"payee_id": [f"P{n}" for n in range(100)], "gender": ["w"] * 40 + ["m"] * 56 + ["x"] * 4}
)
FLAGS = GROUPS.select("payee_id").with_columns(
    flagged=pl.Series([1] * 10 + [0] * 30 + [1] * 7 + [0] * 49 + [1] * 4)
)


def test_flag_rates_are_set_against_the_highest_and_small_groups_not_shown():
    told = fairness.flag_rates(FLAGS, GROUPS)
    assert told.select("group", "people", "flagged").rows() == [("m", 56, 7), ("w", 40, 10)]
    assert told["ratio"].to_list() == pytest.approx([0.125 / 0.25, 1.0])
    assert told["sign"].to_list() == ["below four fifths", ""]


def test_four_fifths_exactly_are_no_sign():
    groups = pl.DataFrame({"payee_id": [f"P{n}" for n in range(20)], "g": ["a"] * 10 + ["b"] * 10})
    for count, sign in ((4, ""), (3, "below four fifths")):
        flags = groups.select("payee_id").with_columns(
            flagged=pl.Series([1] * 5 + [0] * 5 + [1] * count + [0] * (10 - count))
        )
        told = {row["group"]: row["sign"] for row in fairness.flag_rates(flags, groups).to_dicts()}
        assert told == {"a": "", "b": sign}


def test_fishers_test_is_scipys():
    from scipy.stats import fisher_exact

    for a, n, b, m in ((8, 10, 1, 6), (0, 5, 3, 9), (5, 5, 0, 7), (22, 250, 36, 332), (0, 4, 0, 4)):
        theirs = fisher_exact([[a, n - a], [b, m - b]])[1]
        assert fairness.fisher(a, n, b, m) == pytest.approx(theirs, rel=1e-9)


def test_nobody_flagged_and_one_group_are_told():
    none = FLAGS.with_columns(flagged=pl.lit(0))
    told = fairness.flag_rates(none, GROUPS)
    assert told["ratio"].to_list() == [None, None] and told["sign"].to_list() == ["", ""]
    one = fairness.flag_rates(FLAGS, GROUPS.with_columns(gender=pl.lit("w")))
    assert one["p_value"].to_list() == [1.0] and one["ratio"].to_list() == [1.0]


def test_who_has_no_group_is_told_as_such():
    told = fairness.flag_rates(FLAGS, GROUPS.head(90))
    assert "not told" in told["group"].to_list()


@pytest.mark.parametrize(
    ("flags", "groups", "says"),
    [
        (FLAGS.with_columns(flagged=pl.lit(2)), GROUPS, "neither 0 nor 1"),
        (pl.concat([FLAGS, FLAGS.head(1)]), GROUPS, "flags: P0 comes twice"),
        (FLAGS, pl.concat([GROUPS, GROUPS.head(1)]), "groups: P0 comes twice"),
        (FLAGS.drop("flagged"), GROUPS, "no column 'flagged'"),
    ],
)
def test_flags_that_cannot_be_are_refused(flags, groups, says):
    with pytest.raises(ParameterError, match=says):
        fairness.flag_rates(flags, groups)


def test_flags_are_as_many_as_the_share_says_or_fewer_on_ties():
    chance = np.array([0.5, 0.4, 0.3, 0.3, 0.1])
    assert fairness.flagged(chance, 0.4).sum() == 2
    assert fairness.flagged(chance, 0.6).sum() == 2
    assert fairness.flagged(chance, 0.8).sum() == 4
    assert fairness.flagged(chance, 0.1).sum() == 0


def test_where_groups_are_drawn_without_regard_flags_differ_by_chance_only():
    told = insight().flag_rates(sister().groups)
    assert set(told["column"]) == {"gender", "age_band"}
    assert (told["p_value"] > 0.001).all()
    assert told.filter(column="gender")["people"].sum() == len(insight().people)


# --- leaks ---------------------------------------------------------------------------------------

LEFT = pl.DataFrame({"left": [1] * 40 + [0] * 160, "x": np.random.default_rng(2).random(200)})


def found(**columns) -> pl.DataFrame:
    return leaks.leaks(LEFT.with_columns(**columns))


def test_honest_features_are_no_leak():
    assert found().is_empty()
    assert insight().leaks.is_empty()


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pl.when(pl.col("left") == 1).then(pl.col("x")), "empty"),
        (pl.when(pl.col("left") == 0).then(pl.col("x")), "empty"),
        (pl.col("left") * 5.0 + pl.col("x"), "alone"),
        (pl.col("x") - pl.col("left") * 5.0, "alone"),
        (pl.when(pl.col("left") == 1).then(pl.lit("exit")).otherwise(pl.lit("in")), "word"),
        (pl.when(pl.col("left") == 1).then(pl.lit(date(2026, 1, 1))), "empty"),
    ],
)
def test_a_feature_that_is_known_afterwards_is_named(column, kind):
    told = found(odd=column)
    assert set(told["feature"]) == {"odd"}
    assert kind in told["kind"].to_list()


def test_days_after_the_rows_own_are_named():
    told = leaks.leaks(
        LEFT.with_columns(month=pl.lit(date(2026, 1, 1)), last_day=pl.lit(date(2026, 1, 2))),
        time="month",
    )
    assert told.select("feature", "kind", "figure").rows() == [("last_day", "later", 1.0)]


def test_all_together_too_good_names_the_feature_that_tells_most():
    rows_ = LEFT.with_columns(part=pl.col("left") * 0.6 + pl.col("x"))
    quiet = leaks.leaks(rows_, together=0.94, alone=0.99)
    loud = leaks.leaks(rows_, together=0.95, alone=0.99)
    assert quiet.is_empty()
    assert loud.select("feature", "kind").rows() == [("part", "together")]
    assert "part tells most of it" in loud["says"][0]


def test_a_leak_planted_in_person_months_is_named():
    rows_ = rows().with_columns(badge_returned=pl.col("left").fill_null(0))
    told = leaks.leaks(rows_, features=["badge_returned", "compa_ratio"], time="month")
    assert told["feature"].unique().to_list() == ["badge_returned"]
