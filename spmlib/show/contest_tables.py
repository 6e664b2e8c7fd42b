"""Tables of contests: the SPIFFs there are, a race, points, badges and challenges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

NONE = "\N{EN DASH}"


def spiffs(table: pd.DataFrame, title: str) -> GT:
    """The SPIFFs of a company.

    Args:
        table: title, from, last, state, people, places, prizes, currency.
        title: above the table.
    """
    rows = table.assign(
        prizes=[words.money(row.prizes, row.currency) for row in table.itertuples()],
        **{name: [words.day(day) for day in table[name]] for name in ("from", "last")},
    )
    labels = {"title": "SPIFF", "from": "From", "last": "To", "state": "State"}
    labels |= {"people": "May win", "places": "Have a place", "prizes": "Prizes so far"}
    return built(rows, labels, title, right=["people", "places", "prizes"])


def race(table: pd.DataFrame, title: str, currency: str) -> GT:
    """Who stands where, what is won so far, and what comes next.

    Args:
        table: of `live.live`.
        title: above the table.
        currency: of prizes.
    """
    rows = table.assign(
        place=[_or_none(value, ".0f") for value in table["place"]],
        score=[f"{value:,.4g}" for value in table["score"]],
        prize=[words.money(value, currency) for value in table["prize"]],
        next=[NONE if words.missing(value) else value for value in table["next"]],
        behind=[_or_none(value, ",.4g") for value in table["behind"]],
        pace=[_or_none(value, ",.2g") for value in table["pace"]],
        moved=[_signed(value) for value in table["moved"]],
    )
    labels = {"place": "Place", "payee_id": "Person", "score": "Score", "prize": "Would win"}
    labels |= {"next": "Next", "behind": "Needs", "pace": "A week", "moved": "Since a week ago"}
    return built(rows, labels, title, right=["place", "score", "prize", "behind", "pace", "moved"])


def points(table: pd.DataFrame, title: str) -> GT:
    """Who has how many points, which level, and what is missing to the next.

    Args:
        table: of `games.totals`.
        title: above the table.
    """
    rows = table.assign(
        points=[f"{value:,.0f}" for value in table["points"]],
        level=[NONE if words.missing(value) else value for value in table["level"]],
        missing=[_or_none(value, ",.0f") for value in table["missing"]],
    )
    labels = {"place": "Place", "payee_id": "Person", "points": "Points", "level": "Level"}
    return built(
        rows, labels | {"missing": "To the next"}, title, right=["place", "points", "missing"]
    )


def challenges(table: pd.DataFrame, title: str) -> GT:
    """How far people and teams have come.

    Args:
        table: of `games.challenges`.
        title: above the table.
    """
    rows = table.assign(
        challenge=[words.title(name) for name in table["challenge"]],
        done=[f"{row.done:,.4g} of {row.goal:,.4g}" for row in table.itertuples()],
        share=[words.percent(value) for value in table["share"]],
        elapsed=[words.percent(value) for value in table["elapsed"]],
    )
    labels = {"challenge": "Challenge", "who": "Who", "done": "Done", "share": "Reached"}
    return built(rows, labels | {"elapsed": "Time gone"}, title, right=["done", "share", "elapsed"])


def badges(table: pd.DataFrame, title: str) -> GT:
    """Badges won: badge, payee_id, won_date."""
    rows = table.assign(
        badge=[words.title(name) for name in table["badge"]],
        won_date=[words.day(day) for day in table["won_date"]],
    )
    labels = {"badge": "Badge", "payee_id": "Person", "won_date": "Won"}
    return built(rows, labels, title, right=[])


def _or_none(value: float, how: str) -> str:
    return NONE if words.missing(value) else format(value, how)


def _signed(value: float) -> str:
    if words.missing(value):
        return "new"
    return "=" if value == 0 else f"{value:+.0f}"
