"""However news comes, all that is paid in the end is what the whole comes to."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec
import polars as pl
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from spmlib.core import engine, ledger
from spmlib.core.company import Company
from spmlib.core.ledger import Ledger
from spmlib.incent.calculation import calculated
from spmlib.workbench import closes
from spmlib.workbench.opened import Workbench
from tests import small
from tests.workbench.test_closes import FILES

MONTHS = [f"2026-{number:02}" for number in range(1, 5)]
PLANS = ["split", "whole", "transaction"]
# A booking: who owns it, how much, in which month, and in which month it comes to be known.
booking = st.tuples(
    st.sampled_from(["Ann", "Ben"]),
    st.integers(-3000, 5000).map(lambda cents: Decimal(cents) / 7 * 100 // 1 / 100),
    st.integers(1, 4),
    st.integers(0, 2),
)
histories = st.lists(st.lists(booking, min_size=1, max_size=2), min_size=1, max_size=6)


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(histories, st.sampled_from(PLANS))
def test_months_closed_with_news_add_up_to_the_whole(history, crossing):
    parameters = _parameters(crossing)
    book = Ledger(fsspec.filesystem("memory"), f"/{uuid4()}")
    paid: dict[str, int] = defaultdict(int)
    for number, period in enumerate(MONTHS, start=1):
        bench = Workbench(Path(), _company(history, known_by=number), parameters)
        month = closes.preview(bench, book, period)
        ledger.close(book, month.before, period, month.tables, {}, "2026-06-01")
        for payee, amount in month.tables["payouts"].select("payee_id", "amount").iter_rows():
            paid[payee] += amount
    whole = calculated(_company(history, known_by=9), parameters, MONTHS[-1])
    owed = engine.collected(whole.payouts).group_by("payee_id").agg(pl.col("amount").sum())
    assert {who: sum_ for who, sum_ in paid.items() if sum_} == {
        who: sum_ for who, sum_ in owed.iter_rows() if sum_
    }
    lines = engine.collected(whole.earnings).filter(pl.col("amount") != 0)
    on_record = pl.concat([closes.known(book, period, MONTHS[-1]) for period in MONTHS])
    assert on_record["amount"].sum() == lines["amount"].sum()


def _company(history: list[Any], known_by: int) -> Company:
    """What is known in a month: of each booking the latest version that has come."""
    people = [small.person(name, "seller") for name in ("Ann", "Ben")]
    sales = []
    for number, versions in enumerate(history):
        known = [v for n, v in enumerate(versions) if min(v[2] + v[3] + n, 4) <= known_by]
        if known:
            owner, amount, month, _ = known[-1]
            sales.append(small.sale(f"T{number}", owner, date(2026, month, 9), str(amount)))
    return small.company(
        payees=[payee for payee, _ in people],
        positions=[position for _, position in people],
        transactions=sales,
    )


def _parameters(crossing: str) -> Any:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        for name in ("measures.yaml", "crediting.yaml", "plans/seller.yaml"):
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            text = FILES[name].replace("crossing: split", f"crossing: {crossing}")
            boundary = "" if crossing == "split" else "    boundary: upper\n"
            path.write_text(text.replace("    table:", f"{boundary}    table:"))
        return small.parameters(Path(folder))
