"""Written: what a month's run is to do beside its work, ``parameters/policies/monthly.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spmlib.core import parameters
from spmlib.core.parameters import Block, refuse
from spmlib.workbench.post import addresses

WORDS = ("most_refused", "summary")
SUMMARY = ("send", "to")


@dataclass(frozen=True)
class Policy:
    """What a company decides of its monthly run.

    Attributes:
        most_refused: rows of data that may be refused, and the month still is well and is closed.
        to: who gets the summary by mail; nobody if it is not sent.
    """

    most_refused: int = 0
    to: tuple[str, ...] = ()


def read(path: Path) -> Policy:
    """The policy of a file; where there is none no refused row is borne and no mail is sent.

    Raises:
        ParameterError: a word is unknown or means nothing, or a summary has nobody to go to.
    """
    if not path.exists():
        return Policy()
    entry = parameters.read(path)
    parameters.known(entry, WORDS, "monthly")
    most = parameters.whole(entry["most_refused"]) if "most_refused" in entry else 0
    if most < 0:
        refuse(entry.places["most_refused"], f"{most} rows are no number", "write 0 or more")
    return Policy(most, _to(entry))


def _to(entry: Block) -> tuple[str, ...]:
    if "summary" not in entry:
        return ()
    said = parameters.block(entry["summary"], "`summary`", "summary: {send: no}")
    parameters.known(said, SUMMARY, "summary")
    if parameters.choice(said, "send", ("yes", "no"), "no") == "no":
        return ()
    needed = parameters.needed(said, "to", "to: [revops@firm.example]")
    found = tuple(map(str, parameters.words(needed)))
    for address in found:
        if wrong := addresses.wrong(address):
            right = "write one as revops@firm.example"
            refuse(parameters.place_of(needed), f"'{address}' {wrong}", right)
    if not found:
        refuse(parameters.place_of(needed), "a summary has nobody to go to", "name an address")
    return found
