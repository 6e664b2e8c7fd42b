"""Companies whose deals follow chances that are known, for tests of what is estimated of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from spmlib.core.company import Company
from tests import small

FIRST, DAYS = date(2024, 1, 1), 731
DAY = date(2026, 1, 1)  # the first day that is not known
STAGES = ("early", "late")
WON, LOST = {"early": 0.004, "late": 0.03}, {"early": 0.012, "late": 0.01}  # a day
ON = 0.03  # a day from early to late
CALENDAR = [month for year in (2024, 2025, 2026) for month in small.months(year)]


def company(seed: int, deals: int = 900, **more: Any) -> Company:
    """Deals opened evenly over two years, whose ends come at daily odds by stage."""
    random = np.random.default_rng(seed)
    about, history = [], []
    for number in range(deals):
        opened = int(random.integers(0, DAYS))
        name, said = f"O{number:04}", int(random.lognormal(9, 0.7))
        about.append(opportunity(name, FIRST + timedelta(opened), owner_id=f"P{number % 5}"))
        history.append(change(name, opened, stage="early", amount=said))
        stage, day = "early", opened + 1
        while day < DAYS:
            luck = random.random()
            if luck < WON[stage]:
                came = round(said * random.uniform(0.7, 1.2))
                history.append(change(name, day, "won", stage="won", amount=came))
                break
            if luck < WON[stage] + LOST[stage]:
                history.append(change(name, day, "lost", stage="lost", amount=said))
                break
            if stage == "early" and luck < WON[stage] + LOST[stage] + ON:
                stage = "late"
                history.append(change(name, day, stage=stage, amount=said))
            day += 1
    return of(about, history, **more)


def of(about: small.Rows, history: small.Rows, **more: Any) -> Company:
    """A company of some opportunities."""
    tables = {"calendar": CALENDAR} | more
    return small.company(opportunities=about, opportunity_history=history, **tables)


def opportunity(name: str, created: date, **more: Any) -> dict[str, Any]:
    """A row of opportunities."""
    return {"opportunity_id": name, "created_date": created, "currency": "USD"} | more


def change(name: str, day: int | date, status: str = "open", **more: Any) -> dict[str, Any]:
    """A row of their history; days may be counted from the first."""
    on = day if isinstance(day, date) else FIRST + timedelta(day)
    return {"opportunity_id": name, "change_date": on, "status": status} | more
