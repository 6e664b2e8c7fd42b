"""Pages: a document as HTML in one file, that asks for nothing from outside and runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spmlib.show.documents.readers import Reader

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


def page(template: Path, reader: Reader, title: str, said: Mapping[str, Any]) -> str:
    """A document as one HTML page, in its reader's language.

    Args:
        template: fills the blocks of ``document.html.j2``; what it places is escaped.
        reader: whose language the page is in.
        title: of the page.
        said: what the template places, as ``said``.
    """
    return (
        _environment(template.parent)
        .get_template(template.name)
        .render(
            said=said,
            title=title,
            language=reader.texts.language,
            policy=POLICY,
            say=reader.texts.say,
        )
    )


@cache
def _environment(folder: Path) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader([folder, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
