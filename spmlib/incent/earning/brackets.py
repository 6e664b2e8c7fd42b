"""Brackets: every component's curve as rows of integers, ready for each person's quota and target.

In a bracket a person has earned, in minor units, before rounding::

    (A + B x + C x^2) / D        x: credited to date [ticks]

A, B, C and D are whole numbers made of the plan's exact fractions (`rules.curves`), the person's
quota or one unit (S, the stick that thresholds count in) and target, rate or one unit (M, the stick
of pay). They are wide: a product that would not fit is refused, never wrapped. `evaluation` says
what they give at a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import narwhals as nw

from spmlib.core import conversion, engine, parameters
from spmlib.core.errors import PlanError
from spmlib.core.tables import MONEY, SHARE, Table
from spmlib.rules import curves
from spmlib.rules.plans import Component

NEVER = 2**62  # a threshold that no 64-bit amount reaches
LARGEST = 1e37  # wide integers hold 1.7e38
PARTS = ("start", "constant", "slope", "bend")


@dataclass(frozen=True)
class Brackets:
    """The brackets of all curves.

    ``rows`` has one row for each component, version of its table and cell: what is common to its
    brackets, and ``start_0, constant_0, slope_0, bend_0, place_0, start_1 ...``.
    """

    rows: Table[Any]
    most: int  # the number of brackets in the longest curve
    bent: bool  # whether any curve is quadratic
    places: tuple[str, ...]
    width: Any = engine.WIDE  # of the integers in which curves are evaluated


def brackets(components: Sequence[Component]) -> Brackets:
    """The curves of the components, which are numbered in their order."""
    places: dict[str, int] = {}
    rows = [
        row
        for number, component in enumerate(components)
        if component.thresholds != "place"
        for row in _rows(number, component, places)
    ]
    for component in components:  # the rows of rankings have a place of their own, and no curve
        for row in (row for table in component.tables.values() for row in table):
            places.setdefault(row.place, len(places))
    most = max((len(row["curve"]) for row in rows), default=1)
    flat = [_flat(row, most) for row in rows] or [_flat(_nothing(), most)]
    columns = {name: [row[name] for row in flat] for name in flat[0]}
    bent = any(any(row[f"bend_{k}"] for k in range(most)) for row in flat)
    schema = {name: _kind(name) for name in columns}
    return Brackets(engine.made(columns, schema), most, bent, tuple(places))


def curved(goals: Table[Any], made: Brackets, on: Sequence[str]) -> Table[Any]:
    """The curve of each row of goals.

    Args:
        goals: with the columns of ``on``, quota, target and personal_rate.
        on: the columns that name a curve: component, version, perhaps cell.

    Returns:
        The rows of goals with ``from_k, a_k, b_k, c_k, place_k`` and ``d``. Without a quota where
        one is needed, nothing is earned: ``d`` is 1, the rest 0.

    Raises:
        OverflowRefused: a product of the plan's numbers and the person's would not fit.
    """
    joined = goals.join(made.rows, on=list(on)).with_columns(stick=_stick(), pay=_pay())
    joined = engine.kept(joined)
    _refuse_overflow(joined, made)
    there = nw.col("stick") > 0
    columns: dict[str, nw.Expr] = {}
    for k in range(made.most):
        for name, expression in _of_bracket(k).items():
            columns[f"{name}_{k}"] = nw.when(there).then(expression).otherwise(nw.lit(0))
        columns[f"from_{k}"] = _from(k)
    columns["d"] = nw.when(there).then(_divisor()).otherwise(nw.lit(1))
    spent = [f"{part}_{k}" for part in PARTS for k in range(made.most)]
    return joined.with_columns(**columns).drop(*spent, "stick", "pay")


def columns(made: Brackets, *parts: str) -> list[str]:
    """The columns of the brackets' parts; of bends only where there are any."""
    return [f"{p}_{k}" for p in parts if p != "c" or made.bent for k in range(made.most)]


def _refuse_overflow(joined: Table[Any], made: Brackets) -> None:
    """Refuse what would wrap before it is multiplied: A, the largest of a bracket's, and D."""
    stick, pay = (nw.col(name).cast(nw.Float64).abs() for name in ("stick", "pay"))
    parts = [nw.col(name).cast(nw.Float64).abs() for name in columns(made, *PARTS[1:])]
    again = _where("is_squared", stick)
    by_pay = _where("is_personal", nw.lit(float(SHARE))) * _where("is_divided", stick)
    divisor = nw.col("kappa").cast(nw.Float64) * nw.col("minor").cast(nw.Float64) * by_pay
    sizes = [nw.max_horizontal(*parts) * pay * stick * again, divisor * again]
    engine.refuse_above(joined.select(size=nw.max_horizontal(*sizes).max()), LARGEST)


def _kind(name: str) -> Any:
    """Flags are truths, the plan's fractions wide, all else whole numbers."""
    if name.startswith("is_"):
        return bool
    return engine.WIDE if name.startswith(("kappa", *PARTS[1:])) else int


def _rows(number: int, component: Component, places: dict[str, int]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for version, table in enumerate(component.tables.values()):
        for cell, (_, rows) in enumerate(curves.cells(table)):
            curve = curves.brackets(component, rows)
            made.append({"component": number, "version": version, "cell": cell, "curve": curve})
    parts = [p for row in made for b in row["curve"] for p in (b.constant, b.slope, b.bend)]
    if curves.denominator(parts) > LARGEST:
        wrong = "its thresholds and rates have too many digits to be exact together"
        parameters.refuse(component.place, wrong, "write rounder ones", PlanError)
    starts = [b.start for row in made for b in row["curve"][1:]]
    if max((abs(s) * curves.denominator(starts) for s in starts), default=0) >= NEVER:
        wrong = "its thresholds have too many digits to be exact together"
        parameters.refuse(component.place, wrong, "write rounder ones", PlanError)
    by_rate = component.pays in ("rate", "unit", "personal_rate")
    cancels = by_rate and component.crossing != "transaction"
    bent = any(b.bend for row in made for b in row["curve"])
    for row in made:
        row |= {
            "kappa": curves.denominator(parts),
            "tau": curves.denominator(starts),
            "minor": conversion.minor(component.currency),
            "is_lower": component.boundary == "lower",
            "is_rate": by_rate,
            "is_personal": component.pays == "personal_rate",
            "is_target": component.pays == "target",
            "is_quota": component.thresholds == "quota",
            "is_divided": not cancels,  # by the stick, which does not cancel
            "is_squared": bent and cancels,  # all is multiplied by the stick once more
            "places": [places.setdefault(b.place, len(places)) for b in row["curve"]],
        }
    return made


def _flat(row: dict[str, Any], most: int) -> dict[str, Any]:
    flat = {name: value for name, value in row.items() if name not in ("curve", "places")}
    for k in range(most):
        there = k < len(row["curve"])
        bracket = row["curve"][k] if there else None
        kappa, tau = row["kappa"], row["tau"]
        flat |= {
            f"start_{k}": int(bracket.start * tau) if bracket and k else (0 if k == 0 else NEVER),
            f"constant_{k}": int(bracket.constant * kappa) if bracket else 0,
            f"slope_{k}": int(bracket.slope * kappa) if bracket else 0,
            f"bend_{k}": int(bracket.bend * kappa) if bracket else 0,
            f"place_{k}": row["places"][k] if there else 0,
        }
    return flat


def _nothing() -> dict[str, Any]:
    words = ("lower", "rate", "personal", "target", "quota", "divided", "squared")
    flags = [f"is_{word}" for word in words]
    curve = [curves.Bracket(Fraction(0), Fraction(0), Fraction(0), Fraction(0), "", Fraction(0))]
    numbers = {"component": -1, "version": 0, "cell": 0, "kappa": 1, "tau": 1, "minor": 1}
    return {**numbers, **dict.fromkeys(flags, False), "curve": curve, "places": [0]}


def _stick() -> nw.Expr:
    """S: the quota, or one unit [ticks]."""
    quota = nw.col("quota").fill_null(0)
    return nw.when(nw.col("is_quota")).then(quota).otherwise(nw.lit(MONEY)).cast(engine.WIDE)


def _pay() -> nw.Expr:
    """M: for rates, one or the personal rate; otherwise the target, or one unit [ticks]."""
    personal = (
        nw.when(nw.col("is_personal"))
        .then(nw.col("personal_rate").fill_null(0))
        .otherwise(nw.lit(1))
    )
    payout = (
        nw.when(nw.col("is_target")).then(nw.col("target").fill_null(0)).otherwise(nw.lit(MONEY))
    )
    return nw.when(nw.col("is_rate")).then(personal).otherwise(payout).cast(engine.WIDE)


def _of_bracket(k: int) -> dict[str, nw.Expr]:
    """A, B and C of a bracket."""
    stick, pay = nw.col("stick"), nw.col("pay")
    parts = {n: engine.wide(f"{p}_{k}") for n, p in zip("abc", PARTS[1:], strict=True)}
    a, b, c = parts["a"] * pay * stick, parts["b"] * pay, parts["c"] * pay
    again = _where("is_squared", stick)
    return {"a": a * again, "b": b * again, "c": c}


def _divisor() -> nw.Expr:
    """D: the plan's denominator, minor units, and the stick where it does not cancel."""
    stick, share = nw.col("stick"), nw.lit(SHARE).cast(engine.WIDE)
    common = engine.wide("kappa") * engine.wide("minor")
    return (
        common
        * _where("is_divided", stick)
        * _where("is_personal", share)
        * _where("is_squared", stick)
    )


def _where(flag: str, factor: nw.Expr) -> nw.Expr:
    """A factor where a flag is set, and 1 elsewhere."""
    return nw.when(nw.col(flag)).then(factor).otherwise(nw.lit(1))


def _from(k: int) -> nw.Expr:
    """The least amount of the bracket [ticks]: on the threshold, or the next above it."""
    if k == 0:
        return nw.lit(-NEVER)
    exact, tau = engine.wide(f"start_{k}") * nw.col("stick"), nw.col("tau")
    on = engine.divided(exact * -1, tau) * -1
    above = engine.divided(exact, tau) + 1
    found = nw.when(nw.col("is_lower")).then(above).otherwise(on)
    used = (nw.col(f"start_{k}") < NEVER) & (found < NEVER)
    return nw.when(used).then(found).otherwise(nw.lit(NEVER)).cast(nw.Int64)
