"""Planted leavers are found: chances near the truth, reasons that were planted, months ahead."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.attrition import (
    evaluations,
    hazards,
    horizons,
    insights,
    readings,
    reasons,
    scores,
)
from tests.attrition.companies import decided, insight, leavers, rows, sister


def test_chances_out_of_time_tell_leavers_nearly_as_well_as_the_truth():
    made = insight().evaluation
    told = made.figure()
    later = (
        rows().filter(pl.col("month") >= made.cut).join(sister().truth, on=["payee_id", "month"])
    )
    oracle = scores.auc(later["left"].drop_nulls(), later.drop_nulls("left")["chance"])
    assert told["auc"] > oracle - 0.04
    assert told["auc_low"] > 0.7
    assert told["skill_low"] > 0
    assert 0.8 < told["slope"] < 1.5  # a ridge is rather too careful
    assert told["expected"] == pytest.approx(told["observed"], rel=0.2)


def test_chances_beat_the_rule_and_the_rates_of_tenure():
    made = insight().evaluation
    plain = [made.figure(name)["auc"] for name in (evaluations.RULE, evaluations.KM)]
    assert made.figure()["auc"] > max(plain) + 0.05
    assert made.rule.endswith("%")
    assert made.calibration["left"].sum() == made.figure()["left"]


def test_nothing_learnt_is_of_months_that_judge():
    """Outcomes of the months that judge are turned round; what is said of them does not change."""
    cut = insight().evaluation.cut
    wrong = pl.when(pl.col("month") >= cut).then(1 - pl.col("left")).otherwise("left")
    turned = rows().with_columns(left=wrong)
    learn = [table.filter(pl.col("month") < cut) for table in (rows(), turned)]
    fits = [hazards.fitted(t, "left", hazards.FEATURES, person="payee_id", time="month",
                           penalties=[30.0]) for t in learn]  # fmt: skip
    assert np.array_equal(fits[0].found.coefficients, fits[1].found.coefficients)
    ahead = [horizons.fitted(t, hazards.FEATURES, penalties=[30.0], before=cut)
             for t in (rows(), turned)]  # fmt: skip
    assert np.array_equal(ahead[0].found.coefficients, ahead[1].found.coefficients)


def test_the_planted_reason_is_the_first_of_those_in_whom_it_is_strongest():
    told = insight().reasons
    truth = leavers.standing(sister())
    planted = [name for name in leavers.REASONS if name != "tenure"]
    strong = truth.with_columns(
        most=pl.max_horizontal(planted), first=pl.concat_list(planted).list.arg_max()
    ).filter(pl.col("most") > 1.0)
    first = told.group_by("payee_id", maintain_order=True).first().select("payee_id", "reason")
    both = strong.join(first, on="payee_id")
    named = [planted[k] for k in both["first"]]
    assert len(both) > 40
    assert np.mean([one == other for one, other in zip(named, both["reason"], strict=True)]) > 0.8


def test_reasons_add_up_to_log_odds_above_the_average():
    of = insight()
    names, parts = reasons.contributions(of.hazard, of.people)
    odds = of.hazard.design.columns(of.people) @ of.hazard.found.coefficients
    assert np.allclose(parts.sum(axis=1), odds - odds.mean())
    assert set(names) <= set(hazards.GROUPS.values())


def test_only_stable_reasons_that_raise_the_chance_are_told():
    told = insight().reasons.filter(told="yes")
    assert (told["stable"] >= decided().stable).all()
    assert (told["log_odds"] > 0).all()
    change = told.filter(changeable="yes")["reason"].unique().to_list()
    assert set(change) <= set(decided().changeable)
    assert told.filter(pl.col("reason").is_in(["tenure", "season"]), changeable="yes").is_empty()


def test_chances_rise_with_the_horizon_and_lie_in_their_interval():
    told = insight().risks
    wide = told.pivot("months", index="payee_id", values="chance")
    assert (wide["3"] <= wide["6"]).all() and (wide["6"] <= wide["12"]).all()
    assert ((told["low"] <= told["chance"]) & (told["chance"] <= told["high"])).all()
    assert told["chance"].is_between(0, 1).all()
    assert set(told["payee_id"]) == set(insight().people["payee_id"])


def test_curves_pass_through_the_chances_of_each_horizon():
    of = insight()
    stay = of.horizons.curves(of.people)
    told = of.risks.filter(months=12).sort("payee_id")
    people = of.people["payee_id"].to_list()
    order = np.argsort(people)
    assert np.allclose(1 - stay[order, 12], told["chance"])
    assert (np.diff(stay, axis=1) <= 1e-12).all() and np.allclose(stay[:, 0], 1)


def test_no_day_of_leaving_is_ever_said():
    assert [c for c, kind in insight().risks.schema.items() if kind == pl.Date] == ["month"]


def test_too_few_months_are_refused():
    few = rows().filter(pl.col("month") >= pl.date(2026, 1, 1))
    with pytest.raises(ParameterError, match="10 months, and 12 are kept to judge"):
        evaluations.out_of_time(few, decided())
    with pytest.raises(ParameterError, match="leavers in a span"):
        horizons.fitted(few, hazards.FEATURES)


def test_off_it_tells_rates_and_refuses_people():
    off = insights.insight(rows(), decided(enabled=False))
    assert off.level == "rates"
    assert "attrition.yaml:2" in off.why_rates
    assert off.rates("role")["left"].sum() == off.leavers
    for name in ("hazard", "risks", "reasons", "evaluation"):
        with pytest.raises(ParameterError, match="tell rates of groups instead"):
            getattr(off, name)


def test_below_thirty_leavers_it_tells_rates():
    few = rows().filter(pl.col("month") < pl.date(2024, 1, 1))
    of = insights.insight(few, decided())
    assert 0 < of.leavers < 30 and of.level == "rates"
    assert f"{of.leavers} left" in of.why_rates
    with pytest.raises(ParameterError, match="made of luck"):
        _ = of.hazard


def test_boosted_trees_stand_beside_only_above_so_many_leavers():
    made = insight().evaluation
    assert made.figure(evaluations.TREES)["auc"] > 0.65
    early = rows().filter(pl.col("month") < pl.date(2025, 5, 1))
    fewer = evaluations.out_of_time(early, decided(draws=20, holdout=9))
    assert evaluations.TREES not in fewer.figures["name"].to_list()
    assert any("boosted trees need 120" in told for told in fewer.told)


def test_drawn_twice_it_is_the_same_company():
    one, other = leavers.sister(60, 8), leavers.sister(60, 8)
    assert one.payees.equals(other.payees) and one.truth.equals(other.truth)


def static(seed: int, size: int = 500, length: int = 30) -> tuple[pl.DataFrame, pl.DataFrame]:
    """People who stay as they are: the chance of twelve months is known exactly."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(size, 3))
    chance = 1 / (1 + np.exp(4.0 - x @ [0.7, 0.4, 0.0]))
    gone = rng.geometric(chance)
    stays = np.minimum(gone, length)
    who = np.repeat(np.arange(size), stays)
    at = np.concatenate([np.arange(n) for n in stays])
    days = pl.date_range(pl.date(2024, 1, 1), pl.date(2027, 12, 1), "1mo", eager=True)
    named = {f"x{k}": x[:, k] for k in range(3)}
    rows_ = pl.DataFrame(
        {"payee_id": who, "month": days.gather(at), "left": (at + 1 == gone[who]).astype(int)}
        | {name: column[who] for name, column in named.items()}
    )
    now = pl.DataFrame({"payee_id": np.arange(size), "month": days[length], "h": chance} | named)
    named_ = pl.col("payee_id").cast(pl.String)
    return rows_.with_columns(named_), now.filter(pl.Series(gone > length)).with_columns(named_)


def test_where_nothing_is_hidden_intervals_hold_the_true_chance():
    held = []
    for seed in range(14):
        told, now = static(seed)
        fit = horizons.fitted(told, ["x0", "x1", "x2"])
        risks = horizons.risks(fit, now, draws=200).join(now, on="payee_id")
        true = 1 - (1 - risks["h"]) ** risks["months"]
        held.append(((risks["low"] <= true) & (true <= risks["high"])).mean())
    assert 0.85 < np.mean(held) <= 1


@pytest.mark.nightly
def test_intervals_hold_the_true_chance_of_people_alike():
    """Of a tenth of people by chance, the mean true one; a person's own hangs on more."""
    held = []
    for seed in (1, 2, 3):
        told, of = sister(seed=seed, draws=300), insight(seed=seed, draws=300)
        both = of.risks.filter(months=12).join(told.ahead, on=["payee_id", "months"])
        tenth = pl.col("chance").rank("ordinal") * 10 // (pl.len() + 1)
        means = both.group_by(tenth.alias("tenth")).agg(
            pl.col("low", "high", "chance_right").mean()
        )
        held += (means["low"] <= means["chance_right"]).to_list()
        held += (means["chance_right"] <= means["high"]).to_list()
    assert np.mean(held) > 0.85


def test_chances_that_later_months_do_not_bear_out_are_in_doubt():
    """Outcomes given out anew among people: nothing can be foretold, and it is said."""
    assert readings.doubt(insight()) == ""
    gone = pl.col("left").shuffle(seed=4)
    luck = insights.insight(rows().with_columns(left=gone.over("month")), decided(draws=40))
    assert "no better than luck may" in readings.doubt(luck)
    few = insights.insight(rows().filter(pl.col("month") >= pl.date(2025, 9, 1)), decided())
    assert readings.doubt(few).startswith("Chances could not be judged")
