"""What the statements of a month cost: opening, computing, content, pages, PDFs.

    python benchmarks/statements.py

The sample company, its last month; the processors' time in seconds, and what two hundred statements
would take at that pace.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from machine import machine

from spmlib.incent.statements import known, statements
from spmlib.show import statements as drawn
from spmlib.workbench.opened import opened

PERIOD, MANY = "2026-10", 200
CONTACT = drawn.Contact("pay@example.org", 45)


def main() -> None:
    """Print the figures."""
    print(machine())
    bench, opening = timed(opened)
    tables, computing = timed(lambda: known.of_results(bench.results))
    told, content = timed(lambda: statements(tables, bench.company, bench.parameters, PERIOD))
    pages, page = timed(lambda: [drawn.html(one, CONTACT) for one in told])
    files, pdf = timed(lambda: [drawn.pdf(one, CONTACT) for one in told])
    print(f"\n{len(told)} statements of {PERIOD}, CPU seconds")
    print(f"\n| step | s | of {MANY} |\n|---|---|---|")
    for name, seconds in (("opened and read", opening), ("pay computed", computing)):
        print(f"| {name} | {seconds:.1f} | {seconds:.1f} |")
    each = {"content": content, "pages": page, "PDFs": pdf}
    for name, seconds in each.items():
        print(f"| {name} | {seconds:.1f} | {seconds * MANY / len(told):.1f} |")
    once, many = opening + computing, sum(each.values()) * MANY / len(told)
    print(f"| together | {once + sum(each.values()):.1f} | {once + many:.1f} |")
    for name, made in (("page", pages), ("PDF", files)):
        sizes = [len(one) / 1000 for one in made]
        print(f"\na {name}: {statistics.median(sizes):.0f} kB at the median, {max(sizes):.0f} most")


def timed(made: Callable[[], Any]) -> tuple[Any, float]:
    """What is made, and the CPU seconds it took."""
    began = time.process_time()
    return made(), time.process_time() - began


if __name__ == "__main__":
    main()
