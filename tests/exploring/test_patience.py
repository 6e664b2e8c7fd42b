"""What is being done is said on a terminal only; a log stays clean."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from spmlib.workbench.exploring import patience

ASKED = """
from spmlib.workbench.exploring.patience import asked
with asked("reading [the] books"):
    print("done")
"""


def test_a_log_stays_clean(capfd: pytest.CaptureFixture[str]):
    with patience.asked("reading"):
        pass
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no terminals to open here")
def test_a_terminal_is_told():
    ours, theirs = os.openpty()
    command = [sys.executable, "-c", ASKED]
    env = os.environ | {"TERM": "xterm"}
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, env=env, check=True)
    os.close(theirs)
    told = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "reading [the] books" in told
    assert made.stdout == b"done\n"
