"""Pages and PDFs: one person's, for whoever reads or hears them, and nothing in them runs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from html import unescape
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
import yaml
from pypdf import PdfReader

from spmlib.core.errors import ParameterError
from spmlib.core.statements import Statement
from spmlib.show import documents
from spmlib.show import statements as drawn
from spmlib.show.documents import Reader, Texts, texts
from spmlib.show.statements import Contact
from spmlib.show.statements.rendered import FOLDER
from spmlib.workbench.opened import Workbench

ASKED = Contact("pay@example.org", 45)
HOSTILE = '<script>alert(1)</script> #import "x" $a$ *b* \\ [c](javascript:d) `e` = f {{ g }}'


@pytest.fixture(scope="module")
def one(told: list[Statement]) -> Statement:
    """A seller with several components and some lines."""
    return next(s for s in told if s.plans and len(s.plans[0].parts) > 2 and s.plans[0].terms)


def words(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_a_page_is_one_file_that_asks_for_nothing_and_runs_nothing(one: Statement):
    page = unescape(drawn.html(one, ASKED).decode())
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<link|<img|@import|url\(|https?:|javascript:| on\w+=", page)
    assert page.count("<h1>") == 1 and '<html lang="en">' in page
    assert re.findall(r"<th(?! scope)[ >]", page) == []
    assert 'role="img" aria-label=' in page


def test_a_pdf_is_tagged_titled_and_says_its_language(one: Statement):
    reader = PdfReader(BytesIO(drawn.pdf(replace(one, locale="id_ID"), ASKED)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/StructTreeRoot"] and root["/Lang"] == "id"
    assert reader.metadata.title == "Slip insentif, Oktober 2026"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata.creation_date.date() == date(2026, 10, 31)


def test_the_same_statement_is_the_same_bytes(one: Statement):
    assert drawn.pdf(one, ASKED) == drawn.pdf(one, ASKED)
    assert drawn.html(one, ASKED) == drawn.html(one, ASKED)


def test_page_and_pdf_say_what_is_due_and_name_every_line(one: Statement):
    page, text = drawn.html(one, ASKED).decode(), words(drawn.pdf(one, ASKED))
    reader = Reader.of(FOLDER, one.locale)
    due = reader.money(one.paid, one.paid_in)
    assert due in page and due.replace("\xa0", " ") in text.replace("\xa0", " ")
    for part in one.plans[0].parts:
        for line in part.lines:
            assert line.line_id in page and line.line_id in text
            assert line.steps[0].place in page


def test_only_that_persons_data_is_in_the_file(told: list[Statement], bench: Workbench):
    people = {p["payee_id"]: p["name"] for p in bench.pandas("payees").to_dict("records")}
    managers = [s for s in told if any(len(part.lines) > 60 for p in s.plans for part in p.parts)]
    for one in (*told[:3], *managers[:3]):
        text = words(drawn.pdf(one, ASKED)) + drawn.html(one, ASKED).decode()
        others = {**people}
        own = others.pop(one.payee_id)
        assert own in text
        assert [who for who in others if who in text] == []
        assert [name for name in others.values() if name != own and name in text] == []


def test_markup_in_names_is_words(one: Statement):
    line = replace(one.plans[0].parts[0].lines[0], account=HOSTILE)
    part = replace(one.plans[0].parts[0], clause=HOSTILE, lines=(line,))
    pay = replace(one.plans[0], title=HOSTILE, parts=(part,))
    bad = replace(one, name=HOSTILE, plans=(pay,))
    page = drawn.html(bad, ASKED).decode()
    assert "<script" not in page and "&lt;script&gt;" in page and "{{ g }}" in page
    text = " ".join(words(drawn.pdf(bad, ASKED)).split())
    assert 'alert(1)</script> #import "x" $a$ *b* \\ [c](javascript:d) `e` = f {{ g }}' in text


@pytest.mark.parametrize("name", ["a\0b", "\u202eeman", "\N{GRINNING FACE}", "\u5c71\u7530"])
def test_letters_that_are_rare_or_have_no_shape_stop_nothing(one: Statement, name: str):
    assert drawn.pdf(replace(one, name=name), ASKED).startswith(b"%PDF")


def test_many_lines_are_summed_by_customer_in_the_pdf_only(told: list[Statement]):
    one = max(told, key=lambda s: max((len(q.lines) for p in s.plans for q in p.parts), default=0))
    part = max((q for p in one.plans for q in p.parts), key=lambda q: len(q.lines))
    page, text = drawn.html(one, ASKED).decode(), words(drawn.pdf(one, ASKED))
    assert all(line.line_id in page for line in part.lines)
    assert part.lines[0].line_id not in text
    assert part.lines[0].account in text


def test_a_missing_rate_is_said(one: Statement):
    pay = replace(one.plans[0], paid=None, rate=None)
    page = drawn.html(replace(one, paid=None, plans=(pay,)), ASKED).decode()
    assert "not yet known: a currency rate is missing" in page


def test_english_with_the_countrys_figures_where_there_is_no_translation(one: Statement):
    page = drawn.html(replace(one, locale="de_DE"), ASKED).decode()
    assert '<html lang="en">' in page and "Pay statement, October 2026" in page
    assert Reader.of(FOLDER, "de_DE").amount(D("1234.5"), "EUR") == "1.234,50"


@pytest.mark.parametrize("folder", [FOLDER], ids=lambda path: path.name)
def test_catalogues_have_the_same_texts_with_the_same_words(folder: Path):
    every = {
        name: yaml.safe_load((folder / "texts" / f"{name}.yaml").read_text("utf-8"))
        for name in texts.languages(folder)
    }
    assert {"en", "id"} <= set(every)
    for said in every.values():
        assert list(said) == list(every["en"])
        for key, text in said.items():
            assert _asked(text) == _asked(every["en"][key]), key


def _asked(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("locale", ["xx_YY", "en-US-", ""])
def test_a_locale_that_is_none_is_refused(locale: str):
    with pytest.raises(ParameterError, match="is none that is known; write a language"):
        Reader.of(FOLDER, locale)


def test_a_text_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        Texts("en", {}).say("nothing")


def test_numbers_in_words_are_the_readers():
    reader = Reader("id_ID", Texts("id", {}))
    assert reader.numbers_in("- 1,234.50 x 8.5 %") == "- 1.234,50 × 8,5\xa0%"
    assert documents.Reader("en_US", Texts("en", {})).share(D("-0.125")) == "−12.5\xa0%"
