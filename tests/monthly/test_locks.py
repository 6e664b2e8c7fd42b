"""One at a time: who comes second is told; who was killed holds nothing any more."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from spmlib.workbench.monthly import locks

NOW = "2026-11-01T05:00:00+00:00"
HOLDS = """\
import sys, time
from pathlib import Path
from spmlib.workbench.monthly import locks
with locks.held(Path(sys.argv[1]), "month 2026-10", "2026-11-01T04:00:00+00:00"):
    print("held", flush=True)
    time.sleep(600)
"""


@contextlib.contextmanager
def holding(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds a lock."""
    command = [sys.executable, "-c", HOLDS, str(path)]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield other
    finally:
        other.kill()
        other.wait()
        other.stdout.close()


def test_a_lock_is_given_back_whatever_happens(tmp_path):
    path = tmp_path / "lock"
    with pytest.raises(ZeroDivisionError), locks.held(path, "this", NOW):
        raise ZeroDivisionError
    with locks.held(path, "that", NOW) as before:
        assert before == {}


def test_two_locks_in_one_process_exclude_each_other(tmp_path):
    path = tmp_path / "lock"
    with (
        locks.held(path, "this", NOW),
        pytest.raises(locks.Held, match=f"process {os.getpid()} on .* at this since 2026-11"),
        locks.held(path, "that", NOW),
    ):
        pass


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"process": 1'])
def test_a_lock_that_says_nothing_readable_is_free(tmp_path, text):
    path = tmp_path / "lock"
    path.write_text(text, encoding="utf-8")
    with locks.held(path, "this", NOW) as before:
        assert before == {}


def test_of_many_that_start_at_once_one_is_at_work_at_a_time(tmp_path):
    path, seen = tmp_path / "lock", tmp_path / "seen"
    text = HOLDS.replace(
        'print("held", flush=True)', "file = Path(sys.argv[2])\n    file.touch(exist_ok=False)"
    )
    text = text.replace("time.sleep(600)", "time.sleep(0.05); file.unlink()")
    command = [sys.executable, "-c", text, str(path), str(seen)]
    many = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    told = [one.communicate(timeout=60)[1] for one in many]
    assert any(one.returncode == 0 for one in many)
    for one, words in zip(many, told, strict=True):
        assert one.returncode == 0 or "monthly.locks.Held" in words
        assert "FileExistsError" not in words
    assert not seen.exists()
