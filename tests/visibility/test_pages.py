"""Pages of the sample company: nobody else in them, nothing that runs, and what receipts say."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html import unescape
from string import Formatter

import polars as pl
import pytest
import yaml

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.field_pages import FieldPage
from spmlib.core.tables import MONEY
from spmlib.motivate.visibility import drilled
from spmlib.show import field as drawn
from spmlib.show.field.rendered import FOLDER
from spmlib.workbench.field import pages as field_pages
from spmlib.workbench.field import transparency, visibility
from spmlib.workbench.field.visibility import Field
from tests.shared import sample_workbench

PERIOD = "2026-10"
EXECUTIVE, MANAGER, SELLER = "H1001", "H1025", "H1061"
CENTS = Decimal("0.02")
HOSTILE = '<script>alert(1)</script><img src=x onerror="y">'
IDS = re.compile(r"\bH1\d{3}\b")


@pytest.fixture(scope="module")
def month() -> Field:
    return visibility.field(sample_workbench(), PERIOD)


@pytest.fixture(scope="module")
def pages(month: Field) -> dict[str, FieldPage]:
    return {page.viewer_id: page for page in field_pages.pages(month)}


@pytest.fixture(scope="module")
def made(pages: dict[str, FieldPage]) -> dict[str, str]:
    return {who: unescape(drawn.html(page).decode()) for who, page in pages.items()}


def test_a_page_names_only_those_whom_its_viewer_sees(month, made):
    for who, text in made.items():
        assert set(IDS.findall(text)) <= month.sight(who).anybody, who


def test_a_page_holds_no_name_of_anybody_else(month, made):
    names = month.bench.names
    twice = {name for name in names.values() if list(names.values()).count(name) > 1}
    for who, text in made.items():
        seen = month.sight(who).anybody
        for other, name in names.items():
            if other not in seen and name not in twice:
                assert name not in text, (who, other)


def test_a_page_holds_no_pay_that_its_viewer_may_not_see(month, pages, made):
    amounts = {
        who: f"{ticks / MONEY:,.2f}" for who, ticks in month.earned.items() if abs(ticks) > 10**6
    }
    assert len(amounts) > 80
    for who in (MANAGER, SELLER, "H1028"):
        hidden = set(amounts) - month.sight(who).people["pay"]
        alike = {amounts[one] for one in hidden if amounts[one] in {amounts.get(who)}}
        assert not [
            one for one in hidden if amounts[one] in made[who] and amounts[one] not in alike
        ]
    assert all(one.earned is None for one in pages[MANAGER].team)
    assert amounts[SELLER] in made[EXECUTIVE]


def test_each_month_of_lines_adds_up_from_line_to_company(month):
    rows = month.drilled
    inside = rows.group_by("parent").agg(total=pl.col("amount").sum())
    both = rows.join(inside, left_on="key", right_on="parent")
    assert (both["amount"] == both["total"]).all() and len(both) > 300
    assert rows["key"].is_unique().all()


def test_a_seller_in_dollars_earned_and_is_due_what_the_receipts_say(month, pages):
    own = month.drilled.filter(pl.col("level") == "person", pl.col("payee_id") == SELLER)
    (pay,) = pages[SELLER].pays
    assert own["amount"].sum() == int(pay.earned * MONEY)
    assert pay.due == sum(one.total for one in month.bench.receipts(SELLER, PERIOD))


def test_other_currencies_are_told_in_dollars_at_the_months_average_rate(month):
    rates = engine.collected(month.bench.company.currency_rates)
    (rate,) = rates.filter(
        pl.col("currency") == "EUR",
        pl.col("to_currency") == "USD",
        pl.col("kind") == "average",
        pl.col("start_date") == month.month["start_date"],
    )["rate"]
    rows = pl.DataFrame(
        {"currency": ["EUR", "EUR", "USD"], "amount": [1_000_000, -1_000_000, 1_234_567]}
    )
    turned = month.converted(rows)["amount"].to_list()
    exact = round(100 * rate / 10**10, 2) * MONEY
    assert turned == [pytest.approx(exact), pytest.approx(-exact), 1_234_567]
    with pytest.raises(ParameterError, match="there is no average rate from CHF to USD"):
        month.converted(pl.DataFrame({"currency": ["CHF"], "amount": [1]}))


def test_the_next_threshold_is_worth_what_the_curve_pays(pages):
    first = pages[SELLER].standings[0]
    steps, ahead = first.steps, first.ahead
    assert ahead.needed == pytest.approx(first.quota * ahead.start - first.credited, abs=CENTS)
    assert ahead.worth == pytest.approx(ahead.needed * steps.rate, abs=CENTS)
    assert (steps.step, steps.step_earns) == (1000, 1000 * steps.rate)
    assert steps.deal_earns == pytest.approx(steps.deal * steps.rate, abs=CENTS)  # within the tier
    here = [point for point in first.curve if point[2]]
    assert here[0][0] == pytest.approx(float(first.attainment))


def test_every_viewer_has_the_kind_of_page_that_the_hierarchy_makes(month, pages):
    assert len(pages) == month.places["held"].sum()
    assert [pages[who].kind for who in (EXECUTIVE, MANAGER, SELLER)] == [
        "executive",
        "manager",
        "seller",
    ]
    assert pages[SELLER].team == () and pages[SELLER].regions == ()
    assert {one.level for one in pages[MANAGER].team} == {1}


def test_checks_hold_and_see_what_is_wrong(month, pages):
    assert transparency.checked(month, list(pages.values()))["holds"].all()
    stolen = replace(pages[SELLER], team=pages[MANAGER].team)
    over = transparency.checked(month, [stolen])
    assert not over["holds"][2] and not over["holds"][4]
    paid = replace(
        pages[MANAGER], team=tuple(replace(one, earned=1) for one in pages[MANAGER].team)
    )
    assert not transparency.checked(month, [paid])["holds"][3]


def test_names_are_inert_and_nothing_is_asked_from_outside(pages):
    team = tuple(replace(one, name=HOSTILE, role=HOSTILE) for one in pages[MANAGER].team)
    text = drawn.html(replace(pages[MANAGER], name=HOSTILE, role=HOSTILE, team=team)).decode()
    assert (
        "<script" not in text
        and "<img" not in text
        and text.count("&lt;script") == 2 * len(team) + 3  # and the place among the role
    )
    assert "default-src 'none'" in unescape(text) and "http" not in text.replace("http-equiv", "")
    index = drawn.index(PERIOD, [(HOSTILE, HOSTILE, HOSTILE, "a/b.html")]).decode()
    assert "<script" not in index and 'href="a/b.html"' in index


def test_both_languages_say_the_same():
    told = [
        yaml.safe_load((FOLDER / f"texts/{name}.yaml").read_text("utf-8")) for name in ("en", "id")
    ]
    assert list(told[0]) == list(told[1])
    for key in told[0]:
        words = [
            {field for _, field, _, _ in Formatter().parse(text[key]) if field} for text in told
        ]
        assert words[0] == words[1], key


def test_an_indonesian_reads_indonesian(pages):
    text = drawn.html(replace(pages[SELLER], locale="id_ID")).decode()
    assert 'lang="id"' in text and "Posisi kita, Oktober 2026" in text and "1.189.259" in text


def test_odd_pages_are_drawn(pages):
    bare = FieldPage(
        **{**vars(pages[SELLER]), "standings": (), "pays": (), "made_of": None, "disputes": None}
    )
    assert "There is no quota to stand against." in drawn.html(bare).decode()
    minus = replace(
        pages[SELLER].standings[0], credited=-5, attainment=-1, pace=-1, steps=None, curve=()
    )
    assert (
        "width: 0.0%"
        in drawn.html(replace(pages[SELLER], standings=(minus,), on_leave=True)).decode()
    )


def test_who_holds_no_position_has_no_page(month):
    with pytest.raises(ParameterError, match="H9999 holds no position on 2026-10-31; write "):
        list(field_pages.pages(month, "H9999"))


def test_files_are_private_and_the_list_leads_to_them(month, pages, tmp_path):
    path = field_pages.write_index(month.bench, PERIOD, tmp_path)
    assert path.stat().st_mode & 0o077 == 0
    linked = set(re.findall(r'href="(H\d+)/field-2026-10.html"', path.read_text("utf-8")))
    assert linked == set(pages)


def test_what_is_shown_of_the_way_down(month):
    rows = transparency.way_down(month)
    assert tuple(rows["level"]) == drilled.LEVELS
    assert (rows["amount"][:-1].to_numpy() == rows["inside"][:-1].to_numpy()).all()


def test_pages_are_chosen_in_order(pages):
    both = transparency.chosen(list(pages.values()), SELLER, EXECUTIVE)
    assert [one.viewer_id for one in both] == [SELLER, EXECUTIVE]
    with pytest.raises(ParameterError, match="H9999 has no page; name somebody"):
        transparency.chosen(list(pages.values()), "H9999")


def nodes(of):
    """A node of a page and all under it."""
    yield of
    for one in of.inside:
        yield from nodes(one)


def test_what_a_page_adds_up_is_what_its_reader_sees(month, pages):
    for who, page in pages.items():
        if page.made_of is None:
            continue
        for node in nodes(page.made_of):
            if node.inside:
                assert node.amount == sum(one.amount for one in node.inside)
                assert node.count == sum(one.count for one in node.inside)
        seen = sum(month.earned.get(one, 0) for one in month.sight(who).people["pay"])
        assert page.made_of.amount * MONEY == seen
    assert pages[EXECUTIVE].made_of.amount * MONEY == month.lines["amount"].sum()
