"""What is paid and what is outstanding is, to the unit, what was earned, whatever the terms."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spmlib.core.parameters import Number
from spmlib.incent.paying.terms import People, settled
from spmlib.rules.payments import Bound, Draw, Guarantee, Hold, Payment

AMOUNTS = st.integers(-50_000, 200_000)


def exact(value: Any) -> Number:
    made = Number(value)
    made.place, made.percent = "", False
    return made


def people(payable: list[list[int]], since: int = 0, free: int = 0) -> People:
    """People who all hold the plan from one month on."""
    amounts = np.array(payable, np.int64)
    holds = np.broadcast_to(np.arange(amounts.shape[1]) >= since, amounts.shape)
    month = np.broadcast_to(np.arange(amounts.shape[1]) - since + 1, amounts.shape)
    over = np.broadcast_to(np.arange(amounts.shape[1]) >= free, amounts.shape)
    return People(amounts, amounts, holds, month, month, np.zeros_like(holds), over)


months = st.integers(1, 8)
payables = st.lists(st.lists(AMOUNTS, min_size=8, max_size=8), min_size=1, max_size=3)
draws = st.builds(
    Draw,
    place=st.just(""),
    recoverable=st.just(True),
    amount=st.integers(0, 1000).map(exact),
    months=months,
    start=st.none(),
    covers=st.just(()),
    share=st.sampled_from(["1", "0.5", "0.3333", "0.000001"]).map(exact),
    from_month=months,
    balance_limit=st.none() | st.integers(0, 2000).map(exact),
    forgive_after=st.none(),
    forgive_on=st.none(),
)
bounds = st.builds(Bound, st.just(""), st.integers(0, 900).map(exact), st.just(True))
highest = st.builds(Bound, st.just(""), st.integers(1000, 2000).map(exact), st.just(True))
holds = st.builds(Hold, st.just(""), st.just("employed"), months)


@given(
    payables,
    st.none() | draws,
    st.none() | bounds,
    st.none() | highest,
    st.none() | holds,
    st.integers(0, 7),
    st.integers(0, 7),
)
def test_nothing_is_made_or_lost(payable, draw, least, most, hold, since, free):
    given_ = people(payable, since, free)
    terms = Payment(place="", draw=draw, minimum=least, maximum=most, hold=hold)
    made = settled(given_, terms, places=2)
    paid = given_.payable + sum(made.lines.values())
    stand = made.balances
    earned = given_.payable.cumsum(axis=1)
    outstanding = stand["held"] + stand["carried"] - stand["owed"]
    assert (paid.cumsum(axis=1) + outstanding == earned).all()
    if least is not None:
        assert (paid >= np.where(given_.holds, int(least.amount * 100), 0)).all()
    if most is not None:
        assert (paid <= int(most.amount * 100)).all()
    assert (stand["owed"] >= 0).all()
    assert (made.lines["recovery"] <= 0).all()
    if draw is not None and draw.balance_limit is not None:
        assert (stand["owed"] <= int(draw.balance_limit * 100)).all()


@given(payables, draws)
def test_people_do_not_see_each_other(payable, draw):
    terms = Payment(place="", draw=draw)
    together = settled(people(payable), terms, places=2)
    for number, row in enumerate(payable):
        alone = settled(people([row]), terms, places=2)
        for kind, amounts in alone.lines.items():
            assert (together.lines[kind][number] == amounts[0]).all()


@given(payables, st.integers(0, 2000), months)
def test_a_guarantee_is_the_larger_of_two_amounts(payable, amount, count):
    terms = Payment(place="", guarantee=Guarantee("", exact(amount), count))
    given_ = people(payable)
    paid = given_.payable + sum(settled(given_, terms, places=2).lines.values())
    certain = np.where(given_.month <= count, amount * 100, np.iinfo(np.int64).min)
    if amount:
        assert (paid == np.maximum(given_.payable, certain)).all()
