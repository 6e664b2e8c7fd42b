"""Decisions: the quotas of a year as its file has them, and what each decision does to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest, refuse
from spmlib.orchestrate.quotas import outlooks, people, plans, potentials
from spmlib.orchestrate.quotas.outlooks import MIXES, Prepared
from spmlib.orchestrate.quotas.plans import Planned
from spmlib.orchestrate.quotas.ramps import Absence
from spmlib.orchestrate.quotas.written import Move, QuotaYear
from spmlib.rules.measures import Measure

if TYPE_CHECKING:
    import pandas as pd

DECIDED = "as decided"  # the mix of the file


def prepared(
    company: Company,
    measure: Measure,
    currency: str,
    until: date,
    said: QuotaYear,
    pipeline: Mapping[str, float] | None = None,
) -> Prepared:
    """What is known for a year: as `preparations.prepared`, with what its file decides.

    The file's mix is tried on past years beside the others, unless it needs what those years do
    not tell: what accounts could buy, or what was open.
    """
    own = {DECIDED: said.mix} if set(said.mix) <= set(people.TRIED) else {}
    return outlooks.prepared(
        company,
        measure,
        currency,
        until,
        said.year,
        said.roles,
        pipeline,
        said.ramp,
        said.past,
        said.relief,
        MIXES | own,
    )


def made(ready: Prepared, said: QuotaYear, target: float) -> Planned:
    """The quotas of the year: shared out, brought down, and carried along with accounts.

    Raises:
        ParameterError: as `plans.planned`; or a move names accounts that are not its giver's.
    """
    *_, last = _steps(ready, said, target)
    return last


def moves(
    ready: Prepared, said: QuotaYear, target: float, names: Mapping[str, str]
) -> pd.DataFrame:
    """The quota that goes along with accounts: giver, taker, day, accounts, amount [currency]."""
    import pandas as pd

    steps = pairwise(_steps(ready, said, target))
    rows = [
        {
            "giver": names.get(move.giver, move.giver),
            "taker": names.get(move.taker, move.taker),
            "day": move.day,
            "accounts": len(move.accounts),
            "amount": float(np.maximum(after.units - before.units, 0).sum()) * said.unit,
        }
        for move, (before, after) in zip(said.moves, steps, strict=True)
    ]
    return pd.DataFrame(rows, columns=["giver", "taker", "day", "accounts", "amount"])


def offers(company: Company, currency: str, until: date, said: QuotaYear) -> dict[str, float]:
    """What each person commits to bring in the year: as `potentials.committed`."""
    return potentials.committed(company, said.measure, currency, until, said.year)


def _steps(ready: Prepared, said: QuotaYear, target: float) -> Iterator[Planned]:
    """The quotas as brought down, then after each move of accounts."""
    plan = outlooks.made(ready, target, said.mix, said.layers, said.unit, said.measure)
    yield plan
    for move in said.moves:
        try:
            plan = plans.moved(plan, move.giver, move.taker, _share(ready, move), move.day)
        except ParameterError as wrong:
            raise ParameterError(f"{move.place}: {wrong}") from None
        yield plan


def lessened(ready: Prepared, names: Mapping[str, str]) -> pd.DataFrame:
    """Who carries less than a full quota, and why.

    Returns:
        name, ramp (what is lost to coming, ramping up and going), leave, relief, carried: shares of
        a year by its season; why. Who carries least comes first.
    """
    import pandas as pd

    full, carried = (part @ ready.season for part in (ready.full, ready.carried))
    rows = [
        _lessened(ready, place, float(full[place]), float(carried[place]))
        | {"name": names.get(person, person)}
        for place, person in enumerate(ready.people["payee_id"])
        if carried[place] < 1 - 1e-9
    ]
    columns = ["name", "ramp", "away", "carried", "why"]
    made = pd.DataFrame(rows, columns=columns)
    return made.sort_values("carried", kind="stable").reset_index(drop=True)


def gaps(
    plan: Planned, ready: Prepared, said: QuotaYear, offers: Mapping[str, float],
    names: Mapping[str, str],
) -> pd.DataFrame:  # fmt: skip
    """What comes from the top against what people offer, layer by layer.

    Args:
        plan: from the top.
        ready: of whom.
        said: the layers.
        offers: what each person commits to bring [currency].
        names: of people.

    Returns:
        layer, node, name, down, up, gap (what nobody offers to bring).
    """
    up = people.of(plan.people, offers)
    rows = plans.gaps(plan, ready.people, up, said.layers).to_pandas()
    return rows.assign(name=[names.get(node, node) for node in rows["node"]])


def _lessened(ready: Prepared, place: int, full: float, carried: float) -> dict[str, Any]:
    row = ready.people.row(place, named=True)
    own = [one for one in ready.absences if one.payee_id == row["payee_id"]]
    why = [f"hired on {row['hire_date']}"] if full < 1 - 1e-9 and row["hire_date"] else []
    if row["leave_date"] and row["leave_date"] < ready.months[-1][1]:
        why += [f"leaves on {row['leave_date']}"]
    why += [_said(one) for one in own]
    return {"ramp": 1 - full, "away": full - carried, "carried": carried, "why": "; ".join(why)}


def _said(one: Absence) -> str:
    part = "" if one.share == 1 else f", {one.share:.0%}"
    return f"{one.reason}{part} from {one.begin} to {one.end}"


def _share(ready: Prepared, move: Move) -> float:
    """The share of the giver's quota that goes along."""
    if move.share is not None:
        return move.share
    accounts = ready.accounts
    assert accounts is not None  # `prepared` always brings them
    own = accounts.filter(accounts["payee_id"] == move.giver)
    for account in move.accounts:
        if account not in own["account_id"]:
            wrong = f"account {account} is not one of {move.giver}'s that has a potential"
            refuse(move.place, wrong, f"write {nearest(account, own['account_id'].head(20))}")
    gone = own.filter(own["account_id"].is_in(list(move.accounts)))
    return float(gone["value"].sum()) / float(own["value"].sum())
