"""The code is formatted, linted and typed; the README's commands exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from spmlib.workbench.cli import app

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = {
    "format": ["ruff", "format", "--check", "--diff", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    "types": ["mypy"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_code_is_clean(name):
    command = [sys.executable, "-m", *COMMANDS[name]]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr


def documented(command: str) -> set[str]:
    """The words that README.md and CONTRIBUTING.md put after a command."""
    pages = [(ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md")]
    quoted = rf"(?m)(?:^ {{4}}|`)(?:[\w.\\/]*[\\/])?{command} ([a-z-]+)"
    return {word for page in pages for word in re.findall(quoted, page)}


def test_commands_of_the_readme_exist():
    words = documented("spm")
    assert {"report", "test", "check", "explain"} <= words
    assert words <= set(get_command(app).commands)


def test_targets_of_the_readme_exist():
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))
    words = documented("make")
    assert {"report", "test"} <= words
    assert words <= targets
