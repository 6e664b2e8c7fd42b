"""A company's territories: regions from its tables and file, what is told of them, bad files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from spmlib.core import engine
from spmlib.core.errors import ParameterError
from spmlib.orchestrate.territories import outlooks, scenarios, written
from spmlib.orchestrate.territories.problems import FREE
from spmlib.orchestrate.territories.regions import placeless, regions
from spmlib.orchestrate.territories.travel import great_circle
from tests import small

DAY = date(2026, 11, 1)
FILE = """day: 2027-01-01
role: account_manager
within: region
visits: {large: 12, small: 4}
balance: {visits: 30%, potential: 60%}
moving: 100
"""


def company(**more):
    """Accounts around Hamburg and Munich, in one region; two territories, one held by nobody."""
    accounts, random = 40, np.random.default_rng(0)
    north = np.where(np.arange(accounts) % 2 == 0, 53.55, 48.14) + random.normal(0, 0.2, accounts)
    east = np.where(np.arange(accounts) % 2 == 0, 9.99, 11.58) + random.normal(0, 0.2, accounts)
    rows = [
        {
            "account_id": f"{n:03d}",
            "name": f"Firm {n}",
            "segment": "large" if n % 4 == 0 else "small",
            "region": "DE",
            "country": "AT" if n == 5 else "DE",
            "latitude": Decimal(str(round(float(north[n]), 4))),
            "longitude": Decimal(str(round(float(east[n]), 4))),
        }
        for n in range(accounts)
    ]
    held = [
        {"account_id": f"{n:03d}", "territory_id": "N" if n < 20 else "S",
         "start_date": date(2026, 1, 1)}
        for n in range(accounts)
    ]  # fmt: skip
    seat = {"payee_id": "P1", "role": "account_manager", "team": "sales", "territory_id": "N"}
    given = {
        "accounts": rows,
        "account_territories": held,
        "account_potentials": [
            {"account_id": f"{n:03d}", "amount": 1000 + 10 * n, "currency": "USD"}
            for n in range(accounts)
        ],
        "payees": [
            {"payee_id": "P1", "name": "Ada", "currency": "USD", "hire_date": date(2020, 1, 1),
             "latitude": 53.5, "longitude": 10.0}
        ],
        "positions": [seat | {"start_date": date(2026, 1, 1)}],
    }  # fmt: skip
    return small.company(**(given | more))


def decided(tmp_path: Path, more: str = "", text: str = FILE):
    path = tmp_path / "2027.yaml"
    path.write_text(text + more, "utf-8")
    return written.read(path)


def test_a_region_has_its_accounts_with_visits_potential_and_travel(tmp_path):
    said = decided(tmp_path)
    (region,) = regions(company(), said, "USD", DAY)
    assert region.names == ["N", "S"]
    rows = region.accounts.to_dicts()
    assert rows[0]["visits"] == 12 and rows[1]["visits"] == 4
    assert rows[3]["potential"] == 1030
    homes = region.territories.to_dicts()
    assert (homes[0]["latitude"], homes[0]["payee_id"]) == (53.5, "P1")
    assert homes[1]["payee_id"] is None  # amid its accounts, by visits
    own = [row for row in rows if row["territory_id"] == "S"]
    total = sum(row["visits"] for row in own)
    middle = sum(row["latitude"] * row["visits"] for row in own) / total
    assert homes[1]["latitude"] == pytest.approx(middle)
    first = rows[0]
    km = great_circle(
        *(np.array([each]) for each in (first["latitude"], first["longitude"], 53.5, 10.0))
    )
    assert region.problem.costs[0, 0] == pytest.approx(km[0, 0] * 12 * 2)
    assert first["km"] == pytest.approx(km[0, 0])


def test_a_plan_sends_the_north_to_the_north(tmp_path):
    said = decided(tmp_path, "vacant: {M: {within: DE, latitude: 48.1, longitude: 11.6}}\n")
    every = regions(company(), said, "USD", DAY)
    planned = outlooks.planned(every, said)
    told = outlooks.summary(planned).iloc[0]
    assert told["within"]
    assert told["km"] < told["km_today"]
    assert told["territories"] == 3
    each = outlooks.territories(planned, said, {"P1": "Ada"}).set_index("territory_id")
    assert each.loc["N", "name"] == "Ada" and each.loc["M", "name"] == "vacant"
    assert each["accounts"].sum() == 40
    assert each["gained"].sum() == each["lost"].sum() == told["moved"]
    assert each["km"].sum() == pytest.approx(told["km"])
    assert each["visits"].between(0.69, 1.31).all()
    moved = outlooks.moves(planned)
    assert len(moved) == told["moved"]
    assert moved["saved"].sum() == pytest.approx(told["km_today"] - told["km"])
    assert moved["saved"].is_monotonic_decreasing
    assert outlooks.changed(planned) == dict(zip(moved["account_id"], moved["taker"], strict=True))
    spots = outlooks.places(planned)
    assert (spots["kind"] == "home").sum() == 3
    assert spots["moved"].sum() == told["moved"]
    assert outlooks.checks(planned, said)["holds"].all()


def test_an_account_put_back_is_scored(tmp_path):
    said = decided(tmp_path)
    (one,) = outlooks.planned(regions(company(), said, "USD", DAY), said)
    moved = outlooks.moves([one]).iloc[0]
    back = outlooks.put_back(one, moved["account_id"])
    assert back.cost - one.plan.cost == pytest.approx(moved["saved"] - said.moving)
    told = outlooks.by_hand([one], outlooks.moves([one]).head(3))
    assert told["more"].iloc[0] == pytest.approx(back.cost - one.plan.cost)
    assert told["within"].iloc[0] == back.within
    assert outlooks.by_hand([one], outlooks.moves([one]).head(0)).empty


def test_named_accounts_rules_and_pairs_are_kept(tmp_path):
    rules = """locked: {"001": N}
only:
  - {where: {country: AT}, territories: [N]}
together: [["010", "011"]]
apart: [["012", "014"]]
"""
    said = decided(tmp_path, rules)
    planned = outlooks.planned(regions(company(), said, "USD", DAY), said)
    told = dict(outlooks._told(planned))
    assert told["001"] == told["005"] == "N"
    assert told["010"] == told["011"]
    assert told["012"] != told["014"]
    assert outlooks.checks(planned, said)["holds"].all()


def test_dearer_moves_are_fewer(tmp_path):
    said = decided(tmp_path)
    every = regions(company(), said, "USD", DAY)
    rows = scenarios.frontier(every, said, [0.0, 1000.0, 1e7])
    assert rows["moved"].is_monotonic_decreasing
    assert rows["km"].is_monotonic_increasing
    assert rows["within"].all()
    told, spots = scenarios.tried(every, said, "DE", 1e7)
    assert told.loc[0, "moved"] == rows.loc[2, "moved"]
    assert set(spots["region"]) == {"DE"}
    narrow, _ = scenarios.tried(every, said, "DE", 0.0, 0.5)
    assert narrow.loc[0, "km"] <= rows.loc[0, "km"] + 1e-6


def test_territories_of_other_numbers_are_placed_best(tmp_path):
    said = decided(tmp_path)
    (region,) = regions(company(), said, "USD", DAY)
    told = scenarios.numbers(region, [1, 2], 0.3)
    assert told["within"].all()
    assert told["km"].is_monotonic_decreasing
    assert (told["gap"] >= -1e-9).all()
    asked = decided(tmp_path, "numbers: {DE: [1, 2]}\n")
    (name, same), *_ = scenarios.numbered_regions([region], asked).items()
    assert name == "DE"
    assert same["km"].tolist() == told["km"].tolist()


def test_the_plan_is_in_force_from_its_day_on(tmp_path):
    said = decided(tmp_path)
    of = company()
    planned = outlooks.planned(regions(of, said, "USD", DAY), said)
    rows = engine.collected(outlooks.rows(of.account_territories, planned, said))
    new = rows.filter(rows["start_date"] == said.day)
    assert dict(new.select("account_id", "territory_id").iter_rows()) == outlooks.changed(planned)
    assert len(rows) == 40 + len(new)


def test_accounts_without_a_place_or_a_territory(tmp_path):
    of = company()
    lost = [row | {"latitude": None} for row in rows_of(of.accounts)[:1]]
    rows = lost + rows_of(of.accounts)[1:]
    held = [row for row in rows_of(of.account_territories) if row["account_id"] != "002"]
    said = decided(tmp_path)
    told = company(accounts=rows, account_territories=held)
    assert placeless(told, said, "USD", DAY)["account_id"].to_list() == ["000"]
    (region,) = regions(told, said, "USD", DAY)
    assert region.problem.accounts == 39
    at = region.accounts["account_id"].to_list().index("002")
    assert region.problem.today[at] == FREE
    planned = outlooks.planned([region], said)
    assert "002" in outlooks.changed(planned)
    assert "002" not in set(outlooks.moves(planned)["account_id"])


def rows_of(table):
    """The rows of a company's table, numbers as they would be written."""
    made = []
    for row in engine.collected(table).to_dicts():
        for name in ("latitude", "longitude"):
            if row.get(name) is not None:
                row[name] = Decimal(row[name]) / 10_000
        made.append(row)
    return made


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("day: 2027-01-01\n", "", "'day' is missing"),
        ("role:", "rolle:", "'rolle' is not a word of territories; write 'role'"),
        ("30%", "3", "2027.yaml:5"),
        ("{large: 12, small: 4}", "{large: 12}", "segment 'small' have no number of visits"),
        ("within: region", "within: regions", "accounts have no column 'regions'; write 'region'"),
        ("moving: 100", "moving: much", "2027.yaml:6"),
        ("moving: 100", 'locked: {"999": N}', "2027.yaml:6: there is no account '999'"),
        ("moving: 100", 'locked: {"001": X}', "2027.yaml:6: there is no territory 'X'; write"),
        ("moving: 100", 'together: [["001"]]', "'['001']' is not a pair of accounts"),
        ("moving: 100", 'apart: [["001", "0x"]]', "2027.yaml:6: there is no account '0x'"),
        ("moving: 100", "only: {country: DE}", "'only' is not a list"),
        ("moving: 100", "only: [{where: {land: AT}, territories: [N]}]", "have no column 'land'"),
        ("moving: 100", "only: [{where: {country: AT}, territories: [X]}]", "no territory 'X'"),
        ("moving: 100", "share: {X: 50%}", "there is no territory 'X'"),
        ("moving: 100", "vacant: {M: {within: DE, latitude: 48}}", "'longitude' is missing"),
        ("moving: 100", "numbers: {DE: 3}", "'3' is not a list of numbers"),
        ("visits: 30%", "sales: 30%", "'sales' is not a word of balance"),
        (
            "moving: 100",
            "only: [{where: {region: DE}, territories: [N]}]",
            "DE: seller 1 may have 0",
        ),
    ],
)
def test_files_that_cannot_be_are_refused_with_place_and_remedy(tmp_path, old, new, message):
    assert old in FILE
    with pytest.raises(ParameterError) as raised:
        regions(company(), decided(tmp_path, text=FILE.replace(old, new)), "USD", DAY)
    assert message in str(raised.value)


def test_a_company_without_places_is_told(tmp_path):
    of = company()
    rows = [row | {"latitude": None, "longitude": None} for row in rows_of(of.accounts)]
    with pytest.raises(ParameterError, match="no account has a latitude"):
        regions(company(accounts=rows), decided(tmp_path), "USD", DAY)
