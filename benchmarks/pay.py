"""What a year's pay costs to compute: spmlib's engine beside the limit, a loop and pandas.

    python benchmarks/pay.py                                100,000 and 1 million transactions
    python benchmarks/pay.py 10_000_000 --peers engine limit --runs 1

Every run is a process of its own; CPU and wall seconds are those after imports, peak memory is the
whole process's. All peers must give the very same cents, or this says so and fails.
"""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
DATA = HERE / "data"
PEERS = ("engine", "limit", "frames", "loop")  # the limit writes what the engine has computed
LOOP_MOST = 1_000_000  # beyond, the loop takes more memory than most machines have


def main() -> int:
    """Run what the command line asks for."""
    asked = _asked()
    if asked.one:
        print(json.dumps(measured(asked.one, asked.sizes[0])))
        return 0
    from machine import machine

    print(machine())
    return max(_compared(size, asked.peers, asked.runs) for size in asked.sizes)


def measured(peer: str, size: int) -> dict[str, float]:
    """One run of a peer, in this process: CPU and wall [s], peak memory [GiB]."""
    module = importlib.import_module(f"peers.{peer}")
    data, out = DATA / str(size), DATA / "results" / str(size) / peer
    out.mkdir(parents=True, exist_ok=True)
    prepared = module.ready(data, out)
    wall, cpu = time.perf_counter(), time.process_time()
    module.run(data, out, prepared)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "peak": peak,
    }


def _compared(size: int, peers: list[str], runs: int) -> int:
    """All peers in turn, so many times; 1 if their cents differ."""
    from fingerprint import fingerprint
    from generator import company

    company(DATA / str(size), size)
    peers = [peer for peer in peers if peer != "loop" or size <= LOOP_MOST]
    found: dict[str, list[dict[str, float]]] = {peer: [] for peer in peers}
    for _ in range(runs):
        for peer in peers:
            found[peer].append(_in_a_process(peer, size))
    _print(size, found)
    prints = {peer: fingerprint(DATA / "results" / str(size) / peer) for peer in peers}
    same = all(each == prints[peers[0]] for each in prints.values())
    print("the very same cents" if same else f"THE CENTS DIFFER: {prints}", flush=True)
    return 0 if same else 1


def _in_a_process(peer: str, size: int) -> dict[str, float]:
    command = [sys.executable, __file__, str(size), "--one", peer]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def _print(size: int, found: dict[str, list[dict[str, float]]]) -> None:
    print(f"\n{size:,} transactions: median of {len(next(iter(found.values())))}")
    print("| peer | CPU s | wall s | peak GiB | CPU, of the limit | wall, of the limit |")
    print("|---|---|---|---|---|---|")
    middle = {
        peer: {key: median(run[key] for run in runs) for key in runs[0]}
        for peer, runs in found.items()
    }
    limit = middle.get("limit")
    for peer, run in middle.items():
        ratios = [f"{run[key] / limit[key]:.1f}" if limit else "" for key in ("cpu", "wall")]
        figures = [f"{run[key]:.2f}" for key in ("cpu", "wall", "peak")]
        print(f"| {peer} | {' | '.join(figures + ratios)} |")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=PEERS)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--one", choices=PEERS, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
