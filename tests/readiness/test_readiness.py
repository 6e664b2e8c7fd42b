"""Readiness: clusters of exceptions, shares and what reaches a goal, the register, the policy."""

from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.readiness import automation, clusters, outside, wording, written

PARAMETERS = Path(__file__).parents[2] / "parameters"


def rows(*given):
    names = ("period", "payee_id", "cause", "reason", "amount")
    return pl.DataFrame(given, schema=names, orient="row")


def test_words_that_say_why():
    assert wording.tokens("Car allowance for Mar 2026, H1025") == {"car", "allowance"}
    assert wording.tokens(None) == wording.tokens("12/2026") == frozenset()
    assert wording.tokens("Prämie für Müller") == {"prämie", "für", "müller"}
    assert wording.tokens("CAR-ALLOWANCE (Avery Hollis) 03.04.26", wording.names(["Avery Hollis"]))
    assert wording.tokens("Avery", wording.names(["Avery O'Hollis"])) == frozenset()


def test_reasons_are_linked_at_the_threshold():
    assert wording.groups(["car allowance", "car"], 0.5) == [0, 0]
    assert wording.groups(["car allowance", "car"], 0.51) == [0, 1]
    chain = ["one two", "two three", "three four"]  # neighbours share one word of three
    assert wording.groups(chain, 1 / 3) == [0, 0, 0]
    assert wording.groups(["", None, "word"], 1) == [0, 0, 1]
    assert wording.groups([], 0.5) == []


@pytest.mark.parametrize(
    ("slip", "same"),
    [("alowance", True), ("allowancee", True), ("alolwance", True), ("allowunce", True),
     ("ALLOWANCE", True), ("allowing", False), ("alwance", False)],
)  # fmt: skip
def test_slips_of_the_pen(slip, same):
    assert (len(set(wording.groups(["allowance", "allowance", slip], 1))) == 1) == same


def test_short_words_stay_apart():
    assert wording.groups(["team", "term"], 1) == [0, 1]  # four letters


def test_groups_are_those_of_every_pair():
    reasons = ["car fee", "fee car late", "late deal", "deal late split", "phone", "", "home phone"]
    sets = [wording.tokens(reason) for reason in reasons]
    known = list(range(len(sets)))
    for a, b in combinations(range(len(sets)), 2):
        if wording.similarity(sets[a], sets[b]) >= 0.5:
            known = [known[a] if k == known[b] else k for k in known]
    made = wording.groups(reasons, 0.5)
    same = [[x == y for y in known] for x in known]
    assert [[x == y for y in made] for x in made] == same


def test_cause_then_words_and_sign():
    table = rows(
        ("2026-01", "A", "late", "car fee", 5),
        ("2026-02", "A", "Late ", "car fee", 5),
        ("2026-01", "A", "owner", "car fee", 7),
        ("2026-01", "A", "late", "car fee", -100),
        ("2026-01", "A", None, None, 0),
    )
    made = clusters.clustered(table, 0.5)
    assert made["cluster"].to_list() == [2, 2, 3, 1, 4]
    told = clusters.summary(made)
    assert told["money"].to_list() == [100, 10, 7, 0] and told["net"][0] == -100
    assert clusters.causes(made, 0.5)["cluster"].to_list() == [1, 1, 1, 1, 2]  # words alone
    assert clusters.clustered(table.head(0), 0.5).is_empty()


def test_other_peoples_columns():
    assert clusters.clustered(pl.DataFrame({"period": ["1"], "amount": [-2.5]}), 0.5)["cluster"][0]


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ({"period": ["1"]}, "no column 'amount'"),
        ({"period": ["1"], "amount": ["x"]}, "are words"),
        ({"period": ["1", "2"], "amount": [1.0, None]}, "1 of 2"),
        ({"period": ["1"], "amount": [float("nan")]}, "none that is finite"),
        ({"period": ["1", None], "amount": [1, 2]}, "1 of 2 exceptions name no period"),
    ],
)
def test_odd_exceptions_are_refused(table, wrong):
    with pytest.raises(ParameterError, match=wrong):
        clusters.clustered(pl.DataFrame(table), 0.5)


@pytest.mark.parametrize("similar", [0, -1, 1.01])
def test_odd_similarities_are_refused(similar):
    with pytest.raises(ParameterError, match="out of range"):
        clusters.clustered(rows(), similar)


def test_shares_by_hand():
    system = pl.DataFrame({"period": ["1", "1", "1", "2"], "amount": [50, -30, 20, 0]})
    manual = pl.DataFrame({"period": ["1", "3"], "amount": [-100, 10]})
    one, two, three = automation.shares(system, manual).to_dicts()
    assert (one["lines_share"], one["money_share"]) == (0.75, 0.5)
    assert (two["lines_share"], two["money_share"]) == (1, None)
    assert (three["lines_share"], three["money_share"]) == (0, 0)
    assert automation.share(0, 0) is None
    with pytest.raises(ParameterError, match="below 0"):
        automation.share(1, -1)


def test_ten_that_reach_a_goal():
    made = automation.cover(60, {"b": 10, "a": 10, "c": 20}, 0.8, 10)
    assert (made.share, made.needs, made.enough) == (0.6, 1, True)  # 80 of 100: reached at it
    assert [t.name for t in made.taken] == ["c"]
    made = automation.cover(60, {"b": 10, "a": 10, "c": 20}, 0.9, 1)
    assert (made.needs, made.enough, made.reached) == (2, False, 0.8) and "2 reach" in made.says
    made = automation.cover(60, {"b": 10, "a": 10}, 0.9, 10, other=20)
    assert made.needs is None and made.all == 0.8 and "no cluster holds" in made.says
    assert [t.name for t in made.taken] == ["a", "b"]  # ties by name
    assert automation.cover(90, {"a": 10}, 0.8, 10).taken == ()
    assert automation.cover(0, {}, 0.8, 10).share is None


def test_no_set_of_as_many_is_better():
    sizes = {"a": 3.5, "b": 9, "c": 0, "d": 7, "e": 7, "f": 1}
    for most in range(1, 6):
        best = max(sum(s) for s in combinations(sizes.values(), most))
        made = automation.cover(10, sizes, 1, most, other=5)
        assert made.reached == pytest.approx((10 + best) / 42.5)


def test_a_curve_starts_where_it_is_and_ends_with_all():
    made = automation.curve(60, {"b": 10, "c": 20}, other=10)
    assert [(t.name, t.share) for t in made] == [("", 0.6), ("c", 0.8), ("b", 0.9)]
    assert [t.share for t in automation.curve(1, {})] == [1] and automation.curve(0, {}) == []


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ((1, {"a": -1}, 0.8, 10), "absolute"),
        ((-1, {}, 0.8, 10), "absolute"),
        ((1, {"a": float("nan")}, 0.8, 10), "absolute"),
        ((1, {"a": float("inf")}, 0.8, 10), "absolute"),
        ((1, {}, 80, 10), "means nothing"),
        ((1, {}, 0.8, 0), "means nothing"),
    ],
)
def test_odd_sizes_are_refused(given, wrong):
    with pytest.raises(ParameterError, match=wrong):
        automation.cover(*given)


HEAD = "what,pillar,team,often,rows,money,hours,owner,since\n"


def test_registers(tmp_path):
    ours = written.register(PARAMETERS / "readiness.yaml")
    assert len(ours) == 3 and ours[0].money == 4000 and ours[1].money is None
    path = tmp_path / "r.csv"
    path.write_text(
        "\ufeff" + HEAD.replace(",", ";").upper() + "A;i;t;monthly;1;2.5;3;o;2026-01-01\n"
    )
    assert written.register(path)[0].money == 2.5
    path.write_text(HEAD)
    assert written.register(path) == ()


def test_shares_of_the_register(tmp_path):
    path = tmp_path / "r.csv"
    line = "i,t,monthly,{},{},1,o,2026-01-01\n"
    path.write_text(
        HEAD
        + "A,"
        + line.format(2, 40)
        + "B,"
        + line.format("unknown", 10)
        + "C,"
        + line.format(8, 0)
    )
    entries = written.register(path)
    made = outside.registered(entries, 100, 500, months=10).to_dicts()
    assert [row["what"] for row in made] == ["A", "B", "C"]
    assert made[0]["lines_share"] == 20 / 200 and made[0]["money_share"] == 400 / 1000
    assert made[1]["lines_share"] is None and made[2]["money_share"] == 0
    assert outside.totals(entries) == {
        "entries": 3, "rows": 10, "rows_unknown": 1, "money": 50, "money_unknown": 0,
        "hours": 3, "hours_unknown": 0,
    }  # fmt: skip
    assert outside.registered((), 0, 0).is_empty()
    assert outside.registered(entries[1:2], 0, 0)["lines_share"].to_list() == [None]


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("A,i,t,monthly,1,-2,3,o,2026-01-01", "below 0"),
        ("A,i,t,monthly,1,x,3,o,2026-01-01", "is not a number"),
        ("A,i,t,monthly,1,2,3,o,01/02/2026", "not a day"),
        ("A,i,t,monthly,1,2,3,o", "not as many cells"),
        ("A,i,t,monthly,1,2,3,o,2026-01-01\nA,i,t,monthly,1,2,3,o,2026-01-01", "stands here twice"),
        (",i,t,monthly,1,2,3,o,2026-01-01", "a word is missing"),
    ],
)
def test_odd_registers_are_refused(tmp_path, row, wrong):
    path = tmp_path / "r.csv"
    path.write_text(HEAD + row + "\n")
    with pytest.raises(ParameterError, match=wrong):
        written.register(path)


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("80%  ", "80  ", "80"),
        ("months: 3 ", "months: 0 ", "below 1"),
        ("steady", "steadily", "steadily"),
        ("look_back: 12", "look_back: 1.5", "whole number"),
        ("[adjustment]", "[guess]", "'guess' means nothing"),
        ("[owner, day", "[ownr, day", "write .*owner"),
        ("[owner, day, withdrawn, changed]", "[]", None),
    ],
)
def test_odd_policies_are_refused(tmp_path, old, new, wrong):
    text = (PARAMETERS / "policies/readiness.yaml").read_text()
    path = tmp_path / "p.yaml"
    assert old in text
    path.write_text(text.replace(old, new))
    if wrong is None:
        assert written.read(path).corrections == ()
    else:
        with pytest.raises(ParameterError, match=wrong):
            written.read(path)
