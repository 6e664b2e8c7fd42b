"""A policy is read with its places; what it cannot mean is refused with the line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.contract_costs import written

FOLDER = Path(__file__).resolve().parents[2] / "parameters"
OWN = FOLDER / "policies/contract_costs.yaml"


def test_the_sample_company_has_a_policy():
    decided = written.read(OWN)
    found = written.judgement(decided, "account_executive", "new_business", date(2026, 1, 1))
    assert found is not None
    assert found.incremental
    assert found.place.startswith("contract_costs.yaml:")
    assert written.judgement(decided, "account_executive", "new_business", date(2020, 1, 1)) is None
    assert decided.lapses is not None
    assert decided.lapses.kinds == ("new",)
    assert set(decided.accounts) == set(written.ACCOUNTS)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("framework: us_gaap", "framework: gaap", "`framework: gaap` means nothing"),
        ("convention: month_of_start", "convention: daily", "`convention: daily` means nothing"),
        ("currency: USD", "currency: USX", "'USX' is no currency"),
        ("unit: contract ", "unit: order ", "`unit: order` means nothing"),
        ("expedient: yes", "expedient: maybe", "`expedient: maybe` means nothing"),
        ("expedient: yes", "expedients: yes", "'expedients' is not a word"),
        ("commensurate: 10%", "commensurate: 10", "above 1 and has no %"),
        ("translation: closing", "translation: spot", "`translation: spot` means nothing"),
        ("incremental: yes, because: paid", "incremental: perhaps, because: paid", "means nothing"),
        (
            "{incremental: yes, because: paid for the order alone}",
            "{incremental: yes}",
            "'because'",
        ),
        (
            "{incremental: no, because: a meeting is no contract}",
            "{incremental: no, allocated: as_earned, because: no}",
            "what is not incremental is not allocated",
        ),
        ("months: 6\n", "months: 0\n", "0 months cannot be"),
        ("months: 6\n", "renewals: 1\n", "there are neither months nor a term"),
        ("renewals: 3", "renewals: -3", "-3 renewals cannot be"),
        ("renewal_commissions: less", "renewal_commissions: same", "means nothing"),
        ("name: services", "title: services", "'title' is not a word of a benefit"),
        ("grace: 45", "grace: soon", "'soon' is not a whole number"),
        ("early: 60, ", "", "'early' is missing"),
        ("  asset: 1510", "  assets: 1510", "'assets' is not a word of the accounts"),
        ("  impairment: 6140 Impairment of costs of obtaining contracts\n", "", "'impairment'"),
        ("components:\n  2024-05-01:", "components:\n  first:", "no day from which this holds"),
        ("benefits:\n  2024-05-01:\n", "benefits:\n  2024-05-01: 12\n  2025-05-01:\n", "no list"),
    ],
)
def test_what_a_policy_cannot_mean(tmp_path, old, new, says):
    text = OWN.read_text("utf-8")
    assert old in text
    path = tmp_path / "contract_costs.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ParameterError, match=rf"contract_costs\.yaml:\d+: .*{says}"):
        written.read(path)
