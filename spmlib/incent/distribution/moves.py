"""Moves: what may happen to a document on its way, one thing after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from spmlib.core.errors import SpmError
from spmlib.core.tables import DeliveryMoves

MOVES: tuple[str, ...] = DeliveryMoves.move.among
WAYS = ("prepared", "sending", "sent", "failed", "bounced")  # of the document itself
CHASES = ("chased", "escalated")  # reminders that went out
ENDS = ("acknowledged", "withdrawn")
_OUT = {"bounced", "chasing", "chased", "escalated", *ENDS}  # of what has left
PERMITTED: dict[str, set[str]] = {
    "": {"prepared", "sending", "sent"},
    "prepared": {"sending", "sent", "withdrawn"},
    "sending": {"sent", "failed", "bounced", *ENDS},
    "sent": _OUT,
    "failed": {"sending", "sent", "withdrawn"},
    "bounced": {"sending", "sent", "withdrawn"},
    "chasing": {"chased", "not_chased", "escalated", "bounced", *ENDS},
    "chased": _OUT,
    "not_chased": _OUT,
    "escalated": _OUT,
    "acknowledged": {"withdrawn"},
    "withdrawn": set(),
}
AGAIN: dict[str, set[str]] = {  # what may be done again by who says so
    "sending": {"sending"},
    "sent": {"sending"},
    "chasing": {"chasing", "sending"},
    "chased": {"sending"},
    "not_chased": {"sending"},
    "escalated": {"sending"},
}


class MoveRefused(SpmError):
    """A document is not where it could be moved so."""


def permitted(last: str, again: bool = False) -> set[str]:
    """The moves that may follow a move.

    Args:
        last: the last move; empty if there was none.
        again: whether what has left, or may have left, may be sent once more.

    >>> sorted(permitted("failed"))
    ['sending', 'sent', 'withdrawn']
    >>> permitted("sending") & {"sending"}, permitted("sending", again=True) & {"sending"}
    (set(), {'sending'})
    """
    return PERMITTED[last] | (AGAIN.get(last, set()) if again else set())


def refuse(delivery_id: str, last: str, move: str, again: bool = False) -> None:
    """Refuse a move that may not follow the last one.

    Raises:
        MoveRefused: it may not.
    """
    options = permitted(last, again)
    if move not in options:
        stands = f"it was {last} last" if last else "nothing is on record of it"
        right = f"it may be {', '.join(sorted(options))}" if options else "nothing may follow"
        raise MoveRefused(f"{delivery_id}: it cannot be {move}, {stands}; {right}.")


def lasts(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The last move of each delivery, from rows in the order in which they happened.

    A move that a run records of what it began (sent, failed, chased …) does not undo what people
    said in the meantime: acknowledged stays so.
    """
    found: dict[str, str] = {}
    for row in rows:
        before, move = found.get(row["delivery_id"], ""), row["move"]
        if before not in ENDS or move == "withdrawn":
            found[row["delivery_id"]] = move
    return found
