"""Months are closed one by one, corrected in later ones, and can be read as they were known."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.core.ledger import LedgerError
from spmlib.workbench import closes, differences
from spmlib.workbench.opened import Workbench, opened

HEADER = "transaction_id,event_date,owner_id,amount,kind\n"
BOOKED = {
    "T1": "2026-01-10,Ann,1000",
    "T2": "2026-01-20,Ben,500",
    "T3": "2026-02-10,Ann,2000",
    "T4": "2026-03-10,Ben,4000",
}
FILES = {
    "calendar.yaml": "kind: months\nfrom: 2026-01-01\nuntil: 2027-01-01\n",
    "measures.yaml": "bookings: {sum: amount}\n",
    "crediting.yaml": "events: [booking, cancellation]\nrules:\n  owner: {kind: direct}\n",
    "sources.yaml": """\
payees: {file: payees.csv, constants: {currency: USD}}
positions:
  file: payees.csv
  columns: {start_date: hire_date}
  constants: {role: r, team: t, plan: seller}
transactions: {file: booked.csv, constants: {currency: USD}}
events: {file: events.csv}
""",
    "payees.csv": "payee_id,name,hire_date\nAnn,Ann,2025-01-01\nBen,Ben,2025-01-01\n",
    "plans/seller.yaml": """\
plan: seller
source: a letter
currency: USD
components:
  bookings:
    measure: bookings
    accumulate: year
    thresholds: money
    pays: rate
    crossing: split
    table: {2026-01-01: [{from: 0, rate: 10%}, {from: 3000, rate: 20%}]}
""",
}


class Company:
    """A company whose bookings change between closes."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "parameters"
        (self.folder / "plans").mkdir(parents=True)
        for name, text in FILES.items():
            (self.folder / name).write_text(text)
        self.knows(BOOKED)

    def knows(self, booked: dict[str, str], events: Iterable[str] = ()) -> None:
        """What has been booked, and what happened to it, as far as is known now."""
        rows = "".join(f"{name},{row},new\n" for name, row in booked.items())
        (self.folder / "booked.csv").write_text(HEADER + rows)
        lines = "".join(f"{line}\n" for line in events)
        head = "event_id,transaction_id,event,event_date,amount\n"
        (self.folder / "events.csv").write_text(head + lines)

    def writes(self, plan: str) -> None:
        (self.folder / "plans/seller.yaml").write_text(plan)

    @property
    def bench(self) -> Workbench:
        return opened(self.folder)

    def closes(self, *periods: str) -> None:
        for period in periods:
            book = closes.kept(self.bench)
            closes.close(self.bench, book, closes.preview(self.bench, book, period))

    def previews(self, period: str) -> closes.Month:
        return closes.preview(self.bench, closes.kept(self.bench), period)

    def paid(self, period: str) -> dict[str, Decimal]:
        """What a closed period paid, those with nothing left out."""
        book = closes.kept(self.bench)
        (made,) = [c for c in book.closes() if c.period == period]
        return amounts(book.table(made, "payouts"))


def amounts(payouts: pl.DataFrame) -> dict[str, Decimal]:
    rows = payouts.select("payee_id", "amount").iter_rows()
    return {payee: Decimal(amount).scaleb(-4) for payee, amount in rows if amount}


def reasons(month: closes.Month) -> set[tuple[str, str, str, Decimal]]:
    """The corrections of a month: person, transaction, reason, difference."""
    rows = month.tables["postings"].filter(pl.col("reason") != "month")
    columns = rows.select("payee_id", "transaction_id", "reason", "amount").iter_rows()
    return {(who, what or "", why, Decimal(a).scaleb(-4)) for who, what, why, a in columns}


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def test_month_by_month_is_the_year_at_once(company: Company):
    company.closes("2026-01", "2026-02", "2026-03")
    assert company.paid("2026-01") == {"Ann": 100, "Ben": 50}
    assert company.paid("2026-02") == {"Ann": 200}
    # Ben's 4500: 2500 more at 10 %, 1500 at 20 %
    assert company.paid("2026-03") == {"Ben": 550}
    year = amounts(
        engine.collected(company.bench.results.payouts)
        .group_by("payee_id")
        .agg(pl.col("amount").sum())
    )
    assert year == {"Ann": 300, "Ben": 600}


def test_a_first_close_takes_over_what_was_paid_before(company: Company):
    company.closes("2026-03")
    assert company.paid("2026-03") == {"Ben": 550}
    assert reasons(company.previews("2026-04")) == set()


def test_what_is_closed_is_not_closed_again_and_months_follow_one_another(company: Company):
    company.closes("2026-01")
    with pytest.raises(LedgerError, match=r"2026-01 was closed on .*; what changed since"):
        company.previews("2026-01")
    with pytest.raises(LedgerError, match=r"2026-03 does not follow 2026-01.*; write 2026-02"):
        company.previews("2026-03")
    with pytest.raises(ParameterError, match="there is no period '2026-13'"):
        company.previews("2026-13")


def test_of_two_that_close_one_month_one_is_told(company: Company):
    bench, book = company.bench, closes.kept(company.bench)
    one, other = (closes.preview(bench, book, "2026-01") for _ in range(2))
    closes.close(bench, book, one)
    with pytest.raises(LedgerError, match="close 1 was written by somebody else"):
        closes.close(bench, book, other)
    assert [made.period for made in book.closes()] == ["2026-01"]


def test_computing_again_changes_nothing(company: Company):
    company.closes("2026-01", "2026-02")
    once, again = (company.previews("2026-03").tables for _ in range(2))
    assert all(once[name].equals(again[name]) for name in ("payouts", "postings", "payables"))
    assert reasons(company.previews("2026-03")) == set()


@pytest.mark.parametrize(
    ("changes", "events", "says", "paid"),
    [
        ({"T1": "2026-01-10,Ann,1500"}, (), {("Ann", "T1", "changed", 50)}, {"Ann": 300}),
        (
            {"T1": "2026-01-10,Ben,1000"},
            (),
            {("Ann", "T1", "owner", -100), ("Ben", "T1", "owner", 100)},
            {"Ann": 100, "Ben": 100},
        ),
        ({"T1": None}, (), {("Ann", "T1", "withdrawn", -100)}, {"Ann": 100}),
        ({"T5": "2026-01-30,Ben,300"}, (), {("Ben", "T5", "late", 30)}, {"Ann": 200, "Ben": 30}),
        (
            {},
            ("E1,T1,cancellation,2026-01-25,-400",),
            {("Ann", "T1", "event", -40)},
            {"Ann": 160},
        ),
        # from January to February: 100 fewer there, 100 more here
        ({"T1": "2026-02-01,Ann,1000"}, (), {("Ann", "T1", "day", -100)}, {"Ann": 200}),
        # T5 lifts T3, booked after it, over the threshold only in part: all in the month closed
        (
            {"T5": "2026-01-05,Ann,2500"},
            (),
            {("Ann", "T5", "late", 250), ("Ann", "T1", "moved", 50)},
            {"Ann": 700},
        ),
    ],
)
def test_what_changes_after_a_close_is_paid_with_the_next(company, changes, events, says, paid):
    company.closes("2026-01")
    known = {name: row for name, row in (BOOKED | changes).items() if row}
    company.knows(known, events)
    assert reasons(company.previews("2026-02")) == says
    company.closes("2026-02")
    assert company.paid("2026-02") == paid
    assert company.paid("2026-01") == {"Ann": 100, "Ben": 50}
    assert reasons(company.previews("2026-03")) == set()


def test_what_was_booked_and_taken_back_nets_to_nothing(company: Company):
    company.knows({"T1": "2026-01-10,Ann,5000"})
    company.closes("2026-01", "2026-02")
    company.knows(
        {"T1": "2026-01-10,Ann,5000", "T2": "2026-01-05,Ann,-2000", "T3": "2026-03-05,Ann,-3000"}
    )
    company.closes("2026-03", "2026-04")
    paid = [company.paid(f"2026-{n:02}").get("Ann", 0) for n in range(1, 5)]
    assert (paid[0], sum(paid)) == (700, 0)


def test_a_month_can_be_read_as_it_was_known(company: Company):
    company.closes("2026-01")
    company.knows(BOOKED | {"T1": "2026-01-10,Ann,1500"})
    company.closes("2026-02")
    book = closes.kept(company.bench)
    then, later = (closes.known(book, "2026-01", as_of) for as_of in ("2026-01", "2026-02"))
    sums = [
        amounts(rows.group_by("payee_id").agg(pl.col("amount").sum())) for rows in (then, later)
    ]
    assert sums == [{"Ann": 100, "Ben": 50}, {"Ann": 150, "Ben": 50}]
    with pytest.raises(
        LedgerError, match="2026-03 was never closed; the ledger has 2026-01, 2026-02"
    ):
        closes.known(book, "2026-01", "2026-03")


def test_bounds_apply_to_what_is_paid_corrections_included(company: Company):
    terms = "payment: {minimum: 0, maximum: {amount: 500, excess: later}}\n"
    company.writes(FILES["plans/seller.yaml"] + terms)
    company.knows({"T1": "2026-01-10,Ann,7000"})
    company.closes("2026-01")
    # 300 and 800 are earned: 500 are paid, 600 come later; then half is taken back
    company.knows({"T1": "2026-01-10,Ann,3000"})
    company.closes("2026-02", "2026-03")
    assert [company.paid(f"2026-{n:02}") for n in (1, 2, 3)] == [{"Ann": 500}, {}, {}]
    company.knows({"T1": "2026-01-10,Ann,3000", "T9": "2026-04-01,Ann,3000"})
    company.closes("2026-04", "2026-05")
    # 600 more are earned, 200 were owed
    assert [company.paid(f"2026-{n:02}") for n in (4, 5)] == [{"Ann": 400}, {}]


def test_changed_terms_pay_the_difference_for_closed_months(company: Company):
    company.closes("2026-01")
    terms = "payment: {guarantee: {amount: 120, months: 24}}\n"
    company.writes(FILES["plans/seller.yaml"] + terms)
    month = company.previews("2026-02")
    kinds = {
        (row["payee_id"], row["kind"]): Decimal(row["amount"]).scaleb(-4)
        for row in month.tables["payments"].iter_rows(named=True)
    }
    # January would have paid 20 and 70 more
    assert (kinds["Ann", "terms"], kinds["Ben", "terms"]) == (20, 70)


def test_a_plan_that_has_paid_is_missed(company: Company):
    company.closes("2026-01")
    (company.folder / "plans/seller.yaml").rename(company.folder / "plans/buyer.yaml")
    company.folder.joinpath("plans/buyer.yaml").write_text(
        FILES["plans/seller.yaml"].replace("plan: seller", "plan: buyer")
    )
    with pytest.raises(ParameterError, match="'seller' has paid before and is not there"):
        company.previews("2026-02")


def test_a_person_who_disappears_gives_back_what_was_paid(company: Company):
    company.closes("2026-01")
    (company.folder / "payees.csv").write_text(
        FILES["payees.csv"].replace("Ann,Ann,2025-01-01\n", "")
    )
    month = company.previews("2026-02")
    assert amounts(month.tables["payouts"]) == {"Ann": -100}


def test_a_close_says_what_it_was_made_of(company: Company):
    company.closes("2026-01")
    (made,) = closes.kept(company.bench).closes()
    assert set(made.about["inputs"]) == {"payees.csv", "booked.csv", "events.csv"}
    assert "plans/seller.yaml" in made.about["parameters"]["files"]
    assert made.about["parameters"]["commit"] is None
    assert made.about["versions"]["polars"]


def test_a_ledger_lies_where_its_file_says(company: Company):
    (company.folder / "ledger.yaml").write_text("at: memory://books\n")
    company.closes("2026-01", "2026-02")
    assert company.paid("2026-02") == {"Ann": 200}
    assert not (company.folder.parent / "ledger").exists()


def test_a_changed_plan_is_compared_line_by_line(company: Company, tmp_path: Path):
    other = Company(tmp_path / "other")
    other.writes(FILES["plans/seller.yaml"].replace("rate: 20%", "rate: 30%"))
    bench, book = company.bench, closes.kept(company.bench)
    one = differences.side(bench, book, "now", "2026-03")
    two = differences.side(bench, book, str(other.folder), "2026-03")
    found = differences.difference(one, two)
    assert found.people.select("payee_id", "was", "now", "difference").rows() == [
        ("Ben", 550_0000, 700_0000, 150_0000)
    ]
    assert found.lines.select("transaction_id", "source", "difference").rows() == [
        ("T4", "seller.yaml:11", 150_0000)
    ]


def test_two_closes_are_compared_by_component(company: Company):
    company.closes("2026-01", "2026-02")
    bench, book = company.bench, closes.kept(company.bench)
    sides = [differences.side(bench, book, period, "") for period in ("2026-01", "2026-02")]
    found = differences.difference(*sides)
    assert found.people.select("payee_id", "difference").rows() == [
        ("Ann", 100_0000),
        ("Ben", -50_0000),
    ]


def test_what_cannot_be_compared_is_said(company: Company):
    bench, book = company.bench, closes.kept(company.bench)
    with pytest.raises(ParameterError, match="'2026-07' is no closed period, nor a folder"):
        differences.side(bench, book, "2026-07", "")
    with pytest.raises(ParameterError, match="'now' of which period"):
        differences.side(bench, book, "now", "")
