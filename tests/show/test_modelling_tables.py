"""Tables of other plans say what they hold, and stand where nothing moves."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from spmlib.incent.modelling import figures
from spmlib.incent.modelling.figures import Seen
from spmlib.show import modelling_tables, widgets
from tests.modelling import firms


def test_changes_say_what_was_and_who_says_so():
    table = pd.DataFrame(
        {
            "scenario": ["more", "more"],
            "file": ["seller", "quotas"],
            "word": ["components.bookings.table.2026-01-01.2.rate", "bookings"],
            "value": [None, "110%"],
            "was": ["12%", None],
            "author": "finance",
            "decided_date": date(2026, 11, 3),
            "reason": "why",
            "place": ["more.yaml:5", "more.yaml:6"],
        }
    )
    said = modelling_tables.changes(table, "Changes").as_raw_html()
    assert "seller: components › bookings › table › 2026-01-01 › 2 › rate" in said
    assert "as issued" in said
    assert "nothing" in said
    assert "finance, 3 Nov 2026" in said


def test_figures_are_read_in_their_unit():
    import numpy as np

    one = Seen(
        earned=np.array([1_000.0, 3_000.0, 8_000.0]),
        payout=np.array([0.5, 1.0, 2.0]),
        attainment=np.array([0.5, 1.0, 1.5]),
        threshold=np.full(3, np.nan),
        capped=np.zeros(3),
        booked=100_000.0,
    )
    said = modelling_tables.figures(figures.told({"base": one}), "USD", "Figures").as_raw_html()
    for words in ("12K", "12.0 %", "1.50", "Pay P50", "66.7 %"):
        assert words in said


def test_nobody_moves(tmp_path):
    from spmlib.incent.modelling import compared, explained

    folder = firms.folder(tmp_path)
    firms.scenario(folder, "same")
    models = firms.models(folder, "same")
    base, same = models["base"], models["same"]
    told = explained.explained(base, same, "Ann", "2026-10")
    goals = explained.goals(base, same, "Ann", "2026-10")
    groups = compared.groups(compared.differences(models, "USD", "2026-10"), "role")
    made = [
        modelling_tables.explained(told, "USD", "Why"),
        modelling_tables.goals(goals, "USD", "Goals"),
        modelling_tables.groups(groups, "role", "USD", "Roles"),
        modelling_tables.changes(compared.changes(models), "Changes"),
    ]
    assert all("<table" in one.as_raw_html() for one in made)


@pytest.mark.parametrize("kind", ["share", "number"])
def test_controls_as_a_table_lists_them(kind):
    table = pd.DataFrame(
        [("x", "How far", kind, 0.5, 0.0, 1.0, 0.1)],
        columns=["name", "label", "kind", "value", "least", "most", "step"],
    )
    (control,) = widgets.of_rows(table).values()
    assert (control.label, control.value) == ("How far", 0.5)
    control.move(0.7)
    assert control.value == 0.7
