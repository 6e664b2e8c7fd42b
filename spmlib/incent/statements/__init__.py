"""Statements: what each person is told about a month's pay, and no other person's.

    told = statements(known, company, plans, "2026-10")
    told[0].paid, told[0].plans[0].parts[0].lines[0].line_id

The content only, in exact amounts; how it is drawn is `spmlib.show.statements`.
"""

from spmlib.core.statements import Statement
from spmlib.incent.statements.known import Known
from spmlib.incent.statements.made import statements

__all__ = ["Known", "Statement", "statements"]
