"""Where the new terms pay more is found exactly; what shares of quota pay is worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest

from spmlib.incent.letters import letters
from spmlib.incent.letters.break_evens import clipped, stretches
from spmlib.rules.curves import EVERYTHING_BELOW, Bracket, brackets, earned
from spmlib.show import letters as drawn
from tests import small
from tests.letters.test_letters import SINCE, UNTIL, D, company, said


def curve(folder: Path, table: str, **words: Any) -> tuple[Bracket, ...]:
    folder.mkdir(exist_ok=True)
    plan = small.plan(thresholds="quota", table=f"{{2026-01-01: {table}}}", **words)
    (component,) = said(folder, plan).plans["seller"].components.values()
    (rows,) = component.tables.values()
    return brackets(component, rows)


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        # none: 6 % lies above 5 % everywhere
        ("{from: 0%, rate: 5%}", "{from: 0%, rate: 6%}", [(0, None, 1)]),
        # nowhere another
        ("{from: 0%, rate: 5%}", "{from: 0%, rate: 5%}", [(0, None, 0)]),
        # the same up to 80 %, then more
        (
            "{from: 0%, rate: 5%}",
            "{from: 0%, rate: 5%}, {from: 80%, rate: 7%}",
            [(0, F(4, 5), 0), (F(4, 5), None, 1)],
        ),
        # 8 u against 5 u up to 1, then 5 + 10 (u - 1): met where 8 u = 10 u - 5, u = 2.5
        (
            "{from: 0%, rate: 8%}",
            "{from: 0%, rate: 5%}, {from: 100%, rate: 10%}",
            [(0, F(5, 2), -1), (F(5, 2), None, 1)],
        ),
        # twice: 6 u against 8 u to 0.5, 4 + 3 (u - 0.5) to 1.5, then 7 + 9 (u - 1.5):
        # 6 u = 2.5 + 3 u at 5/6; 6 u = 9 u - 6.5 at 13/6
        (
            "{from: 0%, rate: 6%}",
            "{from: 0%, rate: 8%}, {from: 50%, rate: 3%}, {from: 150%, rate: 9%}",
            [(0, F(5, 6), 1), (F(5, 6), F(13, 6), -1), (F(13, 6), None, 1)],
        ),
    ],
)
def test_stretches_are_exact(tmp_path: Path, was: str, now: str, told: list[tuple[Any, ...]]):
    both = curve(tmp_path / "was", f"[{was}]"), curve(tmp_path / "now", f"[{now}]")
    assert [(s.start, s.end, s.more) for s in stretches(*both)] == told
    turned = [(s.start, s.end, -s.more) for s in stretches(*both[::-1])]
    assert turned == told


def test_a_jump_divides_where_it_stands(tmp_path: Path):
    # 5 u against 4 u below 1 and, all of it, 6 u from there on
    words = {"crossing": "whole", "boundary": "upper"}
    was = curve(tmp_path / "was", "[{from: 0%, rate: 5%}]")
    now = curve(tmp_path / "now", "[{from: 0%, rate: 4%}, {from: 100%, rate: 6%}]", **words)
    assert [(s.start, s.end, s.more) for s in stretches(was, now)] == [(0, 1, -1), (1, None, 1)]


def test_gliding_rates_meet_where_their_areas_do(tmp_path: Path):
    # the rate glides from 0 to 10 % at 100 %: area 5 u^2 up to 1, then 5 + 10 (u - 1);
    # 4 u = 5 u^2 at 4/5, where the area overtakes
    was = curve(tmp_path / "was", "[{from: 0%, rate: 4%}]")
    glide = "[{from: 0%, rate: 0%}, {from: 100%, rate: 10%}]"
    now = curve(tmp_path / "now", glide, within="interpolate")
    assert [(s.start, s.end, s.more) for s in stretches(was, now)] == [
        (0, F(4, 5), -1),
        (F(4, 5), None, 1),
    ]


def test_a_root_that_is_no_fraction_is_as_good_as_exact():
    def flat(constant: int, bend: int) -> list[Bracket]:
        return [Bracket(EVERYTHING_BELOW, F(constant), F(0), F(bend), "", F(0))]

    (low, high) = stretches(flat(2, 0), flat(0, 1))
    assert (low.more, high.more) == (-1, 1)
    assert abs(high.start**2 - 2) < F(1, 10**29)


def test_where_curves_touch_nothing_is_divided():
    # (u - 1)^2 against 0
    zero = [Bracket(EVERYTHING_BELOW, F(0), F(0), F(0), "", F(0))]
    above = [Bracket(EVERYTHING_BELOW, F(1), F(-2), F(1), "", F(0))]
    assert [(s.start, s.end, s.more) for s in stretches(zero, above)] == [(0, None, 1)]


@pytest.mark.parametrize("u", [F(-1), F(0), F(79, 100), F(4, 5), F(81, 100), F(1), F(3)])
def test_a_cap_and_a_floor_cut_as_they_say(tmp_path: Path, u: F):
    rows = curve(tmp_path, "[{from: 0%, rate: 5%}, {from: 100%, rate: 8%}]")
    plain = earned(rows, u)
    assert earned(clipped(rows, F(4, 100), True, "x"), u) == min(plain, F(4, 100))
    assert earned(clipped(rows, F(4, 100), False, "x"), u) == max(plain, F(4, 100))


OLD = "[{from: 0%, rate: 8%}]"
NEW = "[{from: 0%, rate: 5%}, {from: 100%, rate: 14%}]"
CAP = "[{cap: {2026-01-01: 100.00}}]"


def letter(folder: Path, old: dict[str, str], new: dict[str, str]) -> Any:
    versions = []
    for name, words in (("old", old), ("new", new)):
        (folder / name).mkdir()
        versions.append(said(folder / name, small.plan(thresholds="quota", **words)))
    (one,) = letters(company(), versions[1], SINCE, UNTIL, before=versions[0])
    return one


def test_shares_of_quota_by_hand(tmp_path: Path):
    # of 1,000: 8 % is 64, 80, 96; 5 % and 14 % beyond it is 40, 50, 50 + 28
    # they meet where 80 u = 50 + 140 (u - 1): u = 3/2; 1,800 sold by June: 144 against 162
    one = letter(tmp_path, {"table": f"{{2026-01-01: {OLD}}}"}, {"table": f"{{2026-01-01: {NEW}}}"})
    (point,) = one.deals.standpoints
    assert (point.component, point.quota) == ("bookings", D(1000))
    assert point.pays == (
        (F(4, 5), D(64), D(40)),
        (F(1), D(80), D(50)),
        (F(6, 5), D(96), D(78)),
    )
    assert point.stood == (F(9, 5), D(144), D(162))
    assert (one.deals.was, one.deals.now) == (D(144), D(162))  # the engine's, of the same deals
    assert [(s.end, s.more) for s in point.stretches] == [(F(3, 2), -1), (None, 1)]
    page = drawn.html(one, "x").decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "The new terms pay less up to 150% of quota; more above 150%." in page.replace(" %", "%")


def test_a_cap_that_goes_pays_more_above_it_only(tmp_path: Path):
    # 8 % of 1,000 reaches 100 at 125 % of quota
    table = f"{{2026-01-01: {OLD}}}"
    one = letter(tmp_path, {"table": table, "modifiers": CAP}, {"table": table})
    (point,) = one.deals.standpoints
    assert [(s.start, s.end, s.more) for s in point.stretches] == [
        (0, F(5, 4), 0),
        (F(5, 4), None, 1),
    ]
    assert point.pays[2] == (F(6, 5), D(96), D(96))
    assert (one.deals.was, one.deals.now) == (D(100), D(144))


def test_what_cannot_be_compared_is_left_out(tmp_path: Path):
    table = f"{{2026-01-01: {OLD}}}"
    other = {"table": f"{{2026-01-01: {NEW}}}", "accumulate": "quarter"}
    assert letter(tmp_path, {"table": table}, other).deals.standpoints == ()


@pytest.mark.parametrize("locale", ["en_US", "id_ID"])
def test_pages_and_pdfs_have_the_picture(tmp_path: Path, locale: str):
    one = letter(tmp_path, {"table": f"{{2026-01-01: {OLD}}}"}, {"table": f"{{2026-01-01: {NEW}}}"})
    own = replace(one, locale=locale)
    page = drawn.html(own, "x").decode()
    assert page.count("data:image/svg+xml;base64,") == 1 and 'alt="Bookings, ' in page
    assert drawn.pdf(own, "x") == drawn.pdf(own, "x")
