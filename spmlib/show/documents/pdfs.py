"""PDFs: a document set by Typst: tagged for those who have it read out, the same bytes each time.

What a document says reaches its template as data (JSON), and data is never read as markup. Fonts
are those that come with matplotlib, whatever the machine has; its own are asked only for letters
that those lack.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from spmlib.show.documents.readers import Reader

if TYPE_CHECKING:
    from typst import Compiler

STANDARD: Literal["ua-1"] = "ua-1"  # PDF/UA-1, ISO 14289-1
FONT = "DejaVuSans"
SHARP = 110  # dots an inch of a page as a picture
HIDDEN = {"Cc", "Cf", "Cs"}  # characters that have no shape


def pdf(template: Path, said: Mapping[str, Any], title: str, reader: Reader, day: date) -> bytes:
    """A document as PDF/UA.

    Args:
        template: a Typst file; finds ``said`` by ``json(bytes(sys.inputs.said))``.
        said: what it places.
        title: of the document.
        reader: whose language it is in.
        day: the document's date, that of no clock.
    """
    words = {"title": title, "language": reader.texts.language, **said}
    text = json.dumps(_visible(words), ensure_ascii=False)
    made = _compiler(template, _letters().issuperset(text)).compile(
        format="pdf",
        sys_inputs={"said": text},
        pdf_standards=[STANDARD],
        timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
    )
    if isinstance(made, list):
        return b"".join(made)
    assert made is not None  # no output was named
    return made


def first_page(template: Path, said: Mapping[str, Any], title: str, reader: Reader) -> bytes:
    """The first page of what `pdf` makes, as PNG."""
    words = {"title": title, "language": reader.texts.language, **said}
    text = json.dumps(_visible(words), ensure_ascii=False)
    made = _compiler(template, _letters().issuperset(text)).compile(
        format="png", ppi=SHARP, sys_inputs={"said": text}
    )
    pages = made if isinstance(made, list) else [made]
    assert pages[0] is not None  # no output was named
    return pages[0]


@cache
def _compiler(template: Path, own_fonts: bool) -> Compiler:
    from typst import Compiler

    # The folder above is the root, so that a template may use `documents/document.typ`.
    return Compiler(
        template, root=template.parents[1], font_paths=[_fonts()], ignore_system_fonts=own_fonts
    )


def _visible(said: Any) -> Any:
    """What is said, with a blank for what no font can show."""
    if isinstance(said, str):
        return "".join(" " if unicodedata.category(c) in HIDDEN else c for c in said)
    if isinstance(said, Mapping):
        return {key: _visible(value) for key, value in said.items()}
    return [_visible(value) for value in said] if isinstance(said, (list, tuple)) else said


@cache
def _letters() -> frozenset[str]:
    from matplotlib.ft2font import FT2Font

    return frozenset(map(chr, FT2Font(_fonts() / f"{FONT}.ttf").get_charmap()))


def _fonts() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"
