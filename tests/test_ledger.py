"""A close is there whole or not at all; two at once make one; what is changed afterwards shows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fsspec
import polars as pl
import pytest

from spmlib.core import ledger
from spmlib.core.ledger import Ledger, LedgerError

NOW = "2026-11-25T12:00:00+00:00"
ROWS = pl.DataFrame({"payee_id": ["A", "B"], "amount": [1, 2]})
WRITER = """
import sys
import polars as pl
from spmlib.core import ledger
rows = pl.DataFrame({{"payee_id": ["A"] * 20_000, "amount": range(20_000)}})
print("ready", flush=True)
book = ledger.at({root!r})
ledger.close(book, book.closes(), "2026-10", {{n: rows for n in "abcdef"}}, {{}}, {now!r})
print("done", flush=True)
"""


@pytest.fixture(params=["folder", "memory"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    if request.param == "folder":
        return ledger.at(tmp_path / "ledger")
    return Ledger(fsspec.filesystem("memory"), f"/{tmp_path.name}")


def test_a_new_ledger_has_no_closes(book: Ledger):
    assert book.closes() == []


def test_closes_are_read_as_they_were_written(book: Ledger):
    first = ledger.close(book, [], "2026-10", {"payouts": ROWS}, {"commit": "abc"}, NOW)
    second = ledger.close(book, [first], "2026-11", {"payouts": ROWS.head(1)}, {}, NOW)
    assert book.closes() == [first, second]
    assert (first.number, first.period, first.about) == (1, "2026-10", {"commit": "abc"})
    assert second.previous == first.sha256
    assert book.table(first, "payouts").equals(ROWS)
    assert book.table(second, "payouts").equals(ROWS.head(1))


def test_of_many_that_close_at_once_one_wins_and_the_others_are_told(book: Ledger):
    def closing(_: int) -> str:
        try:
            return ledger.close(book, [], "2026-10", {"payouts": ROWS}, {}, NOW).period
        except LedgerError as error:
            return str(error)

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(closing, range(8)))
    assert said.count("2026-10") == 1
    assert [close.period for close in book.closes()] == ["2026-10"]
    assert all("was written by somebody else" in text for text in said if text != "2026-10")


def test_what_was_changed_afterwards_shows(tmp_path: Path):
    book = ledger.at(tmp_path)
    made = ledger.close(book, [], "2026-10", {"payouts": ROWS}, {}, NOW)
    path = tmp_path / made.tables["payouts"]["path"]
    ROWS.with_columns(pl.col("amount") + 1).write_parquet(path)
    with pytest.raises(LedgerError, match="the payouts of 2026-10 are not what was closed"):
        book.table(made, "payouts")
    path.unlink()
    with pytest.raises(LedgerError, match="the payouts of 2026-10 are gone"):
        book.table(made, "payouts")


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_manifest_that_was_changed_or_removed_shows(tmp_path: Path, damage: str):
    book = ledger.at(tmp_path)
    for period in ("2026-10", "2026-11", "2026-12"):
        ledger.close(book, book.closes(), period, {"payouts": ROWS}, {}, NOW)
    path = tmp_path / "closes/0002.json"
    if damage == "changed":
        path.write_text(json.dumps(json.loads(path.read_text()) | {"about": {"commit": "b"}}))
    else:
        path.unlink()
    with pytest.raises(LedgerError, match="does not follow what stands before it"):
        book.closes()


def test_killed_at_any_instant_the_ledger_is_as_before_or_as_after(tmp_path: Path):
    undisturbed, seen = _seconds(tmp_path / "undisturbed"), set()
    for number in range(24):
        book = ledger.at(tmp_path / f"{number}")
        ledger.close(book, [], "2026-09", {"payouts": ROWS}, {}, NOW)
        with _writer(tmp_path / f"{number}") as writer:
            time.sleep(undisturbed * number / 12)
            if number == 23:  # however busy the machine: one is killed when it is done
                assert writer.stdout is not None
                writer.stdout.readline()
            os.kill(writer.pid, signal.SIGKILL)
        closes = book.closes()
        seen.add(len(closes))
        assert [close.period for close in closes] in (["2026-09"], ["2026-09", "2026-10"])
        assert all(len(book.table(close, name)) for close in closes for name in close.tables)
        again = ledger.close(book, closes, "2026-11", {"payouts": ROWS}, {}, NOW)
        assert book.closes()[-1] == again
    assert seen == {1, 2}


def _writer(root: Path) -> subprocess.Popen[bytes]:
    """A process that is about to close, ready to."""
    code = WRITER.format(root=str(root), now=NOW)
    writer = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    writer.stdout.readline()
    return writer


def _seconds(root: Path) -> float:
    """How long a close takes that nobody disturbs."""
    with _writer(root) as writer:
        began = time.perf_counter()
        assert writer.stdout is not None
        writer.stdout.readline()
        return time.perf_counter() - began
