"""Rendered: a field page as HTML, nothing from outside, nothing that runs; and who has one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from spmlib.core.field_pages import FieldPage
from spmlib.show import documents
from spmlib.show.documents import Reader
from spmlib.show.field.sections import said

FOLDER = Path(__file__).parent


def html(page: FieldPage) -> bytes:
    """A field page as one HTML page."""
    reader = _reader(page.locale)
    told = said(page, reader)
    return documents.page(FOLDER / "field.html.j2", reader, told["heading"], told).encode()


def index(period: str, rows: Sequence[tuple[str, str, str, str]], locale: str = "en_US") -> bytes:
    """The list of a month's pages, for who hands them out: team, person, role and address of each.

    Args:
        period: the month.
        rows: team, payee_id, role, address.
        locale: whose words.
    """
    reader = _reader(locale)
    teams: dict[str, list[tuple[str, str, str]]] = {}
    for team, payee_id, role, address in rows:
        teams.setdefault(team, []).append((payee_id, role.replace("_", " "), address))
    told: dict[str, Any] = {
        "heading": reader.say("title_index", period=period),
        "teams": list(teams.items()),
    }
    return documents.page(FOLDER / "index.html.j2", reader, told["heading"], told).encode()


@cache
def _reader(locale: str) -> Reader:
    return Reader.of(FOLDER, locale)
