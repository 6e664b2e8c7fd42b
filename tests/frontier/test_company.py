"""A small company's people and territories beside their own best, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.benchmarking.frontier import panels, written
from spmlib.incent.benchmarking.frontier.outlooks import added, agreement, beside, by_one, compared
from spmlib.incent.benchmarking.frontier.peers import Sources, earlier, peers
from spmlib.incent.calculation import calculated
from tests import small
from tests.frontier.test_written import SOUND, read

UNTIL = date(2027, 1, 1)
SELLERS = [f"P{number:02}" for number in range(1, 13)]
POTENTIAL = {name: 100_000 + 10_000 * place for place, name in enumerate(SELLERS)}
SOLD = {name: 40_000 + 3_000 * (place * 7 % 12) for place, name in enumerate(SELLERS)}
TEXT = (
    SOUND.replace("inputs: [pay, potential]", "inputs: [potential]")
    .replace("returns: variable", "returns: constant")
    .replace(
        "effects:",
        "  patches:\n    of: territories\n    inputs: [potential]\n    outputs: [bookings]\n"
        "    returns: constant\n    orientation: output\neffects:",
    )
)


def company(folder, **more):
    """Twelve sellers with an account each, who sell a quarter of their year every quarter."""
    people = [small.person(name, "seller", territory_id="T") for name in SELLERS]
    rows = {
        "payees": [payee for payee, _ in people],
        "positions": [held for _, held in people],
        "accounts": [{"account_id": f"A{name}", "name": name} for name in SELLERS],
        "account_territories": [
            {"account_id": f"A{name}", "territory_id": f"T{name}", "start_date": date(2025, 1, 1)}
            for name in SELLERS
        ],
        "account_potentials": [
            {"account_id": f"A{name}", "amount": POTENTIAL[name], "currency": "USD"}
            for name in SELLERS
        ],
        "transactions": [
            small.sale(
                f"{name}{month}", name, date(2026, month, 5), SOLD[name] / 4, account_id=f"A{name}"
            )
            for name in SELLERS
            for month in (2, 5, 8, 11)
        ],
        "quotas": [small.quota(name, 50_000) for name in SELLERS],
    }
    for name, extra in more.items():
        rows[name] = [*rows.get(name, []), *extra]
    return small.company(**rows), small.parameters(small.written(folder, small.plan()))


def sources(folder, **more):
    made, parameters = company(folder, **more)
    credits = calculated(made, parameters).credits
    return Sources(made, credits, parameters.measures, parameters.plans)


@pytest.fixture
def policy(tmp_path):
    return read(tmp_path, TEXT)


def test_scores_are_what_is_sold_of_the_best_share_of_potential(tmp_path, policy):
    found = compared(sources(tmp_path), policy.groups["sellers"], policy, UNTIL)
    year = 365 / 365.25  # of potential that could be sold to in 365 days
    assert found.units["potential"].tolist() == pytest.approx(
        [POTENTIAL[name] * year for name in SELLERS]
    )
    assert found.units["bookings"].tolist() == [SOLD[name] for name in SELLERS]
    shares = {name: SOLD[name] / POTENTIAL[name] for name in SELLERS}
    best = max(shares, key=shares.get)
    said = [shares[name] / shares[best] for name in SELLERS]
    assert found.scores["score"].tolist() == pytest.approx(said)
    first = found.scores.iloc[0]
    others = found.scores[found.scores["unit"] != best]
    assert set(others["peers"]) == {f"{best} 100%"}
    assert first["more"] == pytest.approx(SOLD["P01"] * (1 / first["corrected"] - 1))
    assert first["more_low_95"] < first["more"] < first["more_high_95"]
    assert found.targets["bookings_target"].tolist() == pytest.approx(
        [shares[best] * POTENTIAL[name] for name in SELLERS]
    )


def test_one_thing_used_and_one_brought(tmp_path, policy):
    found = compared(sources(tmp_path), policy.groups["sellers"], policy, UNTIL)
    rows = by_one(found, "potential", "bookings")
    assert (rows["brought"] <= rows["frontier"] * (1 + 1e-9)).all()
    ordered = rows.sort_values("used")["frontier"].to_numpy()
    assert (ordered[1:] >= ordered[:-1] - 1e-6).all()  # more potential, no less at the frontier
    assert rows["brought"].max() == pytest.approx(rows["frontier"].max())


def test_territories_are_those_of_accounts(tmp_path, policy):
    moved = [
        {
            "transaction_id": "late",
            "event_date": date(2025, 6, 1),
            "owner_id": "P01",
            "account_id": "AP01",
            "amount": 9_999,
            "currency": "USD",
            "kind": "booking",
        }
    ]
    found = compared(sources(tmp_path, transactions=moved), policy.groups["patches"], policy, UNTIL)
    assert found.units["unit"].tolist() == [f"T{name}" for name in SELLERS]
    assert found.units["bookings"].tolist() == [SOLD[name] for name in SELLERS]  # of the 12 months


def test_who_cannot_be_compared_is_named(tmp_path, policy):
    newcomer, idle, bare = (small.person(name, "seller") for name in ("N", "I", "B"))
    newcomer[1]["start_date"] = date(2026, 8, 1)
    boss = small.person("X", "seller", role="manager")
    made = sources(
        tmp_path,
        payees=[newcomer[0], idle[0], bare[0], boss[0]],
        positions=[newcomer[1], idle[1], bare[1], boss[1]],
        accounts=[{"account_id": "AI", "name": "I"}],
        account_potentials=[{"account_id": "AI", "amount": 10, "currency": "USD"}],
        opportunities=[
            {
                "opportunity_id": "O",
                "created_date": date(2026, 3, 1),
                "account_id": "AI",
                "owner_id": "I",
                "currency": "USD",
            }
        ],
    )
    found = peers(made, policy.groups["sellers"], policy, UNTIL)
    assert dict(found.left_out.iter_rows()) == {
        "B": "has no potential",
        "I": "brought nothing: the score is 0",
        "N": "worked less than 6 months",
    }
    assert found.units["unit"].to_list() == SELLERS


def test_part_of_a_year_is_part_of_the_potential(tmp_path, policy):
    made = sources(tmp_path)
    half = peers(made, policy.groups["sellers"], replace(policy, months=6, least_months=3), UNTIL)
    part = 184 / 365.25  # days from July
    assert half.units["potential"].to_list() == pytest.approx(
        [POTENTIAL[name] * part for name in SELLERS]
    )
    assert half.units["bookings"].to_list() == [SOLD[name] / 2 for name in SELLERS]
    assert earlier(date(2027, 1, 1), 6) == date(2026, 7, 1)
    assert earlier(date(2026, 3, 1), 12) == date(2025, 3, 1)


def test_too_few_are_refused_with_the_reason(tmp_path):
    policy = read(tmp_path, TEXT.replace("outputs: [bookings]", "outputs: [bookings, more, most]"))
    group = policy.groups["sellers"]
    assert group.fewest == 12
    group = replace(
        group, inputs=("potential", "pay"), outputs=("bookings", "bookings", "bookings")
    )
    assert group.fewest == 15
    few = replace(policy.groups["sellers"], outputs=("bookings",), inputs=("potential", "pay"))
    made = sources(tmp_path)
    fewer = replace(few, inputs=("potential", "pay", "accounts", "months"))
    found = compared(made, fewer, policy, UNTIL)
    assert "12 people are too few to compare by 4 inputs and 1 outputs; 15" in found.too_few
    assert len(found.scores) == 0 and len(found.units) == 12


def test_other_currencies_count_at_one_rate(tmp_path, policy):
    rate = [
        {
            "currency": "EUR",
            "to_currency": "USD",
            "start_date": date(2025, 1, 1),
            "rate": 2,
            "kind": "spot",
        }
    ]
    sale = [small.sale("E", "P01", date(2026, 3, 1), 1_000, account_id="AP01", currency="EUR")]
    found = peers(
        sources(tmp_path, currency_rates=rate, transactions=sale),
        policy.groups["sellers"],
        policy,
        UNTIL,
    )
    assert found.units["bookings"][0] == SOLD["P01"] + 2_000
    made, euros = sources(tmp_path), replace(policy, currency="EUR")
    with pytest.raises(ParameterError, match="no rate from it to EUR"):
        peers(made, policy.groups["sellers"], euros, UNTIL)


def test_what_was_credited_in_another_role_does_not_count(tmp_path, policy):
    promoted = small.person("N", "seller", role="helper")
    promoted[1]["end_date"] = date(2026, 4, 1)
    later = {**promoted[1], "start_date": date(2026, 4, 1), "end_date": None, "role": "seller"}
    sales = [
        small.sale("before", "N", date(2026, 3, 1), 70_000, account_id="AN"),
        small.sale("after", "N", date(2026, 9, 1), 7_000, account_id="AN"),
    ]
    made = sources(
        tmp_path,
        payees=[promoted[0]],
        positions=[promoted[1], later],
        accounts=[{"account_id": "AN", "name": "N"}],
        account_potentials=[{"account_id": "AN", "amount": 50_000, "currency": "USD"}],
        transactions=sales,
    )
    found = peers(made, policy.groups["sellers"], policy, UNTIL)
    assert dict(found.units.select("unit", "bookings").iter_rows())["N"] == 7_000


def test_effects_of_people_who_bring_the_same_every_quarter(tmp_path, policy):
    made = added(sources(tmp_path), policy, UNTIL)
    rows = made.panel.rows
    assert len(rows) == 48 and made.panel.floored == 0
    assert rows.filter(rows["payee_id"] == "P03")["quota"].sum() == pytest.approx(50_000)
    effects = made.effects.set_index("payee_id")
    assert (effects["quarters"] == 4).all()
    # nearly no luck, so nearly nothing is pulled in
    assert effects["effect"].to_numpy() == pytest.approx(effects["raw"].to_numpy(), abs=0.02)
    assert (effects["low_95"] < effects["effect"]).all()
    assert (effects["low_pair"] > effects["low_95"]).all()
    found = compared(sources(tmp_path), policy.groups["sellers"], policy, UNTIL)
    both = beside(found, made)
    assert len(both) == 12 and -1 <= agreement(both) <= 1
    assert sorted(both["score_place"]) == list(range(1, 13))
    assert (both["apart"] == (both["score_place"] - both["effect_place"]).abs()).all()
    assert set(both.loc[both["apart"] > 4, "disagree"]) <= {"yes"}


def test_foresight_tries_every_way(tmp_path, policy):
    made = panels.panel(sources(tmp_path), policy, UNTIL)
    found = panels.foresight(made)
    told = dict(found.select("method", "error").iter_rows())
    assert set(told) == {
        "alike", "own_results", "quota", "quota_and_attainment", "patch", "patch_and_effect",
    }  # fmt: skip
    assert told["own_results"] < 0.02  # everybody brings the same again
    assert told["patch_and_effect"] < told["patch"] < told["quota"]


def test_results_below_the_floor_count_as_the_floor(tmp_path, policy):
    back = [small.sale("back", "P01", date(2026, 5, 6), -50_000, account_id="AP01")]
    made = panels.panel(sources(tmp_path, transactions=back), policy, UNTIL)
    assert made.floored == 1
    row = made.rows.filter((made.rows["payee_id"] == "P01") & (made.rows["quarter"] == "2026-Q2"))
    assert row["result"][0] == made.rows["result"].min()


def test_refusals(tmp_path, policy):
    made = sources(tmp_path)
    with pytest.raises(ParameterError, match="there are 0 whole quarters"):
        panels.panel(made, policy, date(2026, 2, 1))
    wrong = replace(policy.groups["sellers"], outputs=("booking",))
    with pytest.raises(ParameterError, match="there is no measure 'booking'; write"):
        peers(made, wrong, policy, UNTIL)
    assert written.EACH == 3
