"""Style: one look for every picture, and pictures that say in words what they show.

A chart is drawn inside `styled()` on a `Picture`. To change the look of all of them, edit
``spmlib.mplstyle``; to let one thing keep its colour everywhere, add it to `COLOURS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import signature
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from matplotlib import rc_context
from matplotlib.figure import Figure

from spmlib.show import words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Chart = TypeVar("Chart", bound=Callable[..., "Picture"])
Which = Literal["x", "y"]

STYLE = Path(__file__).with_name("spmlib.mplstyle")
WIDTH = 8.5  # inches: the column of a page
SHADES = 128  # colours of a picture, those of smoothed edges included
INK, QUIET, LINE, WASH = "#1d2733", "#5b6673", "#d9dfe6", "#e9eef3"
BLUE, ORANGE, GREEN, PINK, AMBER, SKY = (
    *("#0072B2", "#D55E00", "#009E73"),
    *("#CC79A7", "#E69F00", "#56B4E9"),
)
SERIES = (BLUE, ORANGE, GREEN, PINK, AMBER, SKY, QUIET, INK)
COLOURS = {  # a team, or a way of crediting, looks the same in every picture
    **dict.fromkeys(("sales", "direct"), BLUE),
    **dict.fromkeys(("marketing", "split"), PINK),
    **dict.fromkeys(("customer_success", "territory"), GREEN),
    **dict.fromkeys(("partner", "overlay"), ORANGE),
    **dict.fromkeys(("presales", "team"), AMBER),
    **dict.fromkeys(("product", "roll_up"), SKY),
}


class Picture(Figure):
    """A figure with an alternative text: its finding, for those who cannot see it."""

    alt: str = ""

    def png(self) -> bytes:
        """The picture as PNG, in no more colours than it needs: a quarter of the size."""
        from PIL import Image

        drawn, small = BytesIO(), BytesIO()
        with styled():
            self.savefig(drawn, format="png")
        Image.open(drawn).convert("RGB").quantize(SHADES).save(small, "PNG", optimize=True)
        return small.getvalue()

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """What a notebook keeps: the picture, its alternative text, and the width it is read at."""
        about = {"alt": self.alt, "width": int(self.get_figwidth() * 100)}
        return {"image/png": self.png(), "text/plain": self.alt}, {"image/png": about}


@contextmanager
def styled() -> Iterator[None]:
    """Everything drawn inside looks as ``spmlib.mplstyle`` says."""
    with rc_context(fname=STYLE):
        yield


def picture(height: float, alt: str) -> Picture:
    """An empty picture of a page's width.

    Args:
        height: in inches.
        alt: what it shows, in words.
    """
    made = Picture(figsize=(WIDTH, height))
    made.alt = " ".join(alt.split())
    return made


def of_rows(chart: Chart) -> Chart:
    """The chart; of a table without rows, or whose amounts are all 0, a picture that says so."""
    takes = signature(chart)

    @wraps(chart)
    def made(table: pd.DataFrame, *others: Any, **named: Any) -> Picture:
        empty = table.empty or ("amount" in table and not table["amount"].fillna(0).any())
        if not empty:
            return chart(table, *others, **named)
        given = takes.bind(table, *others, **named).arguments
        return nothing(given.get("title", chart.__name__.replace("_", " ").capitalize()))

    return cast(Chart, made)


def nothing(title: str) -> Picture:
    """A picture that says there is nothing to show."""
    with styled():
        made = picture(1.1, f"{title}: nothing to show.")
        axes = made.subplots()
        axes.axis("off")
        headed(axes, title)
        axes.text(0, 0.6, "Nothing to show.", color=QUIET, transform=axes.transAxes)
    return made


def colours(names: Iterable[str]) -> dict[str, str]:
    """A colour for each name: its own if it has one, the next of the series otherwise."""
    named = list(dict.fromkeys(names))
    own = {name: COLOURS[name] for name in named if name in COLOURS}
    left = [colour for colour in SERIES if colour not in own.values()] or list(SERIES)
    others = [name for name in named if name not in own]
    return own | {name: left[place % len(left)] for place, name in enumerate(others)}


def headed(axes: Axes, title: str, says: str = "") -> None:
    """Put a title above the axes, and below it in grey what is measured."""
    axes.set_title(title, pad=22 if says else 8)
    if says:
        how = {"xycoords": "axes fraction", "color": QUIET, "fontsize": 8.5}
        beside(axes, says, (0, 1), (0, 8), va="baseline", **how)


def beside(
    axes: Axes, text: str, place: tuple[float, float], shift: tuple[float, float], **how: Any
) -> None:
    """Put words at a distance from a place.

    Args:
        axes: where.
        text: the words.
        place: in data, unless `how` says otherwise.
        shift: from there, in points.
        how: colour, size and alignment, as matplotlib has them.
    """
    about: dict[str, Any] = {"va": "center", "annotation_clip": False, **how}
    axes.annotate(text, place, xytext=shift, textcoords="offset points", **about)


def money_axis(axes: Axes, which: Which = "y") -> None:
    """Write the amounts of an axis short: 1.2M."""
    axis = getattr(axes, f"{which}axis")
    axis.set_major_formatter(lambda amount, _: words.short(amount))
    axes.grid(axis=which)
    axes.spines["left" if which == "y" else "bottom"].set_visible(False)


def percent_axis(axes: Axes, which: Which = "x") -> None:
    """Write the shares of an axis as percentages."""
    getattr(axes, f"{which}axis").set_major_formatter(lambda share, _: words.percent(share))
    axes.grid(axis=which)


def month_axis(axes: Axes, periods: list[str], most: int = 12) -> None:
    """Name the months below an axis on which they stand as 0, 1, 2 ..., not more than fit."""
    every = -(-len(periods) // most)
    last = len(periods) - 1
    places = [place for place in range(last + 1) if (last - place) % every == 0]
    names = [words.month(periods[place]).partition(" ") for place in places]
    years = ["", *(year for _, _, year in names)]
    labels = [
        f"{month[:3]}\n{year}" if year and year != before else month[:3] if year else month
        for (month, _, year), before in zip(names, years, strict=False)
    ]
    axes.set_xticks(places, labels)
