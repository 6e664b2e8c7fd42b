"""Drawn: places in the pictures of a page, for templates to put into SVG in the page's colours."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

WIDTH, HEIGHT = 640, 200  # of a picture [units of SVG]
LEFT, BOTTOM, TOP, RIGHT = 8, 26, 12, 12
MOST = 1.5  # of quota or pace, at which bars and dots end
ROW = 22  # of a dot plot


def bullet(attainment: Decimal | None, elapsed: Decimal) -> dict[str, float] | None:
    """A bar of attainment, with a mark where one should be by now and one at quota [%]."""
    if attainment is None:
        return None
    scale = max(1.0, min(MOST, float(attainment) * 1.05))
    return {
        "share": 100 * min(max(float(attainment), 0), scale) / scale,
        "mark": 100 * float(elapsed) / scale,
        "quota": 100 / scale,
    }


def curve(
    points: Sequence[tuple[float, float, bool]], ahead: float | None
) -> dict[str, Any] | None:
    """A pay curve, where one stands on it, and the next threshold."""
    if len(points) < 2:
        return None
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    low, high = min(0.0, *ys), max(ys)
    wide, tall = xs[-1] - xs[0] or 1, high - low or 1

    def at(x: float, y: float) -> tuple[float, float]:
        across = LEFT + (x - xs[0]) / wide * (WIDTH - LEFT - RIGHT)
        return round(across, 1), round(HEIGHT - BOTTOM - (y - low) / tall * _inner(), 1)

    line = " ".join(f"{x},{y}" for x, y in (at(p[0], p[1]) for p in points))
    here = next((at(p[0], p[1]) for p in points if p[2]), None)
    there = None
    if ahead is not None and xs[0] <= ahead <= xs[-1]:
        near = min(points, key=lambda p: abs(p[0] - ahead))
        there = at(near[0], near[1])
    ticks = [(at(t / 100, low)[0], t) for t in range(0, 201, 50) if xs[0] <= t / 100 <= xs[-1]]
    return {"line": line, "here": here, "there": there, "ticks": ticks, "base": HEIGHT - BOTTOM}


def dots(paces: Sequence[tuple[float | None, str]]) -> list[dict[str, Any]]:
    """People by pace, one below the other: across [%] and state."""
    return [
        {"x": None if pace is None else 100 * min(max(pace, 0.0), MOST) / MOST, "state": state}
        for pace, state in paces
    ]


def bars(rates: Sequence[float], width: float = 0.1) -> list[dict[str, Any]]:
    """How many people stand in each band of attainment; the last band holds all beyond it."""
    count = round(MOST / width)
    bands = [0] * (count + 1)
    for rate in rates:
        bands[min(max(int(rate / width + 1e-9), 0), count)] += 1
    top, each = max([*bands, 1]), (WIDTH - LEFT - RIGHT) / (count + 1)
    return [
        {
            "x": round(LEFT + n * each, 1),
            "width": round(each - 3, 1),
            "height": round(_inner() * held / top, 1),
            "y": round(HEIGHT - BOTTOM - _inner() * held / top, 1),
            "count": held,
            "from": round(100 * n * width),
            "reached": n * width >= 1 - 1e-9,
        }
        for n, held in enumerate(bands)
    ]


def _inner() -> int:
    return HEIGHT - BOTTOM - TOP
