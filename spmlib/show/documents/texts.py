"""Texts: what documents say, by language, from YAML catalogues beside their templates.

To add a language: copy ``texts/en.yaml`` of each document, translate it, name it for the language;
a test holds the catalogues to the same keys and the same words in braces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from spmlib.core.errors import ParameterError

FALLBACK = "en"


@dataclass(frozen=True)
class Texts:
    """The texts of one document in one language."""

    language: str
    said: Mapping[str, str]

    def say(self, key: str, **words: Any) -> str:
        """A text with its words in place.

        Raises:
            KeyError: the catalogue has no such text, or the text asks for another word.
        """
        return self.said[key].format_map(words)


def languages(folder: Path) -> list[str]:
    """The languages that a document can be written in."""
    return sorted(path.stem for path in (folder / "texts").glob("*.yaml"))


@cache
def catalogue(folder: Path, locale: str) -> Texts:
    """The texts of a document in a reader's language; in English where it has none of it.

    Args:
        folder: of the document's templates.
        locale: a language, or with its country: id, id_ID.

    Raises:
        ParameterError: it is no locale.
    """
    from babel.core import Locale, UnknownLocaleError

    try:
        language = Locale.parse(locale, sep="_").language
    except (ValueError, UnknownLocaleError):
        right = "write a language and a country, such as en_US or id_ID"
        raise ParameterError(f"locale: '{locale}' is none that is known; {right}.") from None
    chosen = language if language in languages(folder) else FALLBACK
    return Texts(chosen, _read(folder / "texts" / f"{chosen}.yaml"))


def _read(path: Path) -> dict[str, str]:
    import yaml

    found: dict[str, str] = yaml.safe_load(path.read_text("utf-8"))
    return {key: " ".join(text.split()) for key, text in found.items()}
