"""The policy of benchmarking: the project's own, and each thing that it cannot say."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking import written
from tests.benchmarking.companies import POLICY, file

OWN = Path(__file__).parents[2] / "parameters/policies/benchmarking.yaml"
AGEING = {"convention": "simple", "rates": {"USD": "3%"}}


def test_the_project_s_own_policy_is_read():
    made = written.read(OWN)
    assert made.jobs["account_executive"].levels == {0: "entry", 2: "career", 7: "senior"}
    assert made.jobs["sales_manager"].levels == {0: ""}
    assert made.places[0].among == {"currency": ("JPY",)}
    assert made.expected["cost_of_sales"].high == 0.09
    assert made.people >= 5


def test_a_policy_as_short_as_can_be(tmp_path):
    path = file(tmp_path, without=(("market", "wider"), ("performance", "expected")))
    made = written.read(path)
    assert (made.wider, made.expected) == ({}, {})
    assert made.edges == (0, 0.5, 1, 1.5)


@pytest.mark.parametrize("word", ["market", "cells", "uncertainty", "performance"])
def test_a_block_that_is_missing(tmp_path, word):
    said = yaml.safe_load(POLICY)
    del said[word]
    path = tmp_path / "benchmarking.yaml"
    path.write_text(yaml.safe_dump(said), "utf-8")
    with pytest.raises(ParameterError, match=f"'{word}' is missing"):
        written.read(path)


@pytest.mark.parametrize(
    "word",
    [
        *("measure", "ageing", "weigh", "organisations", "largest_share", "spread"),
        *("least_months", "jobs", "places"),
    ],
)
def test_a_word_of_the_market_that_is_missing(tmp_path, word):
    with pytest.raises(ParameterError, match=f"'{word}' is missing"):
        written.read(file(tmp_path, without=(("market", word),)))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"makret": {}}, "'makret' is not a word of benchmarking; write 'market'"),
        ({"market": {"measure": "bonus"}}, "`measure: bonus` means nothing; write one of: base"),
        ({"market": {"ageing": AGEING | {"convention": "yearly"}}}, "`convention: yearly` means"),
        ({"market": {"ageing": AGEING | {"rates": {"USD": "-100%"}}}}, "cannot fall by -100%"),
        ({"market": {"ageing": AGEING | {"rates": {"USD": 3}}}}, "rate 3 is above 1 and has no %"),
        ({"market": {"weigh": "people"}}, "`weigh: people` means nothing"),
        ({"market": {"organisations": 0}}, "0 cannot be meant; write 1 or more"),
        ({"market": {"largest_share": "120%"}}, "120% is no part of the whole"),
        ({"market": {"spread": "0%"}}, "a range of 0% is none"),
        ({"market": {"jobs": {"seller": {}}}}, "'job' is missing"),
        ({"market": {"jobs": {"seller": "sales"}}}, "the job of a role is not written as"),
        (
            {"market": {"jobs": {"seller": {"job": "a", "level": "b", "levels": {0: "c"}}}}},
            "a role has one level or several",
        ),
        ({"market": {"jobs": {"seller": {"job": "a", "levels": {1: "c"}}}}}, "levels do not rise"),
        (
            {"market": {"jobs": {"seller": {"job": "a", "levels": {0: "c", 5: "d", 2: "e"}}}}},
            "levels do not rise from 0 years",
        ),
        ({"market": {"places": {"US": "USD"}}}, "places are no list"),
        ({"market": {"places": [{"currency": "USD"}]}}, "'place' is missing"),
        ({"market": {"places": [{"place": "US", "name": "A"}]}}, "'name' is not a word of a place"),
        ({"market": {"wider": {"A": "B", "B": "A"}}}, "'A' lies in itself; name a wider place"),
        ({"cells": {"people": 0}}, "0 cannot be meant; write 1 or more"),
        ({"uncertainty": {"sure": "100%"}}, "nothing is sure to 100%; write 50% to 99%"),
        ({"uncertainty": {"runs": 0}}, "0 cannot be meant"),
        ({"uncertainty": {"seed": 1.5}}, "'1.5' is not a whole number"),
        ({"performance": {"edges": ["0%", "0%"]}}, "the edges do not rise"),
        ({"performance": {"edges": "50%"}}, "the edges do not rise"),
        ({"performance": {"top": "0%"}}, "the top 0% are nobody"),
        (
            {"performance": {"expected": {"x": {"from": 2, "to": 2, "source": "a"}}}},
            "the range ends at 2; write more than `from`",
        ),
        ({"performance": {"expected": {"x": {"from": 2, "to": 3}}}}, "'source' is missing"),
    ],
)
def test_what_a_policy_cannot_say(tmp_path, changes, says):
    with pytest.raises(ParameterError, match=r"benchmarking.yaml:\d+: .*" + says):
        written.read(file(tmp_path, changes))
