"""Documents: what is made for one person and goes to nobody else, whichever room made it."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

from spmlib.core.errors import ParameterError

RESERVED = {"con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(10))}
LONGEST = 80  # characters of a name that every file system takes
HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # characters that nobody sees: a word must not hold them


@dataclass(frozen=True)
class Document:
    """One file for one person.

    Files of the same person, document, `of` and version are one delivery: they go together.

    Raises:
        ParameterError: a word is empty, holds a line end or what nobody can see, or, if it is not
            the person's, a slash.
    """

    payee_id: str  # whose it is
    document: str  # statement, plan, plan_change, quota, territory, manager
    of: str  # the period or the plan
    version: str  # changes when what it says changes; a new one makes acknowledgements void
    name: str  # of the file: statement-2026-10.pdf
    content: bytes
    media_type: str  # application/pdf, text/html
    language: str = "en"

    def __post_init__(self) -> None:
        called = (self.document, self.of, self.version, self.name)
        for word in (self.payee_id, *called):
            if not word.strip() or hidden(word) or ("/" in word and word in called):
                what = "is no word that a document can be called by"
                raise ParameterError(f"documents: {word!r} {what}; write letters and digits.")

    @property
    def delivery_id(self) -> str:
        """What names its delivery: ``plan/account_executive/2026-01-01/P001``."""
        return "/".join((self.document, self.of, self.version, self.payee_id))

    @property
    def sha256(self) -> str:
        """Of the content."""
        return hashlib.sha256(self.content).hexdigest()


def hidden(word: str) -> bool:
    """Whether a word holds a line end, or a character that nobody sees."""
    return any(unicodedata.category(letter) in HIDDEN for letter in word)


def safe_name(word: str) -> str:
    """A name for a file or folder that can lie nowhere but where it is put.

    A word that had to be changed ends in eight digits of its hash, so that two words that differ
    get two names.

    >>> safe_name("P001"), safe_name("2026-10.pdf")
    ('P001', '2026-10.pdf')
    >>> safe_name("../../etc/passwd")
    'etc_passwd-3754d6cb'
    """
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    kept = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in plain)
    kept = kept.strip("._-")[:LONGEST].rstrip("._-")
    if kept and kept == word and kept.split(".")[0].lower() not in RESERVED:
        return kept
    digits = hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{kept or 'name'}-{digits}"
