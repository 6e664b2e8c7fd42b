"""Origins: one file, sheet or query that sources.yaml names."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from spmlib.core import parameters
from spmlib.core.parameters import Block, refuse

WORDS = ("file", "sheet", "header", "separator", "encoding", "sql", "database")
SEPARATORS = {"tab": "\t", "\\t": "\t"}
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::-(?P<default>[^}]*))?\}")


@dataclass(frozen=True)
class Origin:
    """One file, sheet or query."""

    place: str
    folder: Path
    file: str = ""
    sheet: str = ""
    header: int = 0  # line of the column names; 0: the first that is not empty
    separator: str = ""
    encoding: str = ""
    sql: str = ""
    database: str = ""

    @property
    def path(self) -> Path:
        """The file, found from the folder of sources.yaml."""
        return (self.folder / expanded(self.file, self.place)).resolve()

    @property
    def address(self) -> str:
        """The database, with what the environment adds."""
        return expanded(self.database, self.place)

    @property
    def name(self) -> str:
        """The file, sheet or query as messages call it; no password is in it."""
        if self.sql:
            return f"query of {self.place}"
        name = Path(self.file).name or self.file
        return f"{name}, sheet {self.sheet}" if self.sheet else name

    @property
    def prefix(self) -> str:
        """What a row's place begins with: ``deals.csv:`` before the line."""
        by_line = self.file.lower().endswith((".csv", ".tsv", ".txt", ".gz"))
        return f"{self.name}:" if by_line else f"{self.name}, row "


def origin(entry: Block, place: str, folder: Path, database: str) -> Origin:
    """The origin that an entry names.

    Raises:
        ParameterError: it names none, two, or contradicts itself.
    """
    if ("file" in entry) == ("sql" in entry):
        refuse(place, "a source is one `file` or one `sql`", "write `file: ../data/name.csv`")
    if "sql" in entry and not entry.get("database", database):
        refuse(place, "`sql` needs a `database`", "add `database: company.duckdb`")
    if "sheet" in entry and not _is_excel(entry.get("file", "")):
        refuse(entry.places["sheet"], "only an Excel file has sheets", "leave `sheet` out")
    separator = str(entry.get("separator", ""))
    separator = SEPARATORS.get(separator, separator)
    if len(separator.encode()) > 1:
        wrong = f"'{separator}' is no separator"
        refuse(entry.places["separator"], wrong, 'write one character, such as ";", or tab')
    words = [word for word in ("file", "sheet", "encoding", "sql") if word in entry]
    given = {word: str(parameters.text(entry[word])) for word in words}
    header = parameters.whole(entry["header"]) if "header" in entry else 0
    if "header" in entry and header < 1:
        refuse(entry.places["header"], f"there is no line {header}", "write 1 or more")
    return Origin(
        place,
        folder,
        **given,
        header=header,
        separator=separator,
        database=str(entry.get("database", database)) if "sql" in entry else "",
    )


def _is_excel(file: str) -> bool:
    return file.lower().endswith((".xlsx", ".xlsm"))


def expanded(written: str, place: str) -> str:
    """A name in which ``${NAME}`` and ``${NAME:-default}`` stand for environment variables.

    Raises:
        ParameterError: it names a variable that is not set and has no default.
    """
    for found in VARIABLE.finditer(written):
        if found["name"] not in os.environ and found["default"] is None:
            wrong = f"the environment variable {found['name']} is not set"
            refuse(place, wrong, f"set it before: export {found['name']}=VALUE")
    return VARIABLE.sub(lambda each: os.environ.get(each["name"], each["default"] or ""), written)
