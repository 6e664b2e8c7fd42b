"""Field pages: the page of each seller, manager and executive, cut from a month's tables.

What somebody may see is decided once, in `motivate.visibility.sights`; a page is made from rows
that its viewer may see, and from nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import polars as pl

from spmlib.core.documents import Document, safe_name
from spmlib.core.errors import ParameterError
from spmlib.core.field_pages import Disputed, FieldPage, Open, Pay, Standing
from spmlib.core.parameters import nearest
from spmlib.core.statements import Statement
from spmlib.core.tables import MONEY
from spmlib.workbench.field import standings, sums, teams
from spmlib.workbench.field.visibility import Field, field
from spmlib.workbench.opened import Workbench

SELLER, MANAGER, EXECUTIVE = "seller", "manager", "executive"


def pages(of: Field, viewer_id: str | None = None) -> Iterator[FieldPage]:
    """The page of everybody who holds a position on the month's last day, or of one person.

    Raises:
        ParameterError: the person holds none.
    """
    viewers = [who for who, row in of.people.items() if row["held"]]
    if viewer_id is not None and viewer_id not in viewers:
        near = nearest(viewer_id, viewers)[:200]
        raise ParameterError(f"{viewer_id} holds no position on {of.day}; write {near}.")
    for who in viewers if viewer_id is None else [viewer_id]:
        if of.sight(who).anybody:
            yield page(of, who)


def documents(bench: Workbench, period: str, payee_id: str | None = None) -> Iterator[Document]:
    """The pages of a month as HTML, person by person.

    Raises:
        ParameterError: the policy is wrong, or the person holds no position.
    """
    from spmlib.show import field as drawn

    for one in pages(field(bench, period), payee_id):
        content = drawn.html(one)
        yield Document(
            payee_id=one.viewer_id,
            document="field_page",
            of=period,
            version=hashlib.sha256(content).hexdigest()[:12],
            name=f"field-{period}.html",
            content=content,
            media_type="text/html",
            language=one.locale.partition("_")[0],
        )


def write_index(bench: Workbench, period: str, folder: Path) -> Path:
    """Put the list of a month's pages beside them, by region and team, for who hands them out."""
    from spmlib.show import field as drawn

    of = field(bench, period)
    held = [row for row in of.people.values() if row["held"]]
    rows = [
        (
            f"{of.regions[row['region_id']]} · {row['team_id']}",
            row["payee_id"],
            row["role"],
            f"{safe_name(row['payee_id'])}/{safe_name(f'field-{period}.html')}",
        )
        for row in sorted(held, key=lambda r: (r["region_id"], r["team_id"], r["payee_id"]))
    ]
    path = folder / "index.html"
    path.touch(mode=0o600)
    path.write_bytes(drawn.index(period, rows, of.locale))
    return path


def page(of: Field, who: str) -> FieldPage:
    """The page of one person."""
    sight, row, told = of.sight(who), of.people[who], of.told.get(who)
    may = {what for what, people in sight.people.items() if who in people}
    below = teams.reports(of, sight)
    team = tuple(one for one in below if one.level == 1)
    lead = any(one.level is None or one.level > 1 for one in below)
    place, among = _place(of, who) if "attainment" in may else (None, None)
    return FieldPage(
        viewer_id=who,
        name=of.bench.names.get(who, who),
        role=str(row["role"]),
        locale=of.locales.get(who) or of.locale,
        period=of.period,
        start=of.month["start_date"],
        end=of.month["end_date"],
        kind=EXECUTIVE if lead else MANAGER if team else SELLER,
        currency=of.policy.currency,
        on_leave=row["status"] == "leave",
        standings=tuple(_standings(of, who)) if "attainment" in may else (),
        pays=tuple(_pays(told)) if "pay" in may else (),
        pipeline=tuple(_open(of, who)) if "pipeline" in may else (),
        disputes=tuple(_disputes(of, who)) if "disputes" in may else None,
        place=place,
        among=among,
        team=team,
        rolled=tuple(teams.rolled(of, [one.payee_id for one in team if one.standing])),
        everybody=tuple(below) if lead else (),
        outliers=tuple(teams.outliers(of, below)) if lead else (),
        regions=tuple(teams.regions(of, sight, who)) if lead else (),
        made_of=sums.made_of(of, sight),
    )


def _standings(of: Field, who: str) -> Iterator[Standing]:
    """Where somebody stands, what they are compared by first."""
    chief = of.chief.get(who)
    rows = of.by_person.get(who, [])
    for row in sorted(rows, key=lambda r: (r != chief, r["quota"] is None)):
        yield standings.standing(of, row, own=True)


def _pays(told: Statement | None) -> Iterator[Pay]:
    for pay in told.plans if told else ():
        yield Pay(pay.title, pay.currency, pay.earned, pay.due, pay.balances)


def _open(of: Field, who: str) -> Iterator[Open]:
    for row in of.open.filter(pl.col("payee_id") == who).to_dicts():
        amount = Decimal(row["amount"]) / MONEY
        yield Open(row["category"] or "", row["deals"], amount, row["currency"])


def _disputes(of: Field, who: str) -> Iterator[Disputed]:
    for row in of.disputes.filter(pl.col("payee_id") == who).sort("raised_date").to_dicts():
        about = (row["dispute_id"], row["period"], row["status"])
        yield Disputed(*about, row["raised_date"], row["due_date"])


def _place(of: Field, who: str) -> tuple[int | None, int | None]:
    """The place by attainment among those of the same role; none if they are too few."""
    if who not in of.chief or not of.policy.shown:
        return None, None
    role = of.people[who]["role"]
    alike = [one for one, row in of.people.items() if row["held"] and row["role"] == role]
    peers = [of.chief[one]["attainment"] for one in alike if one in of.chief]
    if len(peers) < of.policy.least:
        return None, None
    return 1 + sum(other > of.chief[who]["attainment"] for other in peers), len(peers)
