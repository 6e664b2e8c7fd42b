"""`spm share`: only the pages that a reader may see are in the folder, and no other is named."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.sharing import month
from tests.workbench.conftest import Workbench

SAID = """\
person: [payee]
pages:
  10_forecast: [everyone]
  20_crediting: [managers, finance]
  21_commissions: [finance, person]
  22_payouts: [finance]
"""
NAMES = ("10_forecast", "20_crediting", "21_commissions", "22_payouts", "23_unsaid")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A month's results and a policy, made once."""
    root = tmp_path_factory.mktemp("built")
    for folder in ("notebooks", "parameters/policies"):
        (root / folder).mkdir(parents=True)
    for name in (*NAMES, "24_failed"):
        (root / f"notebooks/{name}.ipynb").touch()
    (root / "parameters/policies/shared.yaml").write_text(SAID, encoding="utf-8")
    made = {name: month.executed(name, lead=f"Secret of {name}.") for name in NAMES}
    made["21_commissions"] = month.executed("21_commissions", payee="H7", lead="Secret of H7.")
    words = "See [whose pay](22_payouts.ipynb) and [next](20_crediting.ipynb)."
    made["10_forecast"].cells[0].source += f"\n\n{words}"
    month.write(root / "results/2026-10", made, failed=["24_failed"])
    return root


@pytest.fixture
def shared(built, tmp_path, monkeypatch):
    """A workbench with a month's results and a policy, for one test."""
    shutil.copytree(built, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    return Workbench(tmp_path / "here")


def pages(folder):
    return sorted(path.stem for path in folder.glob("*.html"))


def everything(folder):
    """All that a folder holds, as one text."""
    return "\n".join(p.name + p.read_text("utf-8") for p in sorted(folder.rglob("*.*")))


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        (["--for", "everyone"], ["10_forecast"]),
        (["--for", "managers"], ["10_forecast", "20_crediting"]),
        (["--for", "finance"], list(NAMES)),
        (["--person", "H7"], ["10_forecast", "21_commissions"]),
        (["--person", "H8"], ["10_forecast"]),
    ],
)
def test_a_reader_gets_the_pages_that_are_for_them_and_no_word_of_others(shared, words, seen):
    folder = shared.root / "out"
    made = shared.spm("share", "2026-10", *words, "--to", str(folder))
    assert made.exit_code == 0, made.output
    assert f"{len(seen)} pages for {words[1]}" in made.stdout
    assert "23_unsaid: policies/shared.yaml does not name it: for finance only" in made.stderr
    assert pages(folder) == [*seen, "index"]
    for name in seen:
        assert folder.joinpath(f"{name}.ipynb").exists()
    told = everything(folder)
    for name in {*NAMES, "24_failed"} - set(seen):
        assert name not in told
        assert f"Secret of {name}" not in told
    assert ("H7" in told) == ("21_commissions" in seen)
    assert "payroll" not in told
    assert "manifest.json" not in told
    assert not list(folder.parent.glob(".making-*"))


def test_the_index_of_a_share_can_be_searched_and_leads_to_nothing_else(shared):
    folder = shared.root / "out"
    shared.spm("share", "2026-10", "--for", "managers", "--to", str(folder))
    index = folder.joinpath("index.html").read_text("utf-8")
    assert "for managers" in index
    assert 'id="search"' in index
    assert "../" not in index
    page = folder.joinpath("10_forecast.html").read_text("utf-8")
    assert 'href="20_crediting.html"' in page
    assert "See whose pay and" in page


def test_a_page_that_is_not_for_the_reader_any_more_does_not_stay(shared):
    usual = shared.results / "shared/managers"
    assert shared.spm("share", "2026-10", "--for", "managers").exit_code == 0
    assert "20_crediting" in pages(usual)
    policy = shared.root / "parameters/policies/shared.yaml"
    policy.write_text(SAID.replace("managers, finance", "finance"), encoding="utf-8")
    assert shared.spm("share", "2026-10", "--for", "managers").exit_code == 0
    assert pages(usual) == ["10_forecast", "index"]
    assert "20_crediting" not in everything(usual)
    once = everything(usual)
    shared.spm("share", "2026-10", "--for", "managers")
    assert everything(usual) == once


def test_a_persons_folder_is_no_groups(shared):
    for words in (["--person", "H7"], ["--person", "../../finance"], ["--for", "finance"]):
        assert shared.spm("share", "2026-10", *words).exit_code == 0
    usual = shared.results / "shared"
    assert sorted(path.name for path in usual.iterdir()) == ["finance", "people"]
    assert len(list((usual / "people").iterdir())) == 2
    assert pages(usual / "finance") == [*NAMES, "index"]


def test_whose_page_it_is_is_what_it_was_made_with(shared):
    record = json.loads(shared.page("manifest.json"))
    record["reports"][2]["parameters"] = {"payee": "H8"}  # the notebook was executed for H7
    shared.results.joinpath("manifest.json").write_text(json.dumps(record), "utf-8")
    shared.spm("share", "2026-10", "--person", "H8", "--to", str(shared.root / "out"))
    assert pages(shared.root / "out") == ["10_forecast", "index"]
    shared.spm("share", "2026-10", "--person", "H7", "--to", str(shared.root / "own"))
    assert pages(shared.root / "own") == ["10_forecast", "21_commissions", "index"]
    assert "H8" not in everything(shared.root / "own")


def test_a_report_whose_notebook_was_taken_away_is_not_shared(shared):
    shared.results.joinpath("10_forecast.ipynb").unlink()
    made = shared.spm("share", "2026-10", "--for", "managers", "--to", "out")
    assert "10_forecast: not shared, its report could not be made" in made.stderr
    assert pages(shared.root / "out") == ["20_crediting", "index"]


def test_a_failed_report_is_not_shared_though_an_earlier_one_lies_there(shared):
    policy = shared.root / "parameters/policies/shared.yaml"
    policy.write_text(SAID + "  24_failed: [everyone]\n", encoding="utf-8")
    for kind in ("ipynb", "html"):
        earlier = shared.results / f"10_forecast.{kind}"
        shared.results.joinpath(f"24_failed.{kind}").write_bytes(earlier.read_bytes())
    made = shared.spm("share", "2026-10", "--for", "everyone", "--to", str(shared.root / "out"))
    assert "24_failed: not shared, its report could not be made" in made.stderr
    assert pages(shared.root / "out") == ["10_forecast", "index"]
    assert "24_failed" not in everything(shared.root / "out")


def test_what_no_share_put_there_is_never_replaced(shared):
    folder = shared.root / "mine"
    folder.mkdir()
    folder.joinpath("letter.txt").write_text("dear", "utf-8")
    for to, says in [
        (folder, "it holds letter.txt, which no share put there; name an empty folder"),
        (folder / "letter.txt", "this is a file; name a folder"),
        (shared.results, "which no share put there"),
    ]:
        made = shared.spm("share", "2026-10", "--for", "finance", "--to", str(to))
        assert made.exit_code == 2
        assert says in made.stderr
    assert folder.joinpath("letter.txt").read_text("utf-8") == "dear"
    assert shared.spm("share", "2026-10", "--for", "finance", "--to", "out").exit_code == 0
    shared.root.joinpath("out/notes.txt").write_text("mine", "utf-8")
    made = shared.spm("share", "2026-10", "--for", "finance", "--to", "out")
    assert "it holds notes.txt, which no share put there" in made.stderr


def test_where_nothing_is_said_nothing_is_shared_but_with_finance(shared):
    shared.root.joinpath("parameters/policies/shared.yaml").unlink()
    for words in (["--for", "managers"], ["--for", "everyone"], ["--person", "H7"]):
        made = shared.spm("share", "2026-10", *words, "--to", "out")
        assert made.exit_code == 2
        assert f"no page of 2026-10 is for {words[1]} (6 pages are not named in it" in made.stderr
        assert not shared.root.joinpath("out").exists()
    assert shared.spm("share", "2026-10", "--for", "finance", "--to", "out").exit_code == 0


def test_a_month_without_reports_is_refused(shared):
    for words, says in [
        (["2026-11", "--for", "finance"], "there are no reports of 2026-11; make them: spm report"),
        (["2026-13", "--for", "finance"], "'2026-13' is not a month; write it as 2026-10"),
        (["..", "--for", "finance"], "'..' is not a month"),
        (["2026-10"], "for whom: say one"),
    ]:
        made = shared.spm("share", *words)
        assert made.exit_code == 2
        assert says in made.stderr


@pytest.mark.parametrize("name", ["manifest.json", "10_forecast.ipynb"])
@pytest.mark.parametrize("text", ["{", "{}"])
def test_what_a_run_left_and_cannot_be_read_is_refused(shared, name, text):
    shared.results.joinpath(name).write_text(text, "utf-8")
    made = shared.spm("share", "2026-10", "--for", "finance", "--to", "out")
    assert made.exit_code == 2, made.exception
    assert f"{name}: it cannot be read (" in made.stderr
    assert "make the reports again: spm report" in made.stderr
    assert not shared.root.joinpath("out").exists()
