"""A run: the notebooks of a period and their parameters, checked before anything starts.

A file of ``parameters/runs`` says it::

    run: 2026-10                 # the file's own name
    title: October 2026          # optional
    period: 2026-10              # the results' folder, and a parameter of every notebook
    timeout: 600                 # seconds one cell may take; optional
    parameters: {currency: USD}  # given to every notebook that knows the name; optional
    notebooks:
      20_crediting: {}
      21_commissions: {payee: P-0042}

What a notebook may be told is what its cell tagged ``parameters`` assigns; the value written there
says of which kind it is: a day, a month, a whole number, yes or no, a word.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spmlib.core import parameters
from spmlib.core.errors import ParameterError
from spmlib.core.months import MONTH
from spmlib.core.parameters import Block, refuse
from spmlib.workbench import notebooks

WORDS = ("run", "title", "period", "timeout", "parameters", "notebooks")
TIMEOUT = 600  # seconds


@dataclass(frozen=True)
class Report:
    """One notebook of a run, and the values it is given."""

    name: str
    notebook: Path
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Run:
    """The reports of a period."""

    name: str
    title: str
    period: str
    timeout: int  # seconds one cell may take
    path: Path
    reports: tuple[Report, ...]


def read(path: Path, folder: Path, month: str = "") -> Run:
    """The run that a file describes.

    Args:
        path: file of ``parameters/runs``.
        folder: where the notebooks are.
        month: take the file's notebooks for this month; its own if empty.

    Raises:
        ParameterError: a notebook, a parameter or its value is not one that can be meant, or a day
            that is written in it is of the file's own month.
    """
    entry = parameters.read(path)
    parameters.known(entry, WORDS, "a run")
    name = parameters.text(parameters.needed(entry, "run", f"run: {path.stem}"))
    if name != path.stem:
        refuse(
            entry.places["run"], f"the run is called '{name}'", f"write '{path.stem}', as the file"
        )
    own = _month(parameters.needed(entry, "period", "period: 2026-10"))
    period = month or own
    timeout = parameters.whole(entry["timeout"]) if "timeout" in entry else TIMEOUT
    titled = parameters.text(entry.get("title", _titled(own)))
    title = titled if period == own else _titled(period)
    reports = _reports(entry, folder, period)
    if period != own:
        _refuse_days(path, period, reports)
    return Run(name, title, period, timeout, path, reports)


def latest(folder: Path) -> Path:
    """The file of the run whose name comes last.

    Raises:
        ParameterError: there is none.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        refuse(str(folder), "it holds no run", "write one, such as 2026-10.yaml")
    return files[-1]


def named(folder: Path, name: str) -> Path:
    """The file of the run with a name.

    Raises:
        ParameterError: there is none; the nearest is named.
    """
    files = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    if name not in files:
        refuse(str(folder), f"there is no run '{name}'", f"take {parameters.nearest(name, files)}")
    return files[name]


def _refuse_days(path: Path, period: str, reports: tuple[Report, ...]) -> None:
    """Refuse to take a file for another month if it gives notebooks days or months."""
    for report in reports:
        for key, value in report.parameters.items():
            if value != period and re.match(r"\d{4}-\d{2}", str(value)):
                wrong = f"it gives {report.name} `{key}: {value}`, which is of its own month"
                refuse(path.name, wrong, f"write a run for {period}: {period}.yaml")


def _titled(period: str) -> str:
    year, month = period.split("-")
    return f"{calendar.month_name[int(month)]} {year}"


def _reports(entry: Block, folder: Path, period: str) -> tuple[Report, ...]:
    chosen = _given(entry, "notebooks", "20_crediting: {}")
    if not chosen:
        refuse(entry.place, "the run has no notebooks", "add `notebooks:` with `20_crediting: {}`")
    files = {p.stem: p for p in sorted(folder.glob("*.ipynb")) if not p.stem.startswith("_")}
    parameters.known(chosen, files, "the notebooks' folder")
    takes = {name: _takes(files[name], chosen.places[name]) for name in chosen}
    common = _given(entry, "parameters", "{currency: USD}")
    parameters.known(common, {key: 0 for names in takes.values() for key in names}, "any notebook")
    return tuple(
        Report(name, files[name], _values(name, chosen, common, takes[name], period))
        for name in chosen
    )


def _given(entry: Block, key: str, example: str) -> Block:
    none = Block()
    none.place, none.places = entry.place, {}
    return parameters.block(entry[key], f"'{key}'", example) if key in entry else none


def _takes(path: Path, place: str) -> dict[str, Any]:
    notebook = notebooks.read(path)
    if not notebooks.tagged(notebook, "parameters"):
        wrong = f"no cell of {path.name} is tagged 'parameters'"
        refuse(place, wrong, "tag the one that names them, or values given here would be lost")
    try:
        return notebooks.defaults(notebook)
    except ValueError as error:
        refuse(
            place, f"the parameters cell of {path.name}: {error}", 'write `name = "value"` there'
        )


def _values(
    name: str, chosen: Block, common: Block, takes: dict[str, Any], period: str
) -> dict[str, Any]:
    own = parameters.block(chosen[name], f"'{name}'", f"`{name}: {{}}`")
    parameters.known(own, takes, f"the parameters of {name}")
    given = {key: common[key] for key in common if key in takes} | own
    implied = {"period": period} if "period" in takes else {}
    return implied | {key: _value(value, takes[key], key) for key, value in given.items()}


def _value(written: Any, default: Any, key: str) -> Any:
    """What is written, read as the kind of value that the notebook itself has there."""
    readers = {bool: _yes_or_no, int: parameters.whole, str: _reader(str(default))}
    if type(default) not in readers:
        wrong = f"'{key}' is of a kind that no run can give: {default!r}"
        refuse(parameters.place_of(written), wrong, "give the notebook a word, a day or a number")
    try:
        return readers[type(default)](written)
    except ParameterError as error:
        raise ParameterError(f"{error} In the notebook '{key}' is {default!r}.") from None


def _reader(default: str) -> Callable[[Any], str]:
    if MONTH.fullmatch(default):
        return _month
    return _day if parameters.DAY.fullmatch(default) else _word


def _word(written: Any) -> str:
    return str(parameters.text(written))


def _day(written: Any) -> str:
    return parameters.day(written).isoformat()


def _month(written: Any) -> str:
    if not isinstance(written, str) or not MONTH.fullmatch(written):
        wrong = f"'{parameters.shown(written)}' is not a month"
        refuse(parameters.place_of(written), wrong, "write it as 2026-10")
    return str(written)


def _yes_or_no(written: Any) -> bool:
    if written not in ("true", "false"):
        wrong = f"'{parameters.shown(written)}' is neither true nor false"
        refuse(parameters.place_of(written), wrong, "write true or false")
    return bool(written == "true")
