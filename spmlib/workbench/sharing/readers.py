"""Readers: who may see which page, as ``parameters/policies/shared.yaml`` decides.

::

    person: [payee, viewer]              # parameters of notebooks that say whose page it is
    pages:
      10_forecast: [managers, finance]
      30_leaderboards: [finance, person] # and whoever the page was made for

Nothing follows from anything else: finance sees what is written for finance or for everyone. Of a
notebook that is not named, finance alone sees the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spmlib.core import parameters
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import refuse

FILE = "policies/shared.yaml"
EVERYONE, PERSON, FINANCE = "everyone", "person", "finance"
GROUPS = (EVERYONE, "managers", FINANCE)
UNSAID = (FINANCE,)


@dataclass(frozen=True)
class Reader:
    """For whom pages are: a group of people, or one person."""

    group: str  # of GROUPS, or PERSON
    payee_id: str = ""

    def __str__(self) -> str:
        """The group, or the person's id."""
        return self.payee_id or self.group


@dataclass(frozen=True)
class Policy:
    """Who may see which page."""

    person: tuple[str, ...]
    pages: Mapping[str, tuple[str, ...]]

    def readers(self, name: str) -> tuple[str, ...]:
        """Who may see a notebook's page."""
        return self.pages.get(name, UNSAID)

    def owner(self, settings: Mapping[str, Any]) -> str | None:
        """Whose page it is that was made with these settings.

        Returns:
            The person whom they name; None if they name nobody, or name somebody twice: as the
            payee and as the manager of a team, whose pay the page then holds.

        Example:
            >>> Policy(("payee", "viewer"), {}).owner({"payee": "H1", "viewer": "", "top": "5"})
            'H1'
        """
        named = [str(settings[key]) for key in set(self.person) if settings.get(key)]
        return named[0] if len(named) == 1 else None

    def shows(self, name: str, settings: Mapping[str, Any], reader: Reader) -> bool:
        """Whether a reader may see a notebook's page that was made with these settings."""
        may = self.readers(name)
        own = PERSON in may and reader.group == PERSON and self.owner(settings) == reader.payee_id
        return own or EVERYONE in may or reader.group in set(may) - {PERSON}


def read(path: Path, notebooks: Iterable[str]) -> Policy:
    """The policy that a file holds; without a file, finance alone sees every page.

    Args:
        path: ``policies/shared.yaml`` of a company's parameters.
        notebooks: the names there are.

    Raises:
        ParameterError: a notebook or a reader is none that there is, or a page is for nobody.
    """
    if not path.exists():
        return Policy((), {})
    entry = parameters.read(path)
    parameters.known(entry, ("person", "pages"), "a policy of sharing")
    example = "20_crediting: [finance]"
    pages = parameters.block(parameters.needed(entry, "pages", "pages:"), "'pages'", example)
    parameters.known(pages, notebooks, "the notebooks' folder")
    person = parameters.words(entry["person"]) if "person" in entry else ()
    return Policy(person, {str(name): _readers(pages, name, person) for name in pages})


def reader(group: str, person: str) -> Reader:
    """The reader that a command names, by one of two words.

    Raises:
        ParameterError: none is named, both are, or a group that there is not.
    """
    if bool(group) == bool(person):
        raise ParameterError(f"for whom: say one; --for {'|'.join(GROUPS)}, or --person H1064.")
    if group and group not in GROUPS:
        near = parameters.nearest(group, GROUPS)
        raise ParameterError(f"--for {group}: there is no such group; write {near}.")
    return Reader(group or PERSON, person)


def _readers(pages: parameters.Block, name: str, person: tuple[str, ...]) -> tuple[str, ...]:
    place, known = pages.places[name], (*GROUPS, PERSON)
    written = parameters.words(pages[name])
    if not written:
        refuse(place, f"nobody may see the page of '{name}'", f"write {name}: [{FINANCE}]")
    for word in written:
        if word not in known:
            wrong = f"'{parameters.shown(word)}' is no reader"
            refuse(place, wrong, f"write {parameters.nearest(word, known)}")
    if PERSON in written and not person:
        wrong = f"'{name}' is for a person, and nothing says whose page it is"
        refuse(place, wrong, "add `person: [payee]`, the parameters of notebooks that say it")
    return tuple(str(word) for word in written)
