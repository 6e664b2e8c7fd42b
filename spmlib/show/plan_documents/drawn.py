"""Drawn: the curve of a component as SVG, the same bytes each time."""

from __future__ import annotations

from io import StringIO

from spmlib.core.plan_documents import PlanPart
from spmlib.show.documents import Reader
from spmlib.show.style import styled

BLUE, QUIET = "#0072b2", "#55606c"
SIZE = (6.4, 2.5)  # inches
SALT = "spmlib"  # what ids in the picture are made from


def curve(of: PlanPart, currency: str, reader: Reader) -> str:
    """What a component pays by what is counted, as SVG."""
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter

    with styled(), mpl.rc_context({"svg.hashsalt": SALT, "svg.fonttype": "path"}):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.subplots()
        x, y = zip(*of.curve, strict=True)
        axes.plot(x, y, color=BLUE, linewidth=1.8)
        if of.of_quota:
            axes.axvline(1, color=QUIET, linewidth=0.8, linestyle=":")
            axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:.0%}"))
        else:
            axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: _short(v, reader)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: _short(v, reader)))
        axes.set_xlabel(reader.say("axis_quota" if of.of_quota else "axis_amount"), fontsize=8)
        axes.set_ylabel(reader.say("axis_earned", currency=currency), fontsize=8)
        axes.tick_params(labelsize=8)
        axes.margins(x=0)
        made = StringIO()
        figure.savefig(made, format="svg", metadata={"Date": None, "Creator": None})
    return made.getvalue()


def at(of: PlanPart, x: float) -> float:
    """What the curve pays at a place, between its points."""
    import numpy as np

    xs, ys = zip(*of.curve, strict=True)
    return float(np.interp(x, xs, ys))


def _short(value: float, reader: Reader) -> str:
    from babel.numbers import format_compact_decimal

    return str(format_compact_decimal(value, locale=reader.locale, fraction_digits=1))
