"""Drawn: the old curve and the new one of a component as SVG, the same bytes each time."""

from __future__ import annotations

from io import StringIO

from spmlib.core.letters import Standpoint
from spmlib.show.documents import Reader
from spmlib.show.style import styled

OLD, NEW, QUIET = "#d55e00", "#0072b2", "#55606c"
SIZE = (6.4, 2.4)  # inches
SALT = "spmlib"  # what ids in the picture are made from


def curves(of: Standpoint, currency: str, start: str, reader: Reader) -> str:
    """What a component pays by share of quota, until now and from a day, and where one stood."""
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter

    with styled(), mpl.rc_context({"svg.hashsalt": SALT, "svg.fonttype": "path"}):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.subplots()
        x, was, now = zip(*of.curve, strict=True)
        axes.plot(x, was, color=OLD, linewidth=1.6, linestyle="--", label=reader.say("label_was"))
        axes.plot(x, now, color=NEW, linewidth=1.8, label=reader.say("label_now", start=start))
        axes.axvline(1, color=QUIET, linewidth=0.8, linestyle=":")
        if of.stood is not None and 0 <= of.stood[0] <= x[-1]:
            ends = [float(of.stood[0])] * 2, [float(amount) for amount in of.stood[1:]]
            axes.plot(*ends, "o", color="black", markersize=4.5, label=reader.say("stood_here"))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:.0%}"))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: _short(v, reader)))
        axes.set_xlabel(reader.say("axis_quota"), fontsize=8)
        axes.set_ylabel(reader.say("axis_earned", currency=currency), fontsize=8)
        axes.tick_params(labelsize=8)
        axes.margins(x=0)
        axes.legend(fontsize=8, loc="lower right", frameon=False)
        made = StringIO()
        figure.savefig(made, format="svg", metadata={"Date": None, "Creator": None})
    return made.getvalue()


def _short(value: float, reader: Reader) -> str:
    from babel.numbers import format_compact_decimal

    return str(format_compact_decimal(value, locale=reader.locale, fraction_digits=1))
