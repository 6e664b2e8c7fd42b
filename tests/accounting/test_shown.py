"""What is shown and written of an accrual: tables, and the journal as a file."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.accruals import entries, readings, scenarios, trials, trueups
from spmlib.incent.accruals.month import month
from spmlib.incent.calculation import calculated
from spmlib.show import accrual_tables
from spmlib.workbench import journals
from spmlib.workbench.opened import Workbench
from tests import small
from tests.accounting import kept
from tests.accounting.kept import ACCELERATED, policy, sales, seller


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("shown")


@pytest.fixture(scope="module")
def books(folder):
    return kept.opened(
        folder,
        small.plan(**ACCELERATED),
        said=policy("effective_rate"),
        **seller(),
        transactions=[*sales(10_000, 10_000), small.sale("L", "A", date(2026, 1, 31), 500)],
        quotas=[small.quota("A", 60_000)],
    )


def test_tables_say_what_their_rows_say(books):
    now, company = month(books, "2026-02"), books.company
    lines = entries.entries(now, books.policy)
    tried = trials.trials(books, ["2026-01"], "2026-02", "USD")
    news = trueups.true_ups(books, ["2026-01"], calculated(company, books.parameters).earnings)
    shown = {
        "Commissions": accrual_tables.teams(readings.by_team(now, company, "USD"), "USD", "t"),
        "Effective rate": accrual_tables.windows(
            scenarios.tried(books, "2026-02", "USD"), "USD", "t"
        ),
        "What methods add": accrual_tables.made_of(
            readings.made_of(now, company, "USD"), "USD", "t"
        ),
        "Last month": accrual_tables.rolled(readings.rolled(now), "t"),
        "Medicare": accrual_tables.taxes(readings.taxes(now), "t"),
        "2210 Accrued commissions": accrual_tables.journal(readings.journal(lines), "t"),
        "As the policy says": accrual_tables.errors(trials.errors(tried), "t"),
        "Mostly because": accrual_tables.true_ups(
            readings.largest(news, company, "USD"), "USD", "t"
        ),
    }
    for says, table in shown.items():
        assert says in table.as_raw_html()


def test_the_journal_is_written_exactly(books, folder, tmp_path):
    bench = Workbench(folder, books.company, books.parameters)
    paths = journals.write(bench, "accruals", "2026-01", tmp_path)
    assert [path.name for path in paths] == ["accruals_journal.csv", "accruals.csv"]
    with paths[0].open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    own = [row for row in rows if row["entry_id"] == "2026-01 accrual USD"]
    # 10,500 are credited, 65,500 expected: 5,460.00 for all of them, 875.27 for what is there.
    assert [(row["debit"], row["credit"]) for row in own] == [
        ("875.2700", "0.0000"),
        ("0.0000", "875.2700"),
    ]


def test_a_journal_or_month_that_is_not_there_is_refused(books, folder, tmp_path):
    bench = Workbench(folder, books.company, books.parameters)
    with pytest.raises(ParameterError, match="there is no journal 'accrual'; write"):
        journals.write(bench, "accrual", "2026-01", tmp_path)
    with pytest.raises(ParameterError, match="there is no period '2027-01'"):
        journals.write(bench, "accruals", "2027-01", tmp_path)
