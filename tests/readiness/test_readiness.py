"""Readiness: clusters of exceptions, rules in disguise, shares and what reaches a goal."""

from datetime import date
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from data.sample_company.by_hand import planted
from spmlib.core.errors import ParameterError
from spmlib.revops.readiness import automation, clusters, disguised, written

PARAMETERS = Path(__file__).parents[2] / "parameters"
POLICY = written.read(PARAMETERS / "policies/readiness.yaml")


def rows(*given):
    names = ("period", "payee_id", "cause", "reason", "amount")
    return pl.DataFrame(given, schema=names, orient="row")


def test_words_that_say_why():
    assert clusters.tokens("Car allowance for Mar 2026, H1025") == {"car", "allowance"}
    assert clusters.tokens(None) == clusters.tokens("12/2026") == frozenset()
    assert clusters.tokens("Prämie für Müller") == {"prämie", "für", "müller"}


def test_reasons_are_linked_at_the_threshold():
    assert clusters.groups(["car allowance", "car"], 0.5) == [0, 0]
    assert clusters.groups(["car allowance", "car"], 0.51) == [0, 1]
    chain = ["one two", "two three", "three four"]  # neighbours share one word of three
    assert clusters.groups(chain, 1 / 3) == [0, 0, 0]
    assert clusters.groups(["", None, "word"], 1) == [0, 0, 1]
    assert clusters.groups([], 0.5) == []


def test_groups_are_those_of_every_pair():
    reasons = ["car fee", "fee car late", "late deal", "deal late split", "phone", "", "home phone"]
    sets = [clusters.tokens(reason) for reason in reasons]
    known = list(range(len(sets)))
    for a, b in combinations(range(len(sets)), 2):
        if clusters.similarity(sets[a], sets[b]) >= 0.5:
            known = [known[a] if k == known[b] else k for k in known]
    made = clusters.groups(reasons, 0.5)
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
    assert clusters.clustered(table.head(0), 0.5).is_empty()


def test_order_of_rows_does_not_matter():
    made = planted([f"H{n}" for n in range(30)], [date(2026, m, 1) for m in range(1, 7)]).rows
    one = clusters.clustered(made, 0.5).sort("adjustment_id")["cluster"]
    other = clusters.clustered(made.reverse(), 0.5).sort("adjustment_id")["cluster"]
    assert one.to_list() == other.to_list()


def test_other_peoples_columns():
    assert clusters.clustered(pl.DataFrame({"period": ["1"], "amount": [-2.5]}), 0.5)["cluster"][0]
    with pytest.raises(ParameterError, match="no column 'amount'"):
        clusters.clustered(pl.DataFrame({"period": ["1"]}), 0.5)
    with pytest.raises(ParameterError, match="out of range"):
        clusters.groups(["a"], 0)


def steady(amounts, months=None, who="A", base=None):
    months = months or [f"2026-{n:02}" for n in range(1, len(amounts) + 1)]
    made = rows(*[(m, who, "late", "fee", a) for m, a in zip(months, amounts, strict=True)])
    return made if base is None else made.with_columns(base=pl.Series(base))


def found(table):
    return disguised.disguised(clusters.clustered(table, 0.5), POLICY)


def test_rules_in_disguise():
    assert found(steady([100, 100, 100]))["kind"].to_list() == ["amount"]
    assert found(steady([100, 100])).is_empty()  # two months
    assert found(steady([100] * 3, ["2026-01"] * 3)).is_empty()  # one month
    assert found(steady([100, 105, 95]))["kept"].to_list() == [1]  # at the tolerance
    assert found(steady([100, 106, 94])).is_empty()
    assert found(steady([-100, -100, -100]))["middle"].to_list() == [-100]
    assert found(steady([100] * 4 + [900])).height == 1  # 80 % keep to it
    assert found(steady([100] * 3 + [900])).is_empty()  # 75 %
    rated = found(steady([10, 20, 40], base=[100, 200, 400]))
    assert (rated["kind"][0], rated["middle"][0]) == ("rate", 0.1)
    each = pl.concat([steady([100] * 3), steady([200] * 3, who="B"), steady([300] * 3, who="C")])
    assert found(each)["kind"].to_list() == ["amount each"]


def test_planted_rules_are_found_and_nothing_else():
    made = planted([f"H{n}" for n in range(30)], [date(2026, m, 1) for m in range(1, 11)])
    labelled = clusters.clustered(made.rows, POLICY.similar)
    told = disguised.disguised(labelled, POLICY)
    rules = labelled.filter(pl.col("cluster").is_in(told["cluster"].implode()))["rule"].unique()
    assert sorted(rules) == list(range(made.rules)) and told.height == made.rules
    assert "rate" in told["kind"].to_list()


def test_a_clause_is_yaml(tmp_path):
    for kind, middle in (("amount", 400.0), ("rate", 0.03), ("amount each", None)):
        path = tmp_path / "clause.yaml"
        path.write_text(disguised.clause("Car allowance", "bookings", kind, middle, "2026-11-01"))
        from spmlib.core.parameters import read

        assert read(path)["car_allowance"]["table"]["2026-11-01"]


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


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ((1, {"a": -1}, 0.8, 10), "absolute"),
        ((-1, {}, 0.8, 10), "absolute"),
        ((1, {"a": float("nan")}, 0.8, 10), "absolute"),
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
    assert len(ours) == 3 and ours[0].money == 4000
    path = tmp_path / "r.csv"
    path.write_text(
        "\ufeff" + HEAD.replace(",", ";").upper() + "A;i;t;monthly;1;2.5;3;o;2026-01-01\n"
    )
    assert written.register(path)[0].money == 2.5
    path.write_text(HEAD)
    assert written.register(path) == ()


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
    ("old", "new"), [("80%", "80"), ("months: 3 ", "months: 0 "), ("steady", "steadily")]
)
def test_odd_policies_are_refused(tmp_path, old, new):
    text = (PARAMETERS / "policies/readiness.yaml").read_text()
    path = tmp_path / "p.yaml"
    path.write_text(text.replace(old, new))
    with pytest.raises(ParameterError):
        written.read(path)
