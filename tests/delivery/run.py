"""A run in a process of its own, to be killed: python run.py FOLDER PORT COUNT."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.delivery.test_smtp import sent

if __name__ == "__main__":
    folder, port, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    for who, what, _ in sent(folder, port, count):
        sys.stdout.write(f"{who} {what}\n")
