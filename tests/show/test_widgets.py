"""Live pictures: moving a control changes what is shown; without a kernel the picture stands."""

from __future__ import annotations

import asyncio
import re
from html import unescape

import nbformat
import pandas as pd
import pytest
from IPython.display import Markdown
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from spmlib.core.errors import ParameterError
from spmlib.show import charts, widgets
from spmlib.workbench import notebooks, site

REASON = "add a rate"


def counted(many: int = 1, part: float = 0.5, kind: str = "rate") -> pd.DataFrame:
    if kind == "nothing":
        raise ParameterError("there is <nothing>; choose another.")
    return pd.DataFrame({"remedy": [REASON], "count": [many * (2 if part > 0.5 else 1)]})


def drawn(table: pd.DataFrame):
    return charts.ranked(table, ["remedy"], "count", "Issues", "issue")


def live(**others):
    controls = {
        "many": widgets.number("How many", 3, 1, 9),
        "part": widgets.share("Part", 0.12, 0, 1),
        "kind": widgets.choice("Kind", "rate", ["rate", "nothing"]),
    }
    return widgets.live(counted, drawn, **controls | others)


def alts(html: str) -> list[str]:
    return [unescape(alt) for alt in re.findall(r'<img [^>]*alt="([^"]*)"', html)]


def test_moving_a_box_a_slider_or_a_list_changes_what_is_shown():
    shown = live()
    assert alts(shown.html) == [shown.alt]
    assert "3 issues" in shown.alt
    first = shown.html
    box, slider = shown.controls["many"].shown.children
    box.value = 5
    assert "5 issues" in shown.alt
    assert slider.value == 5
    slider.value = 7
    assert box.value == 7
    assert "7 issues" in shown.alt
    assert shown.html != first
    shown.controls["part"].box.value = 51
    assert "14 issues" in shown.alt
    assert shown.box.children[-1].value.endswith(shown.html)


def test_functions_get_shares_as_shares_and_whole_numbers_whole():
    told = {}
    controls = {"part": widgets.share("Part", 0.07, 0, 1), "many": widgets.number("Many", 2, 1, 9)}
    widgets.live(lambda **values: told.update(values) or "x", **controls).at(part=0.29)
    assert told == {"part": 0.29, "many": 2}
    assert isinstance(told["many"], int)


def test_each_part_is_drawn_by_a_function_of_its_own():
    controls = {"many": widgets.number("Many", 2, 1, 9)}
    shown = widgets.live(
        lambda many: (many, counted(many)), lambda n: Markdown(f"**{n}**"), drawn, **controls
    )
    assert "<strong>2</strong>" in shown.html
    assert "2 issues" in alts(shown.html)[0]
    assert shown.html.index("<strong>") < shown.html.index("<img")


def test_what_cannot_be_computed_is_said_where_it_would_be_shown():
    shown = live()
    shown.controls["kind"].box.value = "nothing"
    assert "there is &lt;nothing&gt;; choose another." in shown.html
    shown.controls["kind"].box.value = "rate"
    assert "3 issues" in shown.alt


def test_moves_that_come_fast_are_drawn_once(monkeypatch):
    monkeypatch.setattr(widgets, "WAIT", 0.01)
    calls = []

    async def moved():
        shown = widgets.live(
            lambda many: calls.append(many) or many, many=widgets.number("Many", 1, 1, 99)
        )
        for value in range(2, 50):
            shown.controls["many"].box.value = value
        assert calls == [1]
        await asyncio.sleep(0.2)

    asyncio.run(moved())
    assert calls == [1, 49]


def test_every_control_has_a_label_and_a_keyboard_reaches_it():
    for control in live().controls.values():
        assert control.box.description
        assert control.box in control.shown.children
        assert not getattr(control.box, "continuous_update", False)
        assert not any(getattr(c, "continuous_update", False) for c in control.shown.children)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: live().at(many=10), "How many cannot be 10; write 1 to 9."),
        (lambda: live().at(many=0), "How many cannot be 0"),
        (lambda: live().at(part=1.01), "Part cannot be 1.01; write 0 % to 100 %."),
        (lambda: live().at(kind="x"), "Kind cannot be x; write one of rate, nothing."),
        (lambda: live().at(mony=1), "there is no control 'mony'; write 'many'"),
        (lambda: widgets.live(counted, drawn), "nothing can be moved"),
        (lambda: widgets.share("Part", 1.2, 0, 1), "Part starts at 120 %; write 0 % to 100 %."),
        (lambda: widgets.choice("Kind", "x", ["y"]), "Kind cannot start as x"),
    ],
)
def test_what_cannot_be_moved_is_refused(call, message):
    with pytest.raises(ParameterError) as raised:
        call()
    assert message in str(raised.value)


def test_several_are_moved_at_once():
    calls = []
    controls = {"many": widgets.number("Many", 2, 1, 9), "part": widgets.share("Part", 0, 0, 1)}
    shown = widgets.live(lambda many, part: calls.append((many, part)) or many, **controls)
    shown.at(many=3, part=0.5)
    assert calls == [(2, 0), (3, 0.5)]
    with pytest.raises(ParameterError, match="Part cannot be 2"):
        shown.at(part=2)
    shown.controls["many"].box.value = 4
    assert calls[-1] == (4, 0.5)


def test_ends_can_be_reached():
    shown = live().at(many=9, part=1)
    assert "18 issues" in shown.alt
    assert "1 issue)" in shown.at(many=1, part=0).alt


# --- without a kernel ---------------------------------------------------------------------------

CELL = """\
import pandas as pd
from spmlib.show import charts, widgets
widgets.live(
    lambda many: pd.DataFrame({"remedy": ["add a rate"], "count": [many]}),
    lambda table: charts.ranked(table, ["remedy"], "count", "Issues", "issue"),
    many=widgets.number("How many", 3, 1, 9),
)"""


@pytest.fixture(scope="module")
def ran():
    """A notebook with a live picture, run by a kernel as anybody's tools do."""
    cells = [new_markdown_cell("# What is moved?"), new_code_cell(CELL)]
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return NotebookClient(new_notebook(cells=cells, metadata=about)).execute()


def test_a_page_without_a_kernel_shows_the_picture_with_its_words(ran):
    pages = [
        HTMLExporter(exclude_input=True).from_notebook_node(ran)[0],  # with live controls in it
        HTMLExporter(exclude_input=True).from_notebook_node(notebooks.still(ran))[0],
        site.page(notebooks.still(ran), site.Masthead("a", "A", "", {})),
    ]
    for page in pages:
        assert "Most: Add a rate (3 issues)." in " ".join(alts(page))
        assert "How many: 3. Run this notebook to move it." in page
        assert "display:none" not in page.split("<figure", 1)[1].split("</figure>")[0]
    assert notebooks.silent_pictures(ran) == []


def test_what_is_kept_differs_in_nothing_from_one_run_to_the_next(ran):
    kept = notebooks.tidy(ran)
    assert notebooks.LIVE not in nbformat.writes(kept)
    assert "widgets" not in kept.metadata
    assert len(kept.cells[-1].outputs) == 1
    assert kept.cells[-1].outputs[0].data["text/html"] == live_of_the_cell().still()


def live_of_the_cell():
    return widgets.live(
        lambda many: pd.DataFrame({"remedy": [REASON], "count": [many]}),
        drawn,
        many=widgets.number("How many", 3, 1, 9),
    )


def test_what_runs_hides_what_stands_still():
    shown = live_of_the_cell()
    name = re.search(r'<figure class="([^"]+)"', shown.still())[1]
    assert f"<style>.{name}{{display:none}}</style>" in shown.box.children[-1].value
    assert name not in live().still()
