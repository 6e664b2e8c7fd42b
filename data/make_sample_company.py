"""Make the sample company's tables: ``python data/make_sample_company.py [FOLDER]``.

Writes the CSV files beside this script (or into FOLDER), the same to the byte every time.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from sample_company import firm  # the folder beside this script, installed nowhere
from sample_company.written import write


def main() -> None:
    """Write every table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    for name, table in firm.tables().items():
        write(folder, name, table)


if __name__ == "__main__":
    main()
