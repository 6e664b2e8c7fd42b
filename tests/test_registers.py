"""What is put on record stays there, in order, whoever else writes at the same time."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import fsspec
import pytest

from spmlib.core import ledger, registers
from spmlib.core.ledger import Ledger, LedgerError

NOW = "2026-11-25T12:00:00+00:00"
WRITER = """
import sys
from spmlib.core import ledger, registers
book = ledger.at(sys.argv[1])
for number in range(20):
    registers.record(book, "said", lambda known: [{"by": sys.argv[2], "seen": len(known)}], "now")
"""


@pytest.fixture(params=["folder", "memory"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    if request.param == "folder":
        return ledger.at(tmp_path / "register")
    return Ledger(fsspec.filesystem("memory"), f"/{tmp_path.name}")


def test_rows_come_back_in_order_with_their_entry(book: Ledger):
    registers.record(book, "said", lambda known: [{"what": "a"}, {"what": "b"}], NOW)
    registers.record(book, "said", lambda known: [{"what": "c", "seen": len(known)}], NOW)
    assert registers.rows(book) == [
        {"what": "a", "entry": 1, "recorded": NOW},
        {"what": "b", "entry": 1, "recorded": NOW},
        {"what": "c", "seen": 2, "entry": 2, "recorded": NOW},
    ]


def test_what_is_not_permitted_leaves_nothing(book: Ledger):
    def refused(known: registers.Rows) -> registers.Rows:
        raise ValueError("not permitted")

    with pytest.raises(ValueError, match="not permitted"):
        registers.record(book, "said", refused, NOW)
    assert registers.rows(book) == []


def test_who_comes_second_is_asked_again(book: Ledger):
    def slow(known: registers.Rows) -> registers.Rows:
        if not known:  # somebody else is quicker
            registers.record(book, "said", lambda others: [{"by": "other"}], NOW)
        return [{"by": "me", "seen": len(known)}]

    registers.record(book, "said", slow, NOW)
    assert [(row["by"], row.get("seen")) for row in registers.rows(book)] == [
        ("other", None),
        ("me", 1),
    ]


def test_nothing_is_lost_when_three_processes_write_at_once(tmp_path: Path):
    root = str(tmp_path / "register")
    command = [sys.executable, "-c", WRITER, root]
    writers = [subprocess.Popen([*command, name]) for name in "abc"]
    assert [each.wait() for each in writers] == [0, 0, 0]
    found = registers.rows(ledger.at(root))
    assert [row["seen"] for row in found] == list(range(60))
    assert sorted(row["by"] for row in found) == sorted("abc" * 20)


def test_a_row_changed_afterwards_shows(tmp_path: Path):
    book = ledger.at(tmp_path / "register")
    for word in "ab":
        registers.record(book, "said", lambda known, word=word: [{"what": word}], NOW)
    first = tmp_path / "register/closes/0001.json"
    said = json.loads(first.read_text())
    first.write_text(json.dumps(said | {"about": {"rows": [{"what": "changed"}]}}))
    with pytest.raises(LedgerError, match="does not follow"):
        registers.rows(book)


def test_ten_thousand_entries_and_one_more_stay_in_order(tmp_path: Path):
    book = ledger.at(tmp_path)
    registers.record(book, "said", lambda known: [{"n": 1}], NOW)
    first = tmp_path / "closes/0001.json"
    entry, before = json.loads(first.read_text("utf-8")), first.read_bytes()
    for number in range(2, 10_002):  # as the ledger writes them, without waiting for the disk
        previous = hashlib.sha256(before).hexdigest()
        entry |= {"number": number, "previous": previous, "about": {"rows": [{"n": number}]}}
        before = (json.dumps(entry) + "\n").encode()
        (tmp_path / f"closes/{number:04}.json").write_bytes(before)
    assert [row["n"] for row in registers.rows(book)] == list(range(1, 10_002))
