"""Told: an estimate as tables that a page can hold; their lines add up to what the deals bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.incent.estimating.deals import ticks
from spmlib.incent.estimating.estimates import Estimate, Part
from spmlib.incent.estimating.left import whole
from spmlib.incent.estimating.thresholds import ahead
from spmlib.incent.estimating.untold import paid_at_booking
from spmlib.incent.estimating.walks import Line, Walk
from spmlib.incent.explaining import pay_curves
from spmlib.incent.explaining.pieces import Measured, pieces
from spmlib.rules.curves import Bracket
from spmlib.rules.measures import MONEYS

if TYPE_CHECKING:
    import pandas as pd


def standings(of: Estimate) -> pd.DataFrame:
    """Where the person stands in each component, without and with the deals.

    Returns:
        component, measure, counts (a currency or units), quota, before, after (counted to date),
        attainment_before, attainment_after (share of quota), tier_before, tier_after (which row
        of how many), earned_before, earned_after (in the period, modifiers included).
    """
    import pandas as pd

    return pd.DataFrame(
        [_standing(of, of.before.parts[name], part) for name, part in of.after.parts.items()]
    )


def lines(of: Estimate) -> pd.DataFrame:
    """What each deal earns in each component that counts it, in the order in which they count.

    Returns:
        deal, day, component, credited, before, after (counted to date), attainment (share of
        quota after it), tier, rate (earned for each 1 counted), amount [currency], words (bracket
        by bracket), place.
    """
    import pandas as pd

    columns = "deal day component credited before after attainment tier rate amount words place"
    rows = [row for part in of.after.parts.values() for row in _lines(of, part)]
    ordered = sorted(rows, key=lambda row: (row["day"], row["deal"]))
    return pd.DataFrame(ordered, columns=columns.split())


def changes(of: Estimate) -> pd.DataFrame:
    """All that the deals bring, in lines that add up: deals, and what changes with them.

    Returns:
        what (deals, other deals, restatement, gate, multiplier, cap, floor), component (empty: the
        whole plan), says, amount [currency]; lines of nothing are left out.
    """
    import pandas as pd

    rows = [
        row for name in of.after.parts for row in _changes(of, name) if row["amount"] or row["says"]
    ]
    rows += list(_moved(of, of.before.effects, of.after.effects, ""))
    return pd.DataFrame(rows, columns=["what", "component", "says", "amount"])


def deals(of: Estimate) -> pd.DataFrame:
    """What each deal earns in all.

    Returns:
        deal, day, amount and currency (its own), counts_in (components), earned, at_booking (of it,
        paid once it is booked; none where pay waits for more than events), later [plan currency].
    """
    import pandas as pd

    earned = lines(of)
    share, _ = paid_at_booking(of.standing)
    rows = []
    for deal in sorted(of.deals, key=lambda deal: (deal.day, deal.deal_id)):
        own = earned[earned["deal"] == deal.deal_id]
        total = sum(own["amount"], Decimal(0))
        booked = sum((_part_of(of, amount, share) for amount in own["amount"]), Decimal(0))
        rows.append(
            {
                "deal": deal.deal_id,
                "day": deal.day,
                "amount": Decimal(ticks(deal.amount, "money", deal.deal_id) or 0) / MONEY,
                "currency": deal.currency,
                "counts_in": ", ".join(dict.fromkeys(own["component"])),
                "earned": total,
                "at_booking": booked,
                "later": total - booked,
            }
        )
    columns = "deal day amount currency counts_in earned at_booking later"
    return pd.DataFrame(rows, columns=columns.split())


def thresholds(of: Estimate) -> pd.DataFrame:
    """What lies ahead on each curve: one row of `thresholds.ahead` each."""
    import pandas as pd

    rows = [vars(one) for one in ahead(of)]
    made = pd.DataFrame(rows)
    exact = ("attainment", "start", "rate", "then")
    return made.assign(**{c: [_float(v) for v in made[c]] for c in exact if c in made})


def curve(of: Estimate, component: str | None = None) -> pd.DataFrame:
    """A component's curve, with where the person stands now and comes to, deal by deal.

    Args:
        of: the estimate.
        component: the first with a quota if not given.

    Returns:
        As `pay_curves.curve`, of the window at the period's end; and at: ``now`` where the person
        stands without the deals, the deal's name where each one ends, else empty.

    Raises:
        ParameterError: there is no such component, or it has no curve to date.
    """
    name = component or main(of)
    part = of.after.parts.get(name)
    if part is None or not part.walks or part.component.alone:
        known = ", ".join(n for n, p in of.after.parts.items() if p.walks and not p.component.alone)
        raise ParameterError(f"'{name}' has no curve to date; write one of: {known or 'none'}.")
    walk = part.walks[-1]
    if walk.measured.stick <= 0:
        raise ParameterError(f"{of.standing.payee_id} has no quota for '{name}'.")
    terms = [dict(term) for term in walk.terms]
    marks = {of.before.parts[name].walks[-1].x: "now"}
    marks |= {line.after: line.deal for line in walk.lines if line.deal}
    return _marked(part, terms, marks)


def _marked(part: Part, terms: list[dict[str, Any]], marks: Mapping[int, str]) -> pd.DataFrame:
    import pandas as pd

    frames = []
    for x, mark in marks.items():
        standing = terms[-1] | {"after": x}
        frame = pay_curves.points(part.component, [*terms[:-1], standing], standing)
        frames.append(frame.assign(at=[mark if here else "" for here in frame["here"]]))
    drawn = frames[-1]
    marked = [frame[frame["here"]] for frame in frames[:-1]]
    return pd.concat([drawn, *marked]).sort_values("credited", kind="stable", ignore_index=True)


def summary(of: Estimate) -> dict[str, Any]:
    """What matters most, of the component that counts first.

    Returns:
        payee_id, period, title (of the plan), currency, component, measure, counts, earned (what
        the deals bring), month_before, month_after, year_after, share_at_booking, deals (how many),
        attainment_before, attainment_after, needed, start, worth, jump, rate, then (of the next
        threshold; empty where there is none), untold.
    """
    name = main(of)
    own = standings(of)
    row = own[own["component"] == name].iloc[0]
    next_ = [one for one in ahead(of) if one.component == name]
    wanted = ("needed", "start", "worth", "jump", "rate", "then")
    told = {w: getattr(next_[0], w) if next_ else None for w in wanted}
    chosen = ("component", "measure", "counts", "attainment_before", "attainment_after")
    return {
        "payee_id": of.standing.payee_id,
        "period": of.standing.ready.period,
        "title": of.standing.plan.title,
        "currency": of.currency,
        "earned": of.change,
        "month_before": of.month[0],
        "month_after": of.month[1],
        "year_after": of.year[1],
        "share_at_booking": paid_at_booking(of.standing)[0],
        "deals": len(of.deals),
        **{c: row[c] for c in chosen},
        **told,
        "untold": of.untold,
    }


def main(of: Estimate) -> str:
    """The first component with a quota and a curve, else the first with a curve, else the first."""
    running = [n for n, p in of.after.parts.items() if p.walks and not p.component.alone]
    quota = [
        n
        for n in running
        if of.after.parts[n].component.thresholds == "quota"
        and of.after.parts[n].walks[-1].measured.stick > 0
    ]
    return (quota or running or list(of.after.parts))[0]


# --- rows --------------------------------------------------------------------------------------


def _standing(of: Estimate, before: Part, after: Part) -> dict[str, Any]:
    component = after.component
    measure = of.standing.ready.parameters.measures[component.measure]
    term = of.standing.held[component.name].stands
    quota = term["quota"] if component.thresholds == "quota" else None
    x = [sum(w.x for w in part.walks) for part in (before, after)]
    return {
        "component": component.name,
        "measure": measure.title,
        "counts": component.currency if measure.sums in MONEYS else "units",
        "quota": None if quota is None else Decimal(quota) / MONEY,
        "before": Decimal(x[0]) / MONEY,
        "after": Decimal(x[1]) / MONEY,
        "attainment_before": x[0] / quota if quota else None,
        "attainment_after": x[1] / quota if quota else None,
        "tier_before": _tier(before),
        "tier_after": _tier(after),
        "earned_before": of.money(before.amount),
        "earned_after": of.money(after.amount),
    }


def _tier(part: Part) -> str:
    if not part.walks or part.component.alone:
        return ""
    walk = part.walks[-1]
    return _row(walk.measured, walk.measured.bracket(Fraction(walk.x)))


def _row(curve: Measured, bracket: Bracket) -> str:
    """Which row of the table a bracket is of, of how many."""
    rows = list(dict.fromkeys((b.place, b.gives) for b in curve.curve))
    own = (bracket.place, bracket.gives)
    return f"{rows.index(own) + 1} of {len(rows)}" if own in rows else ""


def _lines(of: Estimate, part: Part) -> Iterator[dict[str, Any]]:
    component = part.component
    for walk in part.walks:
        for line in walk.lines:
            if not line.deal:
                continue
            amount, bracket = of.money(line.amount), line.bracket
            assert bracket is not None  # every line of a deal reached one
            there = component.thresholds == "quota" and walk.measured.stick > 0
            yield {
                "deal": line.deal,
                "day": line.day,
                "component": component.name,
                "credited": Decimal(line.credited) / MONEY,
                "before": Decimal(line.before) / MONEY,
                "after": Decimal(line.after) / MONEY,
                "attainment": float(line.after / walk.measured.stick) if there else None,
                "tier": _row(walk.measured, bracket),
                "rate": float(amount) * MONEY / line.credited if line.credited else None,
                "amount": amount,
                "words": "; ".join(_words(walk, line)),
                "place": str(bracket.place),
            }


def _words(walk: Walk, line: Line) -> list[str]:
    assert line.bracket is not None  # as above
    row = {
        "event_date": line.day,
        "credited": line.credited,
        "before": line.before,
        "after": line.after,
        "amount": line.amount * int(walk.measured.unit),
        "source": line.bracket.place,
    }
    return [piece.words for piece in pieces(walk.component, walk.terms, row)]


def _changes(of: Estimate, name: str) -> Iterator[dict[str, Any]]:
    before, after = of.before.parts[name], of.after.parts[name]

    def row(what: str, amount: int, says: str = "") -> dict[str, Any]:
        return {"what": what, "component": name, "says": says, "amount": of.money(amount)}

    new = [ln for walk in after.walks for ln in walk.lines if ln.deal]
    booked = [ln.amount for walk in after.walks for ln in walk.lines if not ln.deal]
    was = [ln.amount for walk in before.walks for ln in walk.lines]
    yield row("deals", sum(ln.amount for ln in new))
    yield row("other deals", sum(booked) - sum(was))
    restated = [sum(walk.restated for walk in part.walks) for part in (after, before)]
    yield row("restatement", restated[0] - restated[1])
    yield from _moved(of, before.effects, after.effects, name)


def _moved(
    of: Estimate, before: tuple[Any, ...], after: tuple[Any, ...], name: str
) -> Iterator[dict[str, Any]]:
    """The lines of modifiers that differ, or whose state does."""
    for was, now in zip(before, after, strict=True):
        says = now.says if now.says == was.says else f"{was.says}, then {now.says}"
        if now.amount != was.amount or now.says != was.says:
            amount = of.money(now.amount - was.amount)
            yield {"what": now.modifier.kind, "component": name, "says": says, "amount": amount}


def _part_of(of: Estimate, amount: Decimal, share: float) -> Decimal:
    unit = of.money(1)
    return of.money(whole(Fraction(amount) / Fraction(unit) * Fraction(str(share))))


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
