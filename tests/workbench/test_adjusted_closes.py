"""An adjustment for a closed month is paid in the next close, once, with its reason."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

from spmlib.workbench import closes
from tests.workbench.test_closes import Company

HEAD = "adjustment_id,payee_id,plan,event_date,amount,requested_by,approved_by\n"


def given(company: Company, *rows: str) -> None:
    (company.folder / "adjustments.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows))
    sources = company.folder / "sources.yaml"
    if "adjustments" not in sources.read_text():
        sources.write_text(sources.read_text() + "adjustments: {file: adjustments.csv}\n")


def test_it_is_posted_in_the_next_close_and_never_again(tmp_path: Path):
    company = Company(tmp_path)
    company.closes("2026-01")
    before = company.previews("2026-02").tables["payouts"]["amount"].sum()
    given(company, "ADJ-1,Ann,seller,2026-01-31,50,Cy,Di")
    month = company.previews("2026-02")
    posted = month.tables["postings"].filter(month.tables["postings"]["kind"] == "adjustment")
    assert posted.select("period", "reason", "now").rows() == [("2026-01", "adjusted", 500_000)]
    assert month.tables["payouts"]["amount"].sum() - before == 500_000
    company.closes("2026-02")
    assert company.paid("2026-02")["Ann"] == D(250)  # 10 % of 2,000, and 50
    march = company.previews("2026-03").tables["postings"]
    assert march.filter(march["kind"] == "adjustment").is_empty()
    closes.close(company.bench, closes.kept(company.bench), company.previews("2026-03"))
    assert "Ann" not in company.paid("2026-03")
