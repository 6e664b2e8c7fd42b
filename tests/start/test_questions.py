"""Which notebook answers what: read from the notebooks, linked for JupyterLab and for the site."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from spmlib.core.errors import ParameterError
from spmlib.show import start_tables
from spmlib.workbench import notebooks, site
from spmlib.workbench.start import questions

OWN = Path(__file__).parents[2] / "notebooks"


def write(folder: Path, name: str, question: str, parameters: str = "") -> None:
    cells = [new_markdown_cell(question)]
    if parameters:
        cells.append(new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")


def rows(folder: Path) -> list[tuple[str, ...]]:
    return list(questions.questions(folder).itertuples(index=False, name=None))


def test_every_notebook_is_there_with_the_question_it_opens_with():
    """Against the other way in which notebooks are read, with their schema."""
    files = [path for path in sorted(OWN.glob("[!_]*.ipynb")) if path.stem[0] != "0"]
    found = questions.questions(OWN)
    assert found["notebook"].tolist() == [path.stem for path in files]
    read = [notebooks.read(path) for path in files]
    assert found["question"].tolist() == [notebooks.question(one) for one in read]
    taken = [set(notebooks.defaults(one)) - set(questions.COMMON) for one in read]
    assert [set(filter(None, words.split(", "))) for words in found["takes"]] == [
        {name.replace("_", " ") for name in names} for names in taken
    ]


def test_each_area_is_told_once_and_in_order():
    areas = questions.questions(OWN)["area"].drop_duplicates().tolist()
    assert areas == list(questions.AREAS.values())[1:]


def test_what_is_added_is_there_and_what_is_hidden_is_not(tmp_path):
    write(tmp_path, "00_start_here", "# Where to?")
    write(tmp_path, "_template", "# What?")
    write(tmp_path, "21_pay", "# Who earned what?\n\nAnd why.", 'period = "2026-10"\npayee = ""')
    write(tmp_path, "my notes", "")
    assert rows(tmp_path) == [
        (questions.AREAS["2"], "Who earned what?", "21_pay", "payee"),
        (questions.MORE, "my notes", "my notes", ""),
    ]
    write(tmp_path, "21_pay", "# Who earned more?", 'change_day = ""')
    assert rows(tmp_path)[0][1:] == ("Who earned more?", "21_pay", "change day")


def test_more_comes_last_whatever_its_names(tmp_path):
    for name in ("A", "10_a", "99_z", "50_b"):
        write(tmp_path, name, f"# {name}?")
    assert [row[2] for row in rows(tmp_path)] == ["10_a", "50_b", "99_z", "A"]


def test_a_cell_that_is_being_written_takes_nothing(tmp_path):
    write(tmp_path, "21_pay", "# Who?", 'payee = "H1')
    assert rows(tmp_path)[0][3] == ""


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"cells": 3}', "{"])
def test_a_file_that_is_no_notebook_is_refused(tmp_path, text):
    (tmp_path / "21_pay.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=r"21_pay\.ipynb: it is no notebook; remove it"):
        questions.questions(tmp_path)


def test_a_notebook_without_cells_goes_by_its_name(tmp_path):
    (tmp_path / "21_pay.ipynb").write_text(json.dumps({"cells": []}), encoding="utf-8")
    assert rows(tmp_path)[0][1] == "21_pay"


def shown(folder: Path, beside: frozenset[str]) -> str:
    return site._prose(start_tables.questions(questions.questions(folder)).data, beside)


def test_links_lead_to_pages_on_the_site_and_nowhere_without_one(tmp_path):
    write(tmp_path, "21_pay", "# Who earned what?")
    write(tmp_path, "22_paid", "# What is paid?")
    write(tmp_path, "my notes", "# Mine?")
    page = shown(tmp_path, frozenset({"21_pay", "my notes"}))
    assert '<a href="21_pay.html">21_pay</a>' in page
    assert '<a href="my%20notes.html">my notes</a>' in page
    assert "<td>22_paid</td>" in page
    assert ".ipynb" not in page


def test_a_link_keeps_its_place_in_the_page_and_others_stay_as_they_are():
    text = "[a](21_pay.ipynb#A-receipt) [b](https://example.org/x.ipynb) [c](#A-receipt)"
    page = site._prose(text, frozenset({"21_pay"}))
    assert 'href="21_pay.html#A-receipt"' in page
    assert 'href="https://example.org/x.ipynb"' in page
    assert 'href="#A-receipt"' in page


def test_words_never_become_markup(tmp_path):
    write(tmp_path, "21_pay", "# <img src=x onerror=alert(1)> | [a](b) *c* `d` &amp; ~~e~~?")
    page = shown(tmp_path, frozenset())
    assert "<img" not in page
    assert "<td>&lt;img src=x onerror=alert(1)&gt; | [a](b) *c* `d` &amp;amp; ~~e~~?</td>" in page


def test_a_folder_without_notebooks_says_so(tmp_path):
    text = start_tables.questions(questions.questions(tmp_path)).data
    assert text == "There are no notebooks beside this one."
