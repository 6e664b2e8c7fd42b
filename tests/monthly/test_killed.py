"""`spm monthly` killed in the middle and started again: what was done is not done again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.monthly import three_steps
from tests.monthly.conftest import RUN, steps

ROOT = Path(__file__).resolve().parents[2]
SPM = [sys.executable, "-c", "from spmlib.workbench.cli import app; app()"]


def test_killed_in_a_step_those_before_it_stay_done_and_it_is_done_again(tmp_path):
    command = [sys.executable, "-m", "tests.monthly.three_steps", str(tmp_path), "two"]
    with subprocess.Popen(command, cwd=ROOT) as first:
        wait_for(lambda: (tmp_path / "two").exists())
        first.send_signal(signal.SIGKILL)
    assert first.returncode == -signal.SIGKILL
    assert list(json.loads((tmp_path / "monthly.json").read_text("utf-8"))) == ["one"]
    before, _ = three_steps.made(tmp_path)
    assert (before["process"], before["what"]) == (first.pid, "three steps")
    lines = [line.split() for line in (tmp_path / "log").read_text("utf-8").splitlines()]
    assert [(words[1], words[3]) for words in lines] == [
        ("one", "done"),
        ("one", "unchanged"),
        ("two", "done"),
        ("three", "done"),
    ]
    made = {name: (tmp_path / name).read_text("utf-8").count("made") for name in ("one", "two")}
    assert made == {"one": 1, "two": 2}


@pytest.mark.nightly
@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="looks at /proc")
def test_killed_while_notebooks_run_nothing_stays_behind_and_the_rest_is_made(firm):
    """The second of three waits; the process that runs them all is killed, and only that one."""
    firm.workbench.notebook("20_crediting", "print(payee)", "'anew'")
    waits = "import pathlib, time\nwhile not pathlib.Path('../go').exists(): time.sleep(0.05)"
    firm.workbench.notebook(
        "21_commissions", "import pathlib\npathlib.Path('../at').touch()", waits
    )
    firm.workbench.notebook("22_payouts", "1")
    firm.workbench.run(RUN + "  21_commissions: {}\n  22_payouts: {}\n")
    words = [*SPM, "monthly", "--period", "2026-10", "--jobs", "1"]
    with subprocess.Popen(words, cwd=firm.root, stderr=subprocess.DEVNULL) as first:
        wait_for(lambda: (firm.root / "at").exists())
        first.send_signal(signal.SIGKILL)
    wait_for(lambda: not at_work(firm.root))  # its workers and their kernels end by themselves
    (firm.root / "go").touch()
    made = firm.monthly("--jobs", "1")
    assert made.exit_code == 0, made.output
    assert f"taken over: process {first.pid} on" in made.stderr
    ended = steps(made)
    assert ended["report:20_crediting"] == "unchanged"
    assert ended["report:21_commissions"] == ended["report:22_payouts"] == "done"
    assert "2 made, 1 unchanged, 0 failed" in made.stderr


def wait_for(seen: Callable[[], bool]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + 120
    while not seen():
        assert time.monotonic() < until
        time.sleep(0.02)


def at_work(root: Path) -> list[str]:
    """The processes whose folder lies in a project, but for this one."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if Path(os.readlink(process / "cwd")).is_relative_to(root):
                found.append(process.name)
    return [name for name in found if int(name) != os.getpid()]
