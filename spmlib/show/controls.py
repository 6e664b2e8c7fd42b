"""Controls: what is moved on a live picture: a share, a number, or one of several choices.

A number stands in a box with a label, which a keyboard and a screen reader find, beside a slider
for the mouse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ipywidgets

from spmlib.core.errors import ParameterError
from spmlib.show import words

if TYPE_CHECKING:
    import pandas as pd

WIDE, NARROW = "24rem", "15rem"  # of a labelled box, of a slider
LABEL = {"description_width": "14rem"}


@dataclass(frozen=True)
class Control:
    """One thing that is moved.

    Attributes:
        label: what it is, as it stands before the box.
        box: what holds its value, and is reached by keyboard.
        shown: the box, and the slider beside it.
        per: what one of the value is written as: 100 for a share in percent.
        unit: what stands behind the number in words.
    """

    label: str
    box: Any
    shown: Any
    per: int = 1
    unit: str = ""

    @property
    def value(self) -> Any:
        """Its value now, as the function that computes takes it."""
        return round(self.box.value / self.per, 12) if self.per > 1 else self.box.value

    def move(self, value: Any) -> None:
        """Move it.

        Raises:
            ParameterError: the value is beyond its ends, or is none of its choices.
        """
        if not self._holds(value):
            raise ParameterError(f"{self.label} cannot be {value}; write {self._ends()}.")
        self.box.value = value * self.per if self.per > 1 else value

    def said(self) -> str:
        """Its label and its value, in words."""
        value = self.box.label if self._chosen() else _number(self.box.value, self.unit)
        return f"{self.label}: {value}"

    def _chosen(self) -> bool:
        return isinstance(self.box, ipywidgets.Dropdown)

    def _holds(self, value: Any) -> bool:
        if self._chosen():
            return value in [one for _, one in self.box.options]
        return bool(self.box.min <= round(value * self.per, 9) <= self.box.max)

    def _ends(self) -> str:
        if self._chosen():
            return f"one of {', '.join(str(one) for _, one in self.box.options)}"
        return " to ".join(_number(end, self.unit) for end in (self.box.min, self.box.max))


def share(label: str, start: float, least: float, most: float, step: float = 0.01) -> Control:
    """A share, moved in percent; the function gets 0.12 for 12 %.

    Args:
        label: what it is.
        start: where it stands at first.
        least: its least.
        most: its most.
        step: of the slider.
    """
    ends = [round(value * 100, 9) for value in (start, least, most, step)]
    return _numbered(label, ends, 100, " %")


def number(label: str, start: float, least: float, most: float, step: float = 1) -> Control:
    """A number; whole ones stay whole. As `share`."""
    return _numbered(label, [start, least, most, step], 1, "")


def choice(label: str, start: Any, options: Sequence[Any] | Mapping[str, Any]) -> Control:
    """One of several choices.

    Args:
        label: what is chosen.
        start: what is chosen at first.
        options: values, or what each is called: value.
    """
    named = options if isinstance(options, Mapping) else {words.title(one): one for one in options}
    if start not in named.values():
        raise ParameterError(f"{label} cannot start as {start}; write one of {list(named)}.")
    box = ipywidgets.Dropdown(
        options=list(named.items()), value=start, description=label, style=LABEL, layout=_wide(WIDE)
    )
    return Control(label, box, ipywidgets.HBox([box]))


def of_rows(table: pd.DataFrame) -> dict[str, Control]:
    """Controls as a table lists them, by name.

    Args:
        table: name, label, kind (share or number), value, least, most, step.
    """
    kinds = {"share": share, "number": number}
    return {
        row.name: kinds[row.kind](row.label, row.value, row.least, row.most, row.step)
        for row in table.itertuples(index=False)
    }


def _numbered(label: str, ends: Sequence[float], per: int, unit: str) -> Control:
    start, least, most, step = ends
    if not least <= start <= most:
        low, high = _number(least, unit), _number(most, unit)
        raise ParameterError(f"{label} starts at {_number(start, unit)}; write {low} to {high}.")
    whole = all(isinstance(end, int) for end in ends)
    kinds = (
        (ipywidgets.BoundedIntText, ipywidgets.IntSlider)
        if whole
        else (ipywidgets.BoundedFloatText, ipywidgets.FloatSlider)
    )
    about = {"value": start, "min": least, "max": most, "step": step}
    described = f"{label}{unit.replace(' ', ', ')}"
    box = kinds[0](**about, description=described, style=LABEL, layout=_wide(WIDE))
    slider = kinds[1](**about, readout=False, continuous_update=False, layout=_wide(NARROW))
    ipywidgets.link((slider, "value"), (box, "value"))
    return Control(label, box, ipywidgets.HBox([box, slider]), per, unit)


def _wide(width: str) -> Any:
    return ipywidgets.Layout(width=width)


def _number(value: float, unit: str) -> str:
    return f"{value:,.10g}{unit}".replace("-", words.MINUS)
