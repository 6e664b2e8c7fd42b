"""The gaming audit: size and power of the density test, and the best timing against brute force.

    python benchmarks/gaming.py [draws]

Size is how often the test cries wolf where nobody plays, at 5 %; power, how often it sees a share
of those just below a threshold who are just above it. Then a pipeline's best timing, against going
through all bookings of it.
"""

from __future__ import annotations

import sys
import time
from itertools import product

import numpy as np
from machine import machine
from scipy.stats import kstest

from spmlib.incent.gaming.densities import density_test
from spmlib.incent.gaming.paid import paying
from spmlib.incent.gaming.timing import Account, Deal, best, paid_for

LAWS = {
    "normal, in the middle": (lambda rng, n: rng.standard_normal(n), 0.0),
    "normal, aside": (lambda rng, n: rng.standard_normal(n), 0.8),
    "exponential": (lambda rng, n: rng.standard_exponential(n), 1.0),
    "uniform": (lambda rng, n: rng.random(n), 0.5),
    "gamma": (lambda rng, n: rng.gamma(3, 1, n), 2.5),
}


def main(draws: int = 1000) -> None:
    """Print all figures."""
    print(machine())
    rng = np.random.default_rng(54)
    print(f"\nSize at 5 % and 10 %, {draws} draws each; KS: p-value of uniform p-values")
    for size in (200, 500, 2000):
        for name, (draw, at) in LAWS.items():
            p = np.array([density_test(draw(rng, size), at).p_value for _ in range(draws)])
            told = f"{(p < 0.05).mean():.3f} {(p < 0.1).mean():.3f}"
            print(f"  {size:5}  {name:22} {told}  KS {kstest(p, 'uniform')[1]:.3f}")
    print("\nPower at 5 %, one-sided, by the share of those within 0.3 below who moved above")
    for size in (200, 500, 2000):
        shares = {s: np.mean([_seen(rng, size, s) for _ in range(draws // 4)]) for s in SHARES}
        print(f"  {size:5}  " + "  ".join(f"{s:.0%}: {power:.2f}" for s, power in shares.items()))
    print("\nBest timing: deals free between two quarters of a retroactive table")
    for count in (8, 12, 16, 20, 24):
        _timed(rng, count)


SHARES = (0.0, 0.2, 0.4, 0.6)


def _seen(rng: np.random.Generator, size: int, share: float) -> bool:
    x = rng.standard_normal(size)
    moved = (x < 0) & (x > -0.3) & (rng.random(size) < share)
    return density_test(np.where(moved, -x / 2, x)).above < 0.05


def _timed(rng: np.random.Generator, count: int) -> None:
    quarter = paying([(0, "2%"), (150_000, "3%"), (450_000, "4%")], crossing="whole")
    deals = [
        Deal(str(n), int(rng.integers(100_000, 10_000_000)) / 100, (0, 1), n % 2)
        for n in range(count)
    ]
    accounts = [Account(quarter, (0,), 20_000), Account(quarter, (1,))]
    began = time.process_time()
    made = best(deals, accounts)
    took = time.process_time() - began
    line = f"  {count:3} deals: {took:6.2f} s, gains {float(made.gain):10,.2f}"
    if count <= 12:
        began = time.process_time()
        most = max(paid_for(deals, accounts, w) for w in product((0, 1), repeat=count))
        assert most == made.pays
        line += f"; all bookings {time.process_time() - began:6.2f} s, the same"
    print(line)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
