"""Points: amounts at shares of quota, and where the new terms pay more, in words."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from spmlib.core.letters import SameDeals, Standpoint, Stretch
from spmlib.show.documents import Reader
from spmlib.show.letters import drawn

MORE = {1: "pays_more", 0: "pays_same", -1: "pays_less"}


def points(
    of: SameDeals,
    start: str,
    amounts: Callable[[Decimal, Decimal], list[str]],
    reader: Reader,
) -> list[dict[str, Any]]:
    """Each component that pays otherwise: heading, sentence, rows, note, picture.

    Args:
        of: the deals it stands beside.
        start: from when, as a day is written.
        amounts: writes what was, what is, and the difference.
        reader: whose words.
    """
    last = reader.day(of.until - timedelta(days=1), "medium")
    return [_point(one, of.currency, start, last, amounts, reader) for one in of.standpoints]


def _point(
    of: Standpoint,
    currency: str,
    start: str,
    last: str,
    amounts: Callable[[Decimal, Decimal], list[str]],
    reader: Reader,
) -> dict[str, Any]:
    name = of.component.replace("_", " ").capitalize()
    rows = [[_share(share, reader), *amounts(was, now)] for share, was, now in of.pays]
    if of.stood is not None:
        share, was, now = of.stood
        here = reader.say("stood", share=_share(share, reader), day=last)
        rows.append([here, *amounts(was, now)])
    quota = reader.number(of.quota, 0 if of.quota == of.quota.to_integral_value() else 2)
    sentence = _sentence(of.stretches, reader)
    svg = drawn.curves(of, currency, start, reader)
    return {
        "heading": reader.say("heading_points", component=name, quota=quota),
        "sentence": sentence,
        "rows": rows,
        "note": reader.say("points_partly") if of.partly else "",
        "svg": svg,
        "picture": base64.b64encode(svg.encode()).decode(),
        "alt": reader.say("points_alt", component=name, sentence=sentence),
    }


def _sentence(of: tuple[Stretch, ...], reader: Reader) -> str:
    """Where the new terms pay more, in words."""
    if len(of) == 1:
        return reader.say(f"{MORE[of[0].more]}_everywhere")
    told = "; ".join(_stretch(one, reader) for one in of)
    return reader.say("pays_by", stretches=told)


def _stretch(of: Stretch, reader: Reader) -> str:
    more, start = reader.say(MORE[of.more]), _share(of.start, reader)
    if of.end is None:
        return reader.say("stretch_above", more=more, start=start)
    end = _share(of.end, reader)
    if of.start == 0:
        return reader.say("stretch_up_to", more=more, end=end)
    return reader.say("stretch_between", more=more, start=start, end=end)


def _share(share: Fraction, reader: Reader) -> str:
    """A share of quota to a tenth of a percent, as far as it needs."""
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return reader.share(exact, 0 if (100 * share).denominator == 1 else 1)
