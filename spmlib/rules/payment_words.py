"""Payment terms as a plan writes them, read word by word.

To add one: a reader in `TERMS`, a field of `payments.Payment`, a row in ``docs/plans.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from spmlib.core import parameters
from spmlib.core.parameters import Block, Number, choice, needed, number, refuse, said, share
from spmlib.rules.payments import Bound, Clawback, Draw, Guarantee, Hold, Payment

EVENTS = ("booking", "billing", "collection")
PAYROLL_RATES = ("spot", "average", "plan")
FINEST = 6  # decimals of a share that is taken of pay, percent counted as two


def read(written: Any) -> Payment | None:
    """The payment terms that a plan writes, if any.

    Raises:
        ParameterError: a term is unknown, or says what cannot be meant.
    """
    if written is None:
        return None
    entry = parameters.block(written, "`payment`", "{event: {booking: 50%, collection: 50%}}")
    parameters.known(entry, TERMS, "payment terms")
    made = {word: reader(entry[word], entry.places[word]) for word, reader in _given(entry)}
    events = made.pop("event", {})
    return Payment(place=entry.place, places=entry.places, events=events, **made)


def _given(entry: Block) -> Iterator[tuple[str, Callable[[Any, str], Any]]]:
    yield from ((word, reader) for word, reader in TERMS.items() if word in entry)


def _event(written: Any, place: str) -> dict[str, Number]:
    entry = parameters.block(written, "`event`", "{booking: 50%, collection: 50%}")
    parameters.known(entry, EVENTS, "the events that pay")
    return {word: _part(entry[word]) for word in entry}


def _advance(written: Any, place: str) -> Number:
    return _part(written)


def _hold(written: Any, place: str) -> Hold:
    entry = parameters.block(written, "`hold`", "{until: collected}")
    parameters.known(entry, ("until", "months"), "a hold")
    until = choice(entry, "until", ("collected", "employed"))
    if until == "collected" and "months" in entry:
        refuse(entry.places["months"], "`until: collected` counts no months", "leave them out")
    months = _months(needed(entry, "months", "months: 6")) if until == "employed" else 0
    return Hold(place, until, months)


def _draw(written: Any, place: str) -> Draw:
    example = "{kind: recoverable, amount: 2_000.00, months: 6}"
    entry = parameters.block(written, "`draw`", example)
    words = ("kind", "amount", "months", "from", "covers", "recover", "forgive")
    parameters.known(entry, words, "a draw")
    recoverable = choice(entry, "kind", ("recoverable", "non_recoverable")) == "recoverable"
    if "months" not in entry:
        refuse(place, "the draw has no end", "add `months: 6`")
    for word in ("recover", "forgive"):
        if word in entry and not recoverable:
            refuse(entry.places[word], "nothing of this draw is recovered", f"leave `{word}` out")
    recover = _recover(entry["recover"]) if "recover" in entry else {}
    after, on = _forgive(entry["forgive"]) if "forgive" in entry else (None, None)
    return Draw(
        place=place,
        recoverable=recoverable,
        amount=_amount(needed(entry, "amount", "amount: 2_000.00")),
        months=_months(entry["months"]),
        start=parameters.day(entry["from"]) if "from" in entry else None,
        covers=parameters.words(entry["covers"]) if "covers" in entry else (),
        share=recover.get("share", WHOLE),
        from_month=recover.get("from_month", 1),
        balance_limit=recover.get("balance_limit"),
        forgive_after=after,
        forgive_on=on,
    )


def _recover(written: Any) -> dict[str, Any]:
    readers = {"from_month": _months, "share": _part, "balance_limit": _amount}
    entry = parameters.block(written, "`recover`", "{from_month: 4, share: 50%}")
    parameters.known(entry, readers, "a recovery")
    return {word: readers[word](entry[word]) for word in entry}


def _forgive(written: Any) -> tuple[int | None, date | None]:
    """After which month, or on which day, what is still owed is forgiven."""
    entry = parameters.block(written, "`forgive`", "{after_month: 12}")
    parameters.known(entry, ("after_month", "date"), "forgiving")
    if len(entry) != 1:
        refuse(
            entry.place, "a draw is forgiven once", "write `after_month: 12` or `date: 2026-12-31`"
        )
    if "date" in entry:
        return None, parameters.day(entry["date"])
    return _months(entry["after_month"]), None


def _clawback(written: Any, place: str) -> Clawback:
    example = "{within_months: 12, schedule: pro_rata, at: current_curve}"
    entry = parameters.block(written, "`clawback`", example)
    parameters.known(entry, ("within_months", "schedule", "table", "at"), "a clawback")
    within = _months(needed(entry, "within_months", "within_months: 12"))
    schedule = choice(entry, "schedule", ("full", "pro_rata", "table"))
    if (schedule == "table") != ("table" in entry):
        wrong = "`schedule: table` and `table` go together"
        refuse(place, wrong, "write both, or neither")
    steps = _steps(entry["table"]) if schedule == "table" else ((0, WHOLE),)
    return Clawback(
        place, within, schedule, steps, choice(entry, "at", ("current_curve", "paid_rate"))
    )


def _steps(written: Any) -> tuple[tuple[int, Number], ...]:
    example = "[{from_month: 0, share: 100%}, {from_month: 6, share: 50%}]"
    if not isinstance(written, parameters.Items) or not written:
        refuse(parameters.place_of(written), "the table has no rows", f"write {example}")
    rows: list[tuple[int, Number]] = []
    for item in written:
        entry = parameters.block(item, "a row", "{from_month: 0, share: 100%}")
        parameters.known(entry, ("from_month", "share"), "a clawback's row")
        month = parameters.whole(needed(entry, "from_month", "from_month: 0"))
        if (rows and month <= rows[-1][0]) or (not rows and month != 0):
            wrong = f"the row from month {month} is out of order"
            refuse(entry.place, wrong, "begin with month 0 and rise, each month once")
        rows.append((month, _part(needed(entry, "share", "share: 100%"))))
    return tuple(rows)


def _guarantee(written: Any, place: str) -> Guarantee:
    entry = parameters.block(written, "`guarantee`", "{amount: 3_000.00, months: 3}")
    parameters.known(entry, ("amount", "months"), "a guarantee")
    if "months" not in entry:
        refuse(place, "the guarantee has no end", "add `months: 3`")
    amount = _amount(needed(entry, "amount", "amount: 3_000.00"))
    return Guarantee(place, amount, _months(entry["months"]))


def _minimum(written: Any, place: str) -> Bound:
    return _bound(written, place, "shortfall")


def _maximum(written: Any, place: str) -> Bound:
    return _bound(written, place, "excess")


def _payroll_rate(written: Any, place: str) -> str:
    if written not in PAYROLL_RATES:
        wrong = f"`payroll_rate: {parameters.shown(written)}` means nothing"
        refuse(place, wrong, f"write {parameters.nearest(written, PAYROLL_RATES)}")
    return str(written)


def _bound(written: Any, place: str, beyond: str) -> Bound:
    if not isinstance(written, Block):
        return Bound(place, _amount(written), later=True)
    parameters.known(written, ("amount", beyond), "a bound")
    amount = _amount(needed(written, "amount", "amount: 50_000.00"))
    return Bound(place, amount, choice(written, beyond, ("later", "lost"), "later") == "later")


TERMS: dict[str, Callable[[Any, str], Any]] = {
    "event": _event,
    "advance": _advance,
    "hold": _hold,
    "draw": _draw,
    "guarantee": _guarantee,
    "clawback": _clawback,
    "minimum": _minimum,
    "maximum": _maximum,
    "payroll_rate": _payroll_rate,
}


def _amount(written: Any) -> Number:
    made = number(written)
    if made.percent or made < 0:
        refuse(made.place, f"'{written}' is no amount of money", "write one, such as 2_000.00")
    return made


def _part(written: Any) -> Number:
    made = share(written)
    if not 0 < made <= 1:
        refuse(made.place, f"a share of {said(made)} cannot be meant", "write 1% to 100%")
    if made != round(made, FINEST):
        refuse(made.place, f"a share of {said(made)} is too fine to be exact", "write 33.33%")
    return made


def _months(written: Any) -> int:
    count = parameters.whole(written)
    if not 1 <= count <= 120:
        wrong = f"{count} months cannot be meant"
        refuse(parameters.place_of(written), wrong, "write 1 to 120")
    return count


WHOLE = Number(1)
WHOLE.place, WHOLE.percent = "", True
