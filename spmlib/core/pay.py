"""Pay: how people are paid and how they were, as tables that planning can use."""

from __future__ import annotations

from dataclasses import dataclass

from spmlib.core.tables import PayCurves, PayRecords, PayRules, Table


@dataclass(frozen=True)
class Pay:
    """What plans pay for what is credited, and what they paid.

    Attributes:
        curves: each component's table as a curve, as it stands on a day.
        rules: gates, multipliers, caps and floors, as they stand on that day.
        records: what people were credited with and earned, month by month, before the day.
    """

    curves: Table[PayCurves]
    rules: Table[PayRules]
    records: Table[PayRecords]
