"""Hazards of any table: what is used, what is left out and told, what is refused."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import (
    evaluations,
    frames,
    hazards,
    horizons,
    insights,
    logistic,
    readings,
    scores,
)
from spmlib.motivate.attrition.outcomes import outcomes
from spmlib.motivate.attrition.protected import barred
from tests.attrition.companies import cross_section, decided

ROWS = cross_section()


def test_a_table_of_any_kind_gives_the_same():
    one = hazards.fitted(ROWS)
    other = hazards.fitted(pd.DataFrame(ROWS.to_dict(as_series=False)))
    assert np.allclose(one.found.coefficients, other.found.coefficients)
    assert one.rows == 600 and one.chosen == "cross-validated"
    told = dict(zip(one.coefficients["column"], one.coefficients["coefficient"], strict=True))
    assert told["pull"] > 0.8 > 0.3 > abs(told["noise"])


@pytest.mark.parametrize(
    "words", [("yes", "no"), ("TRUE", "FALSE"), ("1", "0"), (" Yes ", "No"), (1, 0), (1.0, 0.0),
              (True, False)],
)  # fmt: skip
def test_outcomes_in_many_words_are_read_alike(words):
    told = pl.DataFrame({"left": [words[0], words[1], words[1]]})
    assert outcomes(told, "left").tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (["yes", "maybe"], "'maybe' is neither yes nor no"),
        ([1, 2], "'2' is neither yes nor no"),
        ([0.5, 1.0], "'0.5' is neither"),
        (["yes", None], "row 2: it is empty"),
    ],
)
def test_other_outcomes_are_refused(values, says):
    with pytest.raises(ParameterError, match=says):
        outcomes(pl.DataFrame({"left": values}), "left")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"left": pl.lit("No")}, "0 left among 600 rows.*group_rates"),
        ({"left": pl.lit("Yes")}, "0 stayed among 600 rows.*right way round"),
        ({"left": pl.when(pl.int_range(600) < 29).then(pl.lit("Yes")).otherwise(pl.lit("No"))},
         "29 left among 600 rows, and a hazard needs 30"),
    ],
)  # fmt: skip
def test_too_few_who_left_or_stayed_are_refused(change, says):
    with pytest.raises(ParameterError, match=says):
        hazards.fitted(ROWS.with_columns(**change))


def test_thirty_leavers_are_enough():
    thirty = pl.when(pl.int_range(600) < 30).then(pl.lit("Yes")).otherwise(pl.lit("No"))
    assert hazards.fitted(ROWS.with_columns(left=thirty)).leavers == 30


def test_protected_columns_are_refused_if_named_and_left_out_if_not():
    rows = ROWS.with_columns(pl.lit("w").alias("Gender"), MaritalStatus=pl.lit("s"))
    barred = ("gender", "marital_status")
    for name in ("Gender", "MaritalStatus"):
        with pytest.raises(ParameterError, match=f"'{name}' is protected .* and never an input"):
            hazards.fitted(rows, features=["pull", name], protected=barred)
    fit = hazards.fitted(rows, protected=barred)
    assert {"Gender", "MaritalStatus"} & set(fit.design.features) == set()
    assert "Gender is protected: left out." in fit.told


def test_what_is_left_out_is_told():
    many = pl.Series([f"word {n}" for n in range(600)])
    rows = ROWS.with_columns(
        same=pl.lit(7), row=pl.int_range(600), names=many, gone=pl.lit(None, pl.Float64),
        day=pl.lit(date(2026, 1, 1)), shift=pl.col("shift"),
    )  # fmt: skip
    fit = hazards.fitted(rows)
    assert fit.design.features == ["pull", "noise", "shift"]
    for says in ("same is the same", "row numbers the rows", "names has 600 words", "gone is empty",
                 "day holds days"):  # fmt: skip
        assert any(told.startswith(says) for told in fit.told), says


def test_rare_words_count_as_one_and_unknown_ones_with_them():
    shift = pl.when(pl.int_range(600) < 12).then(pl.format("rare {}", pl.int_range(600) % 4))
    rows = ROWS.with_columns(shift=shift.otherwise("shift"))
    fit = hazards.fitted(rows)
    assert "shift: other" in fit.design.names
    assert any("4 of 7 words are rare" in told for told in fit.told)
    new = rows.head(1).with_columns(shift=pl.lit("never seen"))
    assert fit.chances(new) == pytest.approx(fit.chances(rows.head(1)))


def test_empty_cells_take_the_middle_and_have_a_column():
    rows = ROWS.with_columns(pull=pl.when(pl.int_range(600) >= 50).then("pull"))
    fit = hazards.fitted(rows)
    assert "pull: empty" in fit.design.names
    assert any("pull: 50 of 600 are empty" in told for told in fit.told)
    assert np.isfinite(fit.chances(rows)).all()
    nan = rows.with_columns(pull=pl.col("pull").fill_null(float("nan")))
    assert np.allclose(hazards.fitted(nan).chances(nan), fit.chances(rows))


def test_a_feature_that_parts_perfectly_stays_finite():
    rows = ROWS.with_columns(sure=(pl.col("left") == "Yes").cast(pl.Int64))
    fit = hazards.fitted(rows)
    assert np.isfinite(fit.found.coefficients).all()
    assert scores.auc(outcomes(rows, "left"), fit.chances(rows)) > 0.999


def test_one_column_the_same_everywhere_is_nothing_to_learn_from():
    with pytest.raises(ParameterError, match="none is left that differs"):
        hazards.fitted(ROWS.select("left", same=pl.lit(1)))


def test_unknown_columns_are_refused_with_the_nearest():
    with pytest.raises(ParameterError, match="no column 'pul'; write 'pull'"):
        hazards.fitted(ROWS, features=["pul"])
    with pytest.raises(ParameterError, match="no column 'leaves'"):
        hazards.fitted(ROWS, outcome="leaves")
    with pytest.raises(ParameterError, match="'pull' is named twice"):
        hazards.fitted(ROWS, features=["pull", "pull"])


def test_twins_are_told_and_judged_together():
    """Every row twice: had they been parted, rows would be told by their twins."""
    twice = pl.concat([ROWS, ROWS])
    fit = hazards.fitted(twice)
    assert any("1200 rows have a twin" in told for told in fit.told)
    fold = hazards.folds(twice, None)
    assert (fold[:600] == fold[600:]).all()


def test_a_person_twice_in_a_month_is_refused():
    rows = ROWS.with_columns(who=pl.lit("A"), month=pl.lit("2026-01"))
    with pytest.raises(ParameterError, match="A comes twice in 2026-01"):
        hazards.fitted(rows, person="who", time="month")


def test_a_person_is_never_parted():
    rows = ROWS.with_columns(who=pl.int_range(600) // 3)
    fold = hazards.folds(rows, "who")
    assert all(len(set(fold[3 * n : 3 * n + 3])) == 1 for n in range(200))
    assert set(fold) == set(range(hazards.FOLDS))


def test_one_penalty_is_taken_and_more_are_judged():
    assert hazards.fitted(ROWS, penalties=[7.0]).penalty == 7.0
    fit = hazards.fitted(ROWS)
    assert fit.penalty == min(fit.losses, key=lambda penalty: fit.losses[penalty])


def test_with_time_the_penalty_is_chosen_on_later_months():
    rows = ROWS.with_columns(month=pl.int_range(600) // 60, who=pl.int_range(600))
    fit = hazards.fitted(rows, person="who", time="month")
    assert fit.chosen == "out of time"
    assert "month" not in fit.design.features and "who" not in fit.design.features


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_files_with_a_mark_of_byte_order_and_any_separator_are_read(tmp_path, separator):
    path = tmp_path / "people.csv"
    ROWS.write_csv(path, separator=separator)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    read = frames.read(path)
    assert read.columns == ROWS.columns
    assert hazards.fitted(read).leavers == hazards.fitted(ROWS).leavers


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "no such file"), (b"a,b\n", "holds no rows"), (b"a\n\xff\xfe", "not UTF-8")],
)
def test_files_that_cannot_be_read_are_refused(tmp_path, content, says):
    path = tmp_path / "people.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ParameterError, match=says):
        frames.read(path)


def test_without_time_figures_are_cross_validated_and_say_so():
    made = evaluations.cross_validated(ROWS, "left", draws=50)
    assert made.kind == "cross-validated" and made.cut is None
    assert "not out of time" in made.told[0]
    seen, fresh = (made.figure(name, "a row") for name in (evaluations.SEEN, evaluations.HAZARD))
    assert fresh["auc"] < seen["auc"]
    assert fresh["auc_low"] < fresh["auc"] < fresh["auc_high"]
    assert made.figure(evaluations.RULE, "a row")["auc"] < fresh["auc"]
    with pytest.raises(ParameterError, match="no figures of 'Hazard' for a month"):
        made.figure()


def test_a_table_of_noise_has_no_skill():
    noise = ROWS.with_columns(left=pl.col("left").shuffle(seed=5))
    made = evaluations.cross_validated(noise, "left", draws=50).figure(span="a row")
    assert made["auc"] < 0.58
    assert made["skill"] < 0.01


def test_contributions_are_of_columns_as_they_were_learnt():
    fit = hazards.fitted(ROWS)
    odds = fit.design.columns(ROWS) @ fit.found.coefficients
    assert np.allclose(fit.chances(ROWS), logistic.chances(odds))


@pytest.mark.parametrize(
    ("name", "is_barred"),
    [
        ("gender", True), ("Gender", True), ("employee_gender", True), ("GenderCode", True),
        ("AGE", True), ("age_band", True), ("AgeGroup", True), ("Wage", False), ("stage", False),
        ("average", False), ("maritalstatus", True), ("Marital Status", True), ("status", False),
    ],
)  # fmt: skip
def test_protected_names_are_known_however_they_are_written(name, is_barred):
    assert bool(barred(name, ["gender", "age", "marital_status"])) == is_barred


def test_an_outcome_that_is_no_number_is_empty():
    with pytest.raises(ParameterError, match="row 2: it is empty"):
        outcomes(pl.DataFrame({"left": [1.0, float("nan")]}), "left")


def test_the_outcome_is_no_feature():
    with pytest.raises(ParameterError, match="'left' is the outcome"):
        hazards.fitted(ROWS, features=["left", "pull"])


def own_months() -> pl.DataFrame:
    """Person-months as a stranger has them: numbers for people, words for months."""
    rng = np.random.default_rng(0)
    months_ = [f"{2024 + k // 12}-{k % 12 + 1:02}" for k in range(24)]
    x = rng.normal(size=6000)
    left = (rng.random(6000) < 0.03 * np.exp(0.8 * x)).astype(int)
    rows = pl.DataFrame(
        {"payee_id": np.repeat(np.arange(250), 24), "month": months_ * 250, "x": x, "left": left}
    )
    before = pl.col("left").cum_sum().over("payee_id") - pl.col("left")
    return rows.filter(before == 0)


def test_a_strangers_person_months_go_all_the_way():
    of = insights.insight(own_months(), decided(), ["x"], {"x": "luck"})
    assert of.level == "people"
    last = own_months().filter(pl.col("month") == "2025-12", pl.col("left") == 0)
    assert set(of.risks["payee_id"]) == set(last["payee_id"].cast(pl.String))
    assert of.evaluation.figure()["auc"] > 0.6
    assert of.reasons["reason"].unique().to_list() == ["luck"]
    assert of.leaks.is_empty()


def test_no_months_at_all_are_refused():
    empty = insights.insight(own_months().head(0), decided(), ["x"])
    assert empty.level == "rates" and empty.leavers == 0
    with pytest.raises(ParameterError, match="fewer than 5 people"):
        readings.told(empty)
    with pytest.raises(ParameterError, match="no column 'month'"):
        insights.insight(own_months().drop("month"), decided())


def test_a_row_without_a_person_or_month_is_refused():
    rows = own_months().with_columns(
        payee_id=pl.when(pl.int_range(pl.len()) != 3).then(pl.col("payee_id"))
    )
    with pytest.raises(ParameterError, match="table, row 4: 'payee_id' is empty"):
        hazards.fitted(rows, "left", ["x"], person="payee_id", time="month")


def test_one_horizon_is_enough():
    fit = horizons.fitted(own_months(), ["x"], [6])
    told = horizons.risks(fit, own_months().filter(pl.col("month") == "2025-12"), draws=20)
    assert told["months"].unique().to_list() == [6]
    assert told["chance"].is_between(0, 1).all()


def test_past_days_are_those_whose_span_was_over():
    """Of each past month: who of those there had left six months later, by a plain loop."""
    rows = own_months().with_columns((pl.col("month") + "-01").str.to_date())
    cut = date(2025, 6, 1)
    told = horizons.past(rows, 6, cut)
    assert told["month"].max() == date(2024, 12, 1)
    gone = dict(rows.filter(left=1).select(pl.col("payee_id").cast(pl.String), "month").rows())
    for who, month, came in told.select("payee_id", "month", "came").head(400).rows():
        end = date(month.year + (month.month + 5) // 12, (month.month + 5) % 12 + 1, 1)
        assert came == int(who in gone and month <= gone[who] < end)
