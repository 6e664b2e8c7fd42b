"""What is shown of answers and data, and what is recommended to whoever gave them."""

from pathlib import Path

import pandas as pd
import pytest

from spmlib.core.parameters import read
from spmlib.revops.maturity import written
from spmlib.revops.maturity.answers import Answer
from spmlib.revops.maturity.figures import Figure, unknown
from spmlib.show import maturity_tables
from spmlib.workbench.maturity.assessment import Maturity

ASKED = written.asked(read(Path(__file__).parents[2] / "parameters/policies/maturity.yaml"))
GIVEN = (
    Answer("pay_errors", 2, "sales"),
    Answer("pay_errors", 3, "finance"),
    Answer("disputes", 3),
    Answer("close", 5),
    Answer("forecast", 3),
)
FIGURES = {
    "dispute_rate": Figure(0.031, "statements", 1400, low=0.023, high=0.041),
    "days_to_close": Figure(10.0, "months", 12),
    "lead_time": Figure(-11.0, "plan changes", 10),
    "manual_share": unknown("nobody writes them down"),
    "forecast_error": Figure(0.17, "months", 12),
}
KNOWN = Maturity(ASKED, GIVEN, FIGURES)


def row(name: str, question: str) -> pd.Series:
    frame = KNOWN.frames[name]
    return frame[frame["question"] == question].iloc[0]


def test_an_answer_stands_beside_what_was_measured():
    said = row("evidence", "disputes")
    assert (said["measured"], said["worst"], said["best"], said["next_at"]) == (2, 2, 3, 0.03)
    assert said["says"].endswith("more is said than the data show. That may be chance.")
    assert row("evidence", "close")["says"].endswith("more is said than the data show.")
    assert row("evidence", "adjustments")["why"] == "nobody writes them down"
    assert row("evidence", "pay_errors")["why"] == "nobody measured it"
    assert row("evidence", "quotas")["why"] == "no figure measures it"


def test_the_figures_of_a_sentence():
    told = KNOWN.told()
    assert (told["more"], told["sure"], told["agree"], told["measured"]) == (2, 1, 1, 4)
    assert told["unknown"] == 2
    assert told["open"] == ["plans_as_data", "adjustments", "quotas", "visibility", "contests"]
    assert KNOWN.checked()["holds"].all()
    nobody = Maturity(ASKED, (), {})
    assert nobody.told()["first"] is None and nobody.told()["score"] is None
    assert nobody.checked()["holds"].all() and nobody.frames["recommended"].empty


def test_the_headline_says_where_one_stands_and_what_comes_first():
    said = maturity_tables.headline(KNOWN.told())
    # 1 x 25 + 1 x 50 (pay errors), 1.5 x 50, 1.5 x 100 and 2 x 50: 400 of a weight of 7.
    assert said.startswith("**57 of 100** as answered (")
    assert "in **2** of 4 questions that data answer more is said" in said
    assert "(1 beyond chance), and lowest is **lead time, −11 days** (level 1)" in said
    none = maturity_tables.headline(Maturity(ASKED, (), {}).told())
    assert none == "**Nobody has answered**, where 75 is the target. Let somebody answer first."
    best = Maturity(ASKED, tuple(Answer(q.name, q.top) for q in ASKED.questions), {})
    assert maturity_tables.headline(best.told()).endswith("Nothing is left below the target.")


def test_cells_say_who_answered_and_how_far_it_is():
    cells = KNOWN.frames["cells"].set_index(["question", "team"])
    assert len(cells) == 60
    assert cells.loc[("close", "finance"), "level"] == 5
    assert cells.loc[("close", "data"), "level"] == 3
    assert cells.loc[("close", "data"), "gap"] == 1  # the lower of both is 3, the target 4
    assert not cells.loc[("close", "sales"), "asked"]
    assert pd.isna(cells.loc[("contests", "data"), "gap"])


def test_what_is_recommended_is_said_to_whoever_answered():
    step = row("recommended", "pay_errors")
    assert (step["said"], step["level"], step["next"]) == ("sales 2, finance 3", 2.5, 3)
    assert step["at"] == "Errors are counted when somebody complains"
    assert step["shows"] == "Each month is checked by sample"
    assert step["see"] == "notebooks/53_pay_audit.ipynb" and step["unlocks"] == ["disputes"]
    ranks = KNOWN.frames["recommended"].groupby("question")["rank"].min()
    for step in KNOWN.frames["recommended"].itertuples():
        assert step.instead == (0 if step.rank == ranks[step.question] else ranks[step.question])


def test_who_answers_better_is_told_something_else():
    better = KNOWN.answered([*GIVEN[2:], Answer("pay_errors", 4)])
    assert "pay_errors" not in set(better.frames["recommended"]["question"])
    assert better.told()["score"] > KNOWN.told()["score"]


@pytest.mark.parametrize("frame", ["evidence", "recommended"])
def test_tables_say_what_was_measured_and_why_not(frame):
    drawn = {"evidence": maturity_tables.measured, "recommended": maturity_tables.recommended}
    html = drawn[frame](KNOWN.frames[frame], "Maturity").as_raw_html()
    said = {
        "evidence": [
            "3.1 % (2.3\N{NO-BREAK SPACE}to",
            "not known: nobody writes them down",
            "−11 days",
        ],
        "recommended": [
            "Answered: sales 2, finance 3",
            "3: Each month is checked",
            '<a href="53_pay_audit.ipynb">53 Pay audit</a>',
        ],
    }
    for text in said[frame]:
        assert text in html
