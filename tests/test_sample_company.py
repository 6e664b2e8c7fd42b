"""The sample company: the same to the byte, small, rich, exact, and wrong only where it says so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from spmlib.core.tables import INPUTS
from spmlib.rules import crediting, measures, plans
from spmlib.rules.spiffs import written as spiffs

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
MEASURES = measures.read(ROOT / "parameters/measures.yaml")
PLANS = plans.read(ROOT / "parameters/plans", MEASURES)
SPIFFS = spiffs.read(ROOT / "parameters/spiffs", MEASURES)
# The calendar is a YAML file, and nothing is given by hand in the sample company.
BROUGHT = {name: made for name, made in INPUTS.items() if name not in ("calendar", "adjustments")}
SOLD = ["new", "expansion", "renewal", "service"]


def table(name: str) -> pl.DataFrame:
    """A table as the text that is written; empty cells are null."""
    return pl.read_csv(DATA / f"{name}.csv", infer_schema=False)


@pytest.fixture(scope="module")
def lines() -> pl.DataFrame:
    return table("transactions")


@pytest.fixture(scope="module")
def positions() -> pl.DataFrame:
    return table("positions").with_columns(until=pl.col("end_date").fill_null("9999"))


def test_script_writes_the_same_bytes_again(tmp_path: Path) -> None:
    subprocess.run([sys.executable, DATA / "make_sample_company.py", tmp_path], check=True)
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == sorted(path.name for path in DATA.glob("*.csv"))
    for name in written:
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name


def test_tables_are_small_and_complete() -> None:
    assert {path.stem for path in DATA.glob("*.csv")} == set(BROUGHT)
    assert sum(path.stat().st_size for path in DATA.glob("*.csv")) < 12_000_000
    for name, definition in BROUGHT.items():
        needed = {column for column, c in definition.columns().items() if c.required}
        assert needed <= set(table(name).columns), name


def test_every_table_has_its_line_in_the_readme() -> None:
    told = (DATA / "README.md").read_text(encoding="utf-8")
    for path in DATA.glob("*.csv"):
        assert f"| `{path.name}` |" in told


def test_keys_are_unique() -> None:
    for name, definition in BROUGHT.items():
        for column, c in definition.columns().items():
            if c.unique:
                keys = table(name)[column]
                assert keys.n_unique() == len(keys), f"{name}.{column}"


def test_references_hold_but_for_the_one_account_that_is_told() -> None:
    broken = []
    for name, definition in BROUGHT.items():
        for column, c in definition.columns().items():
            if c.of and column in table(name).columns:
                other, key = c.of.split(".")
                known = set(table(_file(other))[key])
                missing = table(name)[column].drop_nulls().unique()
                broken += [(name, column, at) for at in missing if at not in known]
    assert broken == [("transactions", "account_id", "09999")]


def test_money_is_exact_and_rarely_finer_than_its_currency(lines: pl.DataFrame) -> None:
    plain = re.compile(r"-?\d+(\.\d{1,4})?")
    columns = {
        "transactions": ["amount", "margin", "arr"],
        "events": ["amount"],
        "quotas": ["amount"],
    }
    for name, column in [(name, column) for name, every in columns.items() for column in every]:
        assert all(plain.fullmatch(cell) for cell in table(name)[column].drop_nulls()), column
    whole = pl.col("currency").is_in(["JPY", "IDR"])
    places = (
        pl.col("amount").str.split(".").list.get(1, null_on_oob=True).str.len_chars().fill_null(0)
    )
    finer = lines.filter(places > pl.when(whole).then(0).otherwise(2))
    assert 0.01 < len(finer) / len(lines) < 0.05
    assert finer["currency"].n_unique() == 5


def test_two_and_a_half_years_of_transactions(lines: pl.DataFrame) -> None:
    assert 30_000 <= len(lines) <= 45_000
    assert lines["event_date"].min() == "2024-05-01"
    assert "2026-10-28" <= str(lines["event_date"].max()) <= "2026-10-31"
    assert lines["event_date"].str.slice(0, 7).n_unique() == 30
    assert set(lines["kind"]) == {*SOLD, "meeting", "objective"}
    assert {"USD", "EUR", "GBP", "JPY", "IDR"} <= set(lines["currency"])
    assert lines.filter(pl.col("currency") == "JPY").height > 1_000


def test_business_has_seasons_growth_and_heavy_tails(lines: pl.DataFrame) -> None:
    new = lines.filter((pl.col("kind") == "new") & (pl.col("currency") == "USD"))
    new = new.with_columns(pl.col("amount").cast(pl.Float64))  # a look at the shape, not pay
    month = pl.col("event_date").str.slice(0, 7)
    sums = dict(new.group_by(month).agg(pl.col("amount").sum()).rows())
    year = {m: total for m, total in sums.items() if m.startswith("2025")}
    assert max(year, key=year.__getitem__) == "2025-12"
    assert year["2025-08"] < sorted(year.values())[4]
    before = sum(total for m, total in sums.items() if "2024-05" <= m <= "2024-10")
    after = sum(total for m, total in sums.items() if "2026-05" <= m <= "2026-10")
    assert after > 1.15 * before
    sizes = new["amount"].sort(descending=True)
    assert sizes.head(len(sizes) // 10).sum() > 0.4 * sizes.sum()


def test_people_of_all_teams_and_levels(positions: pl.DataFrame) -> None:
    payees = table("payees")
    assert 110 <= len(payees) <= 130
    assert payees["name"].n_unique() == len(payees)
    assert set(positions["team"]) == {
        "sales",
        "marketing",
        "customer_success",
        "partner",
        "presales",
    }
    assert {"account_executive", "sales_manager", "sales_director", "vice_president",
            "chief_revenue_officer"} <= set(positions["role"])  # fmt: skip
    assert payees.filter(pl.col("hire_date") > "2024-05-01").height >= 15
    assert payees["leave_date"].drop_nulls().len() == 12
    assert set(positions["plan"]) == set(PLANS)


def test_careers_take_turns(positions: pl.DataFrame) -> None:
    """Leaves, promotions, transfers, managers and territories that change within a year."""
    rows = positions.sort("payee_id", "start_date")
    before = rows.select(pl.all().shift(1).over("payee_id").name.prefix("old_"))
    turned = pl.concat([rows, before], how="horizontal").filter(
        pl.col("old_payee_id").is_not_null() & ~pl.col("start_date").str.ends_with("01-01")
    )

    def changed(column: str) -> int:
        return turned.filter(pl.col(column).ne_missing(pl.col(f"old_{column}"))).height

    assert changed("manager_id") >= 10
    assert changed("plan") >= 5
    assert changed("territory_id") >= 5
    assert changed("role") >= 5
    assert turned.filter(
        (pl.col("old_role") == "account_executive") & (pl.col("role") == "sales_manager")
    ).height
    assert rows.filter(pl.col("status") == "leave")["payee_id"].n_unique() == 2
    assert (turned["old_end_date"] <= turned["start_date"]).all()


def test_nobody_holds_two_positions_or_works_outside_of_their_employment(
    positions: pl.DataFrame,
) -> None:
    rows = positions.sort("payee_id", "start_date").join(table("payees"), on="payee_id")
    after = rows.filter(pl.col("start_date") < pl.col("until").shift(1).over("payee_id"))
    assert after.height == 0
    assert rows.filter(pl.col("start_date") < pl.col("hire_date")).height == 0
    assert rows.filter(pl.col("until") > pl.col("leave_date")).height == 0


def test_owners_are_employed_but_for_the_lines_that_are_told(lines: pl.DataFrame) -> None:
    owned = lines.join(table("payees"), left_on="owner_id", right_on="payee_id")
    outside = (pl.col("event_date") < pl.col("hire_date")) | (
        pl.col("event_date") >= pl.col("leave_date")
    )
    assert owned.filter(outside)["owner_id"].to_list() == ["H1058", "H1058"]
    assert lines["owner_id"].null_count() == 2


def test_splits_leave_the_owner_a_rest(lines: pl.DataFrame) -> None:
    splits = table("splits").with_columns(pl.col("share").cast(pl.Decimal(38, 8)))
    shared = splits.group_by("transaction_id").agg(pl.col("share").sum())
    assert 0.06 < len(shared) / len(lines) < 0.10
    assert (shared["share"] < 1).all()
    owned = splits.join(lines, on="transaction_id")
    assert (owned["payee_id"] != owned["owner_id"]).all()
    assert splits.select("transaction_id", "payee_id").is_unique().all()


def test_lines_are_cancelled_billed_collected_and_booked_late(lines: pl.DataFrame) -> None:
    events = table("events").join(lines, on="transaction_id", suffix="_booked")
    sold = lines.filter(pl.col("kind").is_in(SOLD)).height
    count = dict(events.group_by("event").len().rows())
    assert 0.02 < count["cancellation"] / sold < 0.03
    assert count["billing"] > 0.9 * sold and count["collection"] > 0.85 * sold
    assert (events["event_date"] > events["event_date_booked"]).all()
    gone = events.filter(pl.col("event") == "cancellation").with_columns(
        pl.col("amount", "amount_booked").cast(pl.Decimal(38, 4))
    )
    undone = gone["amount"] + gone["amount_booked"]
    assert (undone >= 0).all() and (undone == 0).any() and (undone > 0).any()
    month = pl.col("event_date").str.slice(0, 7)
    late = lines.filter(
        pl.col("recorded_date").str.slice(0, 7) > month, pl.col("kind") != "objective"
    )
    assert len(late) > 300


def test_accounts_move_and_three_have_no_territory() -> None:
    held = table("account_territories")
    homeless = set(table("accounts")["account_id"]) - set(held["account_id"])
    assert homeless == {"00038", "00503", "00812"}
    moved = held.group_by("account_id").len().filter(pl.col("len") > 1)
    assert len(moved) == 62
    rows = held.sort("account_id", "start_date").with_columns(
        next=pl.col("start_date").shift(-1).over("account_id")
    )
    assert rows.filter(pl.col("end_date") > pl.col("next"))["account_id"].to_list() == ["00801"]


def test_quotas_are_issued_by_the_year_the_half_the_quarter_and_the_month() -> None:
    quotas = table("quotas").with_columns(pl.col("start_date", "end_date").str.to_date())
    days = (pl.col("end_date") - pl.col("start_date")).dt.total_days()
    for shortest, longest in ((28, 31), (90, 92), (181, 184), (365, 366)):
        assert quotas.filter(days.is_between(shortest, longest)).height > 10, longest
    assert set(quotas["measure"]) <= set(MEASURES)
    overlap = quotas.sort("payee_id", "measure", "start_date").filter(
        pl.col("start_date") < pl.col("end_date").shift(1).over("payee_id", "measure")
    )
    assert overlap.height == 0


def test_rates_lead_from_every_currency_to_every_plan(lines: pl.DataFrame) -> None:
    rates = table("currency_rates")
    sold = set(lines["currency"]) - {"CHF"}
    for plan in {plan.currency for plan in PLANS.values()}:
        for currency in sold - {plan}:
            pair = rates.filter(pl.col("currency") == currency, pl.col("to_currency") == plan)
            assert set(pair["kind"]) == {"spot", "average", "plan"}
            assert str(pair.filter(pl.col("kind") == "spot")["start_date"].min()) <= "2024-05-01"


def test_plans_use_every_word_of_the_language() -> None:
    components = [c for plan in PLANS.values() for c in plan.components.values()]
    for word, among in plans.CHOICES.items():
        used = {getattr(c, word) for c in components}
        assert set(among) <= used, word
    modifiers = [m for plan in PLANS.values() for m in (*plan.modifiers, *_modifiers(plan))]
    assert {m.kind for m in modifiers} == {"gate", "multiplier", "cap", "floor"}
    gates = [m for m in modifiers if m.kind == "gate"]
    assert {m.otherwise for m in gates} == {"withhold", "lose"}
    assert {m.strict for m in gates} == {True, False}
    assert {m.of for m in gates} == {"quota", "quota_to_date", "none"}
    limits = [limit for m in modifiers for limit in m.limits.values()]
    assert {limit.percent for limit in limits} == {True, False}
    assert any(m.over for m in modifiers) and any(plan.modifiers for plan in PLANS.values())
    assert any(c.windfall for c in components) and {c.word for c in components} == {
        "rate",
        "payout",
        "amount",
    }
    assert {c.matrix.of for c in components if c.matrix} == {"none", "quota_to_date"}
    starts = {start for c in components for start in c.tables}
    assert {str(start) for start in starts} >= {
        "2024-01-01",
        "2025-01-01",
        "2025-07-01",
        "2026-01-01",
    }


def test_every_clause_is_there_and_every_measure_used() -> None:
    components = [c for plan in PLANS.values() for c in plan.components.values()]
    assert all(len(c.clause) > 40 for c in components)
    modifiers = [m for plan in PLANS.values() for m in (*plan.modifiers, *_modifiers(plan))]
    named = {c.measure for c in components} | {m.measure for m in modifiers if m.measure}
    named |= {spiff.measure for spiff in SPIFFS.values()}
    assert set(MEASURES) == named | {c.matrix.measure for c in components if c.matrix}


def test_crediting_has_a_rule_of_each_kind() -> None:
    rules = crediting.read(ROOT / "parameters/crediting.yaml").rules.values()
    assert {rule.kind for rule in rules} == set(crediting.KINDS)


def _modifiers(plan: plans.Plan) -> list[plans.Modifier]:
    return [m for c in plan.components.values() for m in c.modifiers]


def _file(definition: str) -> str:
    return next(name for name, made in INPUTS.items() if made.__name__ == definition)
