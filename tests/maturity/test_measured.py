"""Figures of plain numbers, and of the sample company."""

from datetime import date

import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.maturity import figures


def test_nothing_is_no_figure():
    assert figures.forecast_error([], []) is None and figures.rate(0, 0) is None
    assert figures.days_to_close([], []) is None
    assert figures.lead_time([date(2026, 1, 1)], [None]) is None


def test_announced_after_it_held():
    assert figures.lead_time([date(2026, 1, 1)], [date(2026, 1, 11)]) == -10


def test_odd_figures_are_refused():
    with pytest.raises(ParameterError, match="do not pair"):
        figures.forecast_error([1], [1, 2])
    with pytest.raises(ParameterError, match="below 0"):
        figures.rate(-1, 2)


@pytest.mark.nightly
def test_the_sample_company():
    from spmlib.workbench import maturity
    from spmlib.workbench.opened import opened

    known = maturity.known(opened(), "2026-10")
    assert known.figures["manual_share"] == 0
    assert 0 < known.figures["dispute_rate"] < 1
    said = {row.question: row for row in known.evidence(forecast_error=0.1)}
    assert said["forecast"].measured == 4 and said["adjustments"].measured == 5
    assert [score.name for score in known.scores()][:2] == ["all", "orchestrate"]
    assert known.recommendations()
