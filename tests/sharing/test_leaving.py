"""What leaves with a notebook: what its page shows, and nothing behind it."""

from __future__ import annotations

import json
import re

from nbformat.v4 import new_code_cell, new_output

from spmlib.workbench import notebooks, site
from spmlib.workbench.sharing.leaving import leaving, unlinked
from tests.sharing import month

MASTHEAD = site.Masthead("20_crediting", "October 2026", "today", {})
EMPTY = re.compile(r'<div class="shown">\s*</div>\n')  # where a page shows nothing of an output
FRAME = "GT(_tbl_data= payee_id salary\n0 H1 90000)"
TABLE = "<table class='gt_table'><tr><td>a</td></tr></table>"


def rich():
    """A notebook whose outputs hold more than its page shows."""
    stream = new_output("stream", name="stdout", text="printed")
    error = new_output("error", ename="E", evalue="H1 earns 90000", traceback=[])
    made = month.executed(
        "20_crediting",
        month.shown("text/html", TABLE, **{"text/plain": FRAME}),
        month.shown("image/svg+xml", month.SVG, **{"text/plain": FRAME, "image/png": "AAAA"}),
        month.shown("application/json", {"salary": 90000}),
        month.shown("text/plain", "plain words"),
        stream,
        error,
    )
    made.cells[1].outputs = [month.shown("text/plain", FRAME)]
    made.cells.append(new_code_cell("", outputs=[month.shown("text/plain", FRAME)]))
    made.cells[-2].metadata["hidden"] = FRAME
    made.metadata["widgets"] = {"state": FRAME}
    return made


def test_the_same_page_is_made_of_it_and_what_lies_behind_is_gone():
    made = rich()
    before, text = site.page(made, MASTHEAD), json.dumps(made)
    left = leaving(made, {"20_crediting"})
    assert site.page(left, MASTHEAD) == EMPTY.sub("", before)
    assert json.dumps(made) == text  # the one that was given is as it was
    assert FRAME.split()[0] in text
    told = json.dumps(left)
    for secret in ("_tbl_data", "90000", month.PLACE, "image/png", "hidden"):
        assert secret in text
        assert secret not in told
    assert "plain words" in told
    assert site.completed(left) == site.completed(made)
    assert notebooks.lead(left) == notebooks.lead(made)


def test_a_picture_keeps_its_words_for_those_who_can_not_see_it():
    output = month.shown("image/png", "AAAA")
    output.metadata = {"image/png": {"alt": "A curve", "author": "H1"}}
    left = leaving(month.executed("x", output), {"x"})
    assert notebooks.alt(left.cells[-1].outputs[0], "image/png") == "A curve"
    assert "author" not in json.dumps(left)


def test_links_to_pages_that_do_not_come_along_are_words():
    shared = {"22_payouts"}
    for text, left in [
        ("[pay](22_payouts.ipynb)", "[pay](22_payouts.ipynb)"),
        ("[pay](./22_payouts.html#due)", "[pay](./22_payouts.html#due)"),
        ("[who](20_crediting.ipynb)", "who"),
        ('[who](20_crediting.html#a "Title")', "who"),
        ("[table](tables/payroll.csv)", "table"),
        (
            "[above](#checks) [law](https://www.w3.org/)",
            "[above](#checks) [law](https://www.w3.org/)",
        ),
        ("<a class='x' href='20_crediting.html'>who</a>", "who"),
        ("<A HREF=20_crediting.html><b>who</b></A>", "<b>who</b>"),
        ('<a href="22_payouts.html">pay</a>', '<a href="22_payouts.html">pay</a>'),
        ("![a picture](data:image/png;base64,AA)", "![a picture](data:image/png;base64,AA)"),
    ]:
        assert unlinked(text, shared) == left
