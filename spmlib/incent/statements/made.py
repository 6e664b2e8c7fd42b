"""Made: the statements of a month, from whole tables, cut by person once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from spmlib.core.company import Company
from spmlib.core.errors import ParameterError
from spmlib.core.money import CURRENCIES
from spmlib.core.parameters import nearest
from spmlib.core.statements import Correction, Month, PlanPay, Statement
from spmlib.core.tables import MONEY, RATE
from spmlib.incent.calculation import Parameters
from spmlib.incent.statements import cuts, parts
from spmlib.incent.statements.cuts import Cut
from spmlib.incent.statements.known import Known

Row = Mapping[str, Any]


def statements(
    known: Known,
    company: Company,
    parameters: Parameters,
    period: str,
    locale: str = "en_US",
    payee_id: str | None = None,
) -> list[Statement]:
    """What everybody with pay in a month is told, by payee_id.

    Args:
        known: the tables, of all months up to this one.
        company: its tables.
        parameters: what its files say about pay.
        period: the month.
        locale: of those whose own is not known, e.g. en_US.
        payee_id: that person only.

    Raises:
        ParameterError: the calendar has no such month, or the person has no pay in it.
    """
    cut = cuts.cut(known, company, parameters, period)
    if payee_id is None:
        return [_statement(cut, one, locale) for one in cut.ids]
    if payee_id not in cut.ids:
        near = nearest(payee_id, cut.ids) if cut.ids else "nobody's: nothing is due in it"
        raise ParameterError(f"{payee_id} has no pay in {period}; write {near}.")
    return [_statement(cut, payee_id, locale)]


def _statement(cut: Cut, payee_id: str, locale: str) -> Statement:
    about = cut.people[payee_id]
    pays = tuple(_pays(cut, payee_id))
    before = cut.rows("payroll_before", payee_id)
    paid_in = str(about["currency"])
    return Statement(
        payee_id=payee_id,
        name=str(about["name"]),
        locale=str(about.get("locale") or locale),
        period=cut.period,
        start=cut.start,
        end=cut.end,
        state=cut.state,
        plans=pays,
        corrections=tuple(_corrections(cut.rows("posted", payee_id))),
        paid=_sum([pay.paid for pay in pays]),
        paid_in=paid_in,
        before=_sum([_money(r["payroll_amount"], paid_in) for r in before]) if before else None,
        changes=tuple(_changes(cut, payee_id)),
        months=tuple(_months(cut, payee_id)),
    )


def _pays(cut: Cut, payee_id: str) -> Iterator[PlanPay]:
    """What the month comes to, plan by plan."""
    terms = cut.rows("terms", payee_id)
    lines = cut.rows("earnings", payee_id)
    credits = cut.rows("credits", payee_id)
    attained = cut.rows("attainments", payee_id)
    payments, balances = cut.rows("payments", payee_id), cut.rows("balances", payee_id)
    payroll = {row["plan"]: row for row in cut.rows("payroll", payee_id)}
    rows = (*payroll.values(), *lines, *payments, *balances)
    names = dict.fromkeys(row["plan"] for row in rows)
    for name in sorted(names):
        plan = cut.parameters.plans[name]
        own, row = [t for t in terms if t["plan"] == name], payroll.get(name)
        yield PlanPay(
            plan=name,
            title=plan.title,
            source=plan.source,
            currency=plan.currency,
            parts=tuple(
                parts.parts(
                    plan, [ln for ln in lines if ln["plan"] == name], own, attained, credits, cut
                )
            ),
            terms=tuple(
                (p["kind"], _money(p["amount"], plan.currency))
                for p in payments
                if p["plan"] == name and p["kind"] != "earned" and p["amount"]
            ),
            balances=tuple(
                (kind, _money(b[kind], plan.currency))
                for b in balances
                if b["plan"] == name
                for kind in ("unpaid", "held", "owed", "carried")
                if b[kind]
            ),
            due=_money(row["amount"], plan.currency) if row else Decimal(0),
            rate=Decimal(row["rate"]) / RATE if row and row["rate"] is not None else None,
            paid=_paid(row),
        )


def _paid(row: Row | None) -> Decimal | None:
    if row is None:
        return Decimal(0)
    if row["payroll_amount"] is None:
        return None
    return _money(row["payroll_amount"], row["payroll_currency"])


def _corrections(rows: Sequence[Row]) -> Iterator[Correction]:
    for row in rows:
        yield Correction(
            period=row["period"],
            component=row["component"] or "whole_plan",
            transaction_id=row["transaction_id"] or "",
            reason=row["reason"],
            was=_money(row["was"], row["currency"]),
            now=_money(row["now"], row["currency"]),
            currency=row["currency"],
        )


def _changes(cut: Cut, payee_id: str) -> Iterator[tuple[str, Decimal]]:
    """What made the difference to the month before, where all is in one currency."""
    now = [*cut.rows("earnings", payee_id), *_terms(cut.rows("payments", payee_id))]
    then = [*cut.rows("earnings_before", payee_id), *_terms(cut.rows("payments_before", payee_id))]
    currencies = {row["currency"] for row in (*now, *then)}
    if len(currencies) != 1 or not then:
        return
    moved: dict[str, int] = {}
    for rows, sign in ((now, 1), (then, -1)):
        for row in rows:
            what = row["component"] or "whole_plan"
            moved[what] = moved.get(what, 0) + sign * row["amount"]
    currency = currencies.pop()
    for what, ticks in sorted(moved.items(), key=lambda item: (-abs(item[1]), item[0])):
        if ticks:
            yield what, _money(ticks, currency)


def _terms(payments: Sequence[Row]) -> list[Row]:
    return [{**p, "component": p["kind"]} for p in payments if p["kind"] != "earned"]


def _months(cut: Cut, payee_id: str) -> Iterator[Month]:
    rows = sorted(cut.rows("year", payee_id), key=lambda row: (row["period"], row["currency"]))
    for (period, currency), group in groupby(rows, key=lambda r: (r["period"], r["currency"])):
        every = list(group)
        earned = sum(row["amount"] for row in every if row["kind"] == "earned")
        paid = sum(row["amount"] for row in every)
        yield Month(period, currency, _money(earned, currency), _money(paid, currency))


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _money(ticks: int | None, currency: str) -> Decimal:
    return round(Decimal(ticks or 0) / MONEY, CURRENCIES[currency])
