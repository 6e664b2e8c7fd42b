"""PDFs: a document set by Typst: tagged for those who have it read out, the same bytes each time.

What a document says reaches its template as data (JSON), and data is never read as markup. Fonts
are those that come with matplotlib, whatever the machine has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from spmlib.show.documents.readers import Reader

if TYPE_CHECKING:
    from typst import Compiler

STANDARD: Literal["ua-1"] = "ua-1"  # PDF/UA-1, ISO 14289-1


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
    made = _compiler(template).compile(
        format="pdf",
        sys_inputs={"said": json.dumps(words, ensure_ascii=False)},
        pdf_standards=[STANDARD],
        timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
    )
    if isinstance(made, list):
        return b"".join(made)
    assert made is not None  # no output was named
    return made


@cache
def _compiler(template: Path) -> Compiler:
    from typst import Compiler

    # The folder above is the root, so that a template may use `documents/document.typ`.
    return Compiler(
        template, root=template.parents[1], font_paths=[_fonts()], ignore_system_fonts=True
    )


def _fonts() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"
