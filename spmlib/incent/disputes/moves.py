"""Moves: what may happen to a dispute, one thing after the other, and who may do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from spmlib.core.errors import SpmError
from spmlib.core.tables import DisputeMoves
from spmlib.incent.disputes.written import REMEDIES, Decisions

MOVES: tuple[str, ...] = DisputeMoves.move.among
PERMITTED: dict[str, tuple[str, ...]] = {
    "": ("raised",),
    "raised": ("acknowledged", "withdrawn"),
    "acknowledged": ("investigating", "accepted", "rejected", "withdrawn"),
    "investigating": ("accepted", "rejected", "withdrawn"),
    "accepted": ("closed",),  # by a close alone: what is granted is then paid
    "rejected": (),
    "withdrawn": (),
    "closed": (),
}
OPEN = ("raised", "acknowledged", "investigating")
DECISIONS = ("accepted", "rejected")


class MoveRefused(SpmError):
    """A dispute is not where it could be moved so, or not by whom."""


@dataclass(frozen=True)
class Claim:
    """What is disputed, and what is said of it."""

    payee_id: str
    plan: str
    period: str
    ended: date  # first day after the period of the statement
    lines: tuple[str, ...]  # line_id of each; empty: a transaction without a line
    transaction_id: str
    claimed: Decimal | None  # what is missing [plan currency]
    currency: str
    says: str
    cause: str = ""


def permitted(last: str) -> tuple[str, ...]:
    """The moves that may follow a move.

    Args:
        last: the last move; empty if there was none.

    >>> permitted("raised")
    ('acknowledged', 'withdrawn')
    """
    return PERMITTED[last]


def refuse(dispute_id: str, last: str, move: str) -> None:
    """Refuse a move that may not follow the last one.

    Raises:
        MoveRefused: it may not.
    """
    options = PERMITTED[last]
    if move not in options:
        stands = f"it is {last}" if last else "nothing is on record of it"
        right = f"it may be {' or '.join(options)}" if options else "that is its end; raise another"
        raise MoveRefused(f"{dispute_id}: it cannot be {move}, {stands}; {right}.")


def raised(
    dispute_id: str,
    claim: Claim,
    by: str,
    day: date,
    decided: Decisions,
    known: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The row by which a dispute is raised.

    Args:
        dispute_id: a new one.
        claim: what is disputed.
        by: who says so.
        day: on which.
        decided: the company's decisions.
        known: moves that stand.

    Raises:
        MoveRefused: nobody says so, nothing is named, the window is over, or the lines are already
            disputed by an open dispute.
    """
    name(by, dispute_id)
    if not claim.lines and not claim.transaction_id:
        _refuse(dispute_id, "no line is named", "name lines of the statement, or a transaction")
    if len(set(claim.lines)) < len(claim.lines):
        _refuse(dispute_id, "a line is named twice", "name each once")
    if not claim.says.strip():
        _refuse(dispute_id, "nothing is said", "say what is wrong")
    if claim.claimed is not None and claim.claimed == 0:
        _refuse(dispute_id, "0 is claimed", "say what is missing, or leave the amount out")
    if (day - claim.ended).days >= decided.window:
        until = f"{decided.window} days after {claim.period} ended"
        _refuse(dispute_id, f"the window ended {until}", "raise disputes within it")
    _refuse_open(dispute_id, claim, known)
    if claim.cause:
        decided.refuse_cause(claim.cause)
    return {
        "dispute_id": dispute_id,
        "move": "raised",
        "move_date": day.isoformat(),
        "by": by,
        "payee_id": claim.payee_id,
        "plan": claim.plan,
        "period": claim.period,
        "lines": " ".join(claim.lines),
        "transaction_id": claim.transaction_id,
        "claimed": None if claim.claimed is None else str(claim.claimed),
        "currency": claim.currency,
        "cause": claim.cause,
        "owner": decided.owner(claim.cause),
        "due_date": decided.due(day, claim.cause, claim.claimed, claim.currency).isoformat(),
        "reason": claim.says,
    }


def moved(
    rows: Sequence[Mapping[str, Any]],
    move: str,
    by: str,
    day: date,
    decided: Decisions,
    said: Mapping[str, Any],
) -> dict[str, Any]:
    """The row by which a dispute is moved on.

    Args:
        rows: the moves of the dispute so far, in order.
        move: what happens: not raised, nor closed.
        by: who does it.
        day: on which.
        decided: the company's decisions.
        said: what else: cause, owner, granted [plan currency], remedy, approved_by, reason.

    Raises:
        MoveRefused: it may not follow, is not that person's to do, or lacks what it needs.
    """
    first, last = rows[0], rows[-1]
    named = first["dispute_id"]
    name(by, named)
    refuse(named, last["move"], move)
    if day < as_day(last["move_date"]):
        _refuse(named, f"{day} is before its last move", f"write {last['move_date']} or later")
    if move == "withdrawn" and by not in (first["by"], first["payee_id"]):
        _refuse(named, f"{by} did not raise it", f"let {first['by']} withdraw it, or reject it")
    if move in DECISIONS:
        _refuse_decider(first, by, decided)
        if not str(said.get("reason") or "").strip():
            _refuse(named, "no reason is given", "say why")
    if cause := said.get("cause"):
        decided.refuse_cause(cause)
    kept = {key: value for key, value in said.items() if value not in (None, "")}
    if move == "accepted":
        if not any(row.get("cause") for row in (*rows, kept)):
            _refuse(named, "no cause is given", f"say one of: {', '.join(decided.causes)}")
        kept |= _granted(first, by, decided, said)
    elif said.get("granted") is not None:
        _refuse(named, f"nothing is granted when it is {move}", "leave the amount out")
    row = {"dispute_id": named, "move": move, "move_date": day.isoformat(), "by": by, **kept}
    if (cause := kept.get("cause")) and "owner" not in kept and move not in DECISIONS:
        row["owner"] = decided.owner(cause)
    return row


def closed(dispute_id: str, number: int, period: str, day: date) -> dict[str, Any]:
    """The row by which a close ends a dispute that it paid."""
    return {
        "dispute_id": dispute_id,
        "move": "closed",
        "move_date": day.isoformat(),
        "by": f"close {number}",
        "close": number,
        "reason": f"in the close of {period}",
    }


def name(by: str, dispute_id: str) -> None:
    """Refuse what nobody does."""
    if not by.strip():
        _refuse(dispute_id, "nobody says so", "write who does")


def as_day(value: Any) -> date:
    """A day, from a day or from its text."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _granted(
    first: Mapping[str, Any], by: str, decided: Decisions, said: Mapping[str, Any]
) -> dict[str, Any]:
    """Amount, remedy and second pair of eyes of an accepted dispute, each as it has to be."""
    named, granted, remedy = first["dispute_id"], said.get("granted"), said.get("remedy")
    if granted is None:
        _refuse(named, "no amount is granted", "say how much")
    granted = Decimal(str(granted))
    if granted == 0:
        _refuse(named, "0 is granted", "reject it, saying why")
    if granted != round(granted, decided.places(first["currency"])):
        wrong = f"{granted} has more decimals than {first['currency']}"
        _refuse(named, wrong, "grant what can be paid")
    if remedy not in REMEDIES:
        _refuse(named, f"remedy '{remedy or ''}' means nothing", "say data or adjustment")
    second = said.get("approved_by") or ""
    if decided.needs_second(granted, first["currency"]):
        if not second:
            limit = "above what one alone may grant"
            _refuse(named, f"{granted} {first['currency']} is {limit}", "name who approves it too")
        if second == by:
            _refuse(named, f"{by} decides and approves", "let somebody else approve it")
        _refuse_decider(first, second, decided)
    return {"granted": str(granted), "remedy": remedy}


def _refuse_decider(first: Mapping[str, Any], by: str, decided: Decisions) -> None:
    named = first["dispute_id"]
    if by in (first["payee_id"], first["by"]):
        _refuse(named, f"{by} raised it", "let somebody else decide it")
    if by not in decided.deciders:
        _refuse(named, f"{by} may not decide", f"ask one of: {', '.join(decided.deciders)}")


def _refuse_open(dispute_id: str, claim: Claim, known: Sequence[Mapping[str, Any]]) -> None:
    """Refuse lines, or a transaction, that another dispute is about and undecided or unpaid."""
    last = {row["dispute_id"]: row["move"] for row in known}
    for row in known:
        alive = row["move"] == "raised" and last[row["dispute_id"]] in (*OPEN, "accepted")
        if not alive or row["payee_id"] != claim.payee_id:
            continue
        same = sorted(set((row.get("lines") or "").split()) & set(claim.lines))
        if claim.transaction_id and row.get("transaction_id") == claim.transaction_id:
            same.append(claim.transaction_id)
        if same:
            wrong = f"{', '.join(same)} is disputed by {row['dispute_id']} already"
            _refuse(dispute_id, wrong, "wait for its end, or withdraw it")


def _refuse(dispute_id: str, wrong: str, right: str) -> None:
    raise MoveRefused(f"{dispute_id}: {wrong}; {right}.")
