"""Transparency: pages of the field as tables, for notebooks; and what must hold of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from spmlib.core.errors import ParameterError
from spmlib.core.field_pages import FieldPage, Report
from spmlib.core.tables import MONEY
from spmlib.motivate.visibility import drilled
from spmlib.motivate.visibility.written import WHAT
from spmlib.workbench.field.visibility import Field

if TYPE_CHECKING:
    import pandas as pd


def chosen(pages: Sequence[FieldPage], *viewers: str) -> list[FieldPage]:
    """The pages of some viewers, in their order.

    Raises:
        ParameterError: somebody has none.
    """
    by_viewer = {page.viewer_id: page for page in pages}
    without = [who for who in viewers if who not in by_viewer]
    if without:
        raise ParameterError(f"{without[0]} has no page; name somebody who holds a position.")
    return [by_viewer[who] for who in viewers]


def regions(page: FieldPage) -> pd.DataFrame:
    """Regions of a page: as `Region`, with the median."""
    import pandas as pd

    return pd.DataFrame([{**vars(one), "middle": one.middle} for one in page.regions])


def team(reports: tuple[Report, ...]) -> pd.DataFrame:
    """People of a page: payee_id, role, where they stand, pipeline, disputes, and where to look."""
    import pandas as pd

    return pd.DataFrame([_person(one) for one in reports])


def _person(one: Report) -> dict[str, Any]:
    flags = {"at risk": one.risk, "near a threshold": one.near, "little open": one.thin}
    stands = one.standing
    return {
        "payee_id": one.payee_id,
        "role": one.role,
        "attainment": _float(stands.attainment) if stands else None,
        "pace": _float(stands.pace) if stands else None,
        "state": stands.state if stands else "none",
        "pipeline": _float(one.pipeline or None),
        "cover": _float(one.cover or None),
        "disputes": one.disputes,
        "risk": one.risk,
        "look": ", ".join(word for word, holds in flags.items() if holds),
    }


def standings(page: FieldPage) -> pd.DataFrame:
    """Components with a quota: component, window, attainment, elapsed, state."""
    import pandas as pd

    return pd.DataFrame(
        [
            (one.component, one.window, float(one.attainment), float(one.elapsed), one.state)
            for one in page.standings
            if one.attainment is not None
        ],
        columns=["component", "window", "attainment", "elapsed", "state"],
    )


def curve(page: FieldPage) -> pd.DataFrame:
    """The curve of the first component: attainment, earned, here."""
    import pandas as pd

    return pd.DataFrame(page.standings[0].curve, columns=["attainment", "earned", "here"])


def start(page: FieldPage) -> float | None:
    """Where the next threshold of the first component lies, as a share of its quota."""
    ahead = page.standings[0].ahead
    return float(ahead.start) if ahead and ahead.of_quota else None


def ahead(page: FieldPage) -> pd.DataFrame:
    """What lies ahead, in words: component, window, threshold, missing, worth, rate, then ..."""
    import pandas as pd

    rows = []
    for one in page.standings:
        if one.ahead is None or one.steps is None:
            continue
        steps, of = one.steps, one.ahead
        rows.append(
            {
                "component": one.component,
                "window": one.window,
                "threshold": f"{of.start:.0%}" if of.of_quota else f"{of.start:,.0f}",
                "missing": f"{of.needed:,.0f}",
                "worth": f"{of.worth:,.2f}",
                "rate": f"{steps.rate:.2%}",
                "then": "" if steps.then is None else f"{steps.then:.2%}",
                "step": "" if steps.step_earns is None else f"{steps.step_earns:,.2f}",
                "deal": "" if steps.deal_earns is None else f"{steps.deal_earns:,.2f}",
            }
        )
    return pd.DataFrame(rows)


def way_down(of: Field) -> pd.DataFrame:
    """From the company to a line, always into the largest.

    Returns:
        level, name, amount, people, count, inside (the sum of what is under it; empty of a line).
    """
    rows, key = of.drilled, drilled.WHOLE
    told = []
    while True:
        (node,) = rows.filter(pl.col("key") == key).to_dicts()
        under = drilled.below(rows, key)
        inside = under["amount"].sum() / MONEY if len(under) else None
        known = of.regions if node["level"] == "region" else {}
        name = known.get(node["name"], node["name"])
        if node["level"] == "component":
            name = name.rpartition(".")[2].replace("_", " ")
        told.append({**node, "name": name, "amount": node["amount"] / MONEY, "inside": inside})
        if under.is_empty():
            break
        key = under["key"][0]
    import pandas as pd

    return pd.DataFrame(told)


def scopes(of: Field) -> pd.DataFrame:
    """How far each role sees, and of how many at most: role, viewers, and a column a kind."""
    roles = of.places.select(viewer_id="payee_id", role="role")
    seen = of.sights.group_by("viewer_id").agg(pl.col(what).sum() for what in WHAT)
    most = (
        seen.join(roles, on="viewer_id")
        .group_by("role")
        .agg(pl.len().alias("viewers"), *(pl.col(what).max() for what in WHAT))
    )
    rows = most.sort(pl.col("attainment") * -1, "role").to_dicts()
    for row in rows:
        for what in WHAT:
            scope, count = of.policy.scope(row["role"], what), row[what]
            row[what] = scope if scope == "own" else f"{scope}, up to {count}"
    import pandas as pd

    return pd.DataFrame(rows)


def everybody(page: FieldPage) -> pd.DataFrame:
    """Attainment of all whom a page compares."""
    made = team(page.everybody)
    return made[made["attainment"].notna()].reset_index(drop=True)


def checked(of: Field, pages: Sequence[FieldPage]) -> pd.DataFrame:
    """What must hold of a month's pages: check, says, holds."""
    import pandas as pd

    rows = of.drilled
    inside = rows.group_by("parent").agg(total=pl.col("amount").sum())
    both = rows.join(inside, left_on="key", right_on="parent")
    off = int((both["amount"] != both["total"]).sum())
    whole, lines = (rows.filter(level=level)["amount"].sum() for level in ("company", "line"))
    named = {page.viewer_id: {r.payee_id for r in (*page.team, *page.everybody)} for page in pages}
    over = [who for who, people in named.items() if people - of.sight(who).anybody]
    paid = [
        page.viewer_id
        for page in pages
        for one in (*page.team, *page.everybody)
        if one.earned is not None and one.payee_id not in of.sight(page.viewer_id).people["pay"]
    ]
    held = int(of.places["held"].sum())
    made = [
        ("Each level adds up to the one above", f"{off} of {len(both):,} do not", off == 0),
        ("The company is the sum of its lines", f"{len(of.lines):,} lines", whole == lines),
        ("Nobody is shown more people than allowed", f"{len(over)} are", not over),
        ("Nobody is shown more pay than allowed", f"{len(paid)} are", not paid),
        ("Whoever holds a position has a page", f"{len(pages)} of {held}", len(pages) == held),
    ]
    return pd.DataFrame(made, columns=["check", "says", "holds"])


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
