"""Another company's folder: files as they come from elsewhere, with as little as can be said.

No calendar, no customers, no products; German days and amounts; two people, one of whom nobody
gave a renewal quota.
"""

from __future__ import annotations

from pathlib import Path

FILES = {
    "data/people.csv": """\
Emp ID;Name;Start;Title;Team;Manager;Target
007;Ann Example;03.01.2025;AE;sales;;80000,00
008;Bob NA;15.02.2025;AE;sales;007;60000,00
""",
    "data/orders.csv": """\
Order;Date;Rep;Net;Type
1;05.01.2026;008;100.000,00;new
2;14.10.2026;008;250.000,50;new
3;31.10.2026;007;1.200.000,00;new
4;03.04.2026;009;1.000,00;new
5;33.04.2026;008;1.000,00;new
6;03.04.2026;008;60.000,00;renewal
""",
    "data/quotas.csv": "Emp;Quota\n007;1000000\n008;500000\n",
    "parameters/sources.yaml": """\
payees:
  file: ../data/people.csv
  columns: {payee_id: Emp ID, name: Name, hire_date: Start}
  constants: {currency: EUR}
positions:
  file: ../data/people.csv
  columns: {payee_id: Emp ID, start_date: Start, role: Title, team: Team, manager_id: Manager}
  constants: {plan: seller}
transactions:
  file: ../data/orders.csv
  columns: {transaction_id: Order, event_date: Date, owner_id: Rep, amount: Net, kind: Type}
  constants: {currency: EUR}
quotas:
  file: ../data/quotas.csv
  columns: {payee_id: Emp, amount: Quota}
  constants: {measure: new_bookings, start_date: 2026-01-01}
""",
    "parameters/measures.yaml": "new_bookings: {sum: amount, where: {kind: new}}\n",
    "parameters/crediting.yaml": "rules:\n  owner: {kind: direct}\n",
    "parameters/plans/seller.yaml": """\
plan: seller
source: a letter
currency: EUR
components:
  new_business:
    clause: Bookings up to quota earn 8 %; above quota they earn 12 %.
    measure: new_bookings
    accumulate: year
    thresholds: quota
    pays: rate
    crossing: split
    table: {2026-01-01: [{from: 0%, rate: 8%}, {from: 100%, rate: 12%}]}
""",
}


def write(root: Path, **others: str) -> None:
    """Write the company's files into a folder."""
    for name, text in (FILES | others).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
