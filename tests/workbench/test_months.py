"""The page of all months: what lies there, one script of our own, and no word of data is markup."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
from html.parser import HTMLParser

import pandas as pd
import pytest

from spmlib.show import findings, table_style
from spmlib.workbench import months, site
from tests.sharing import month

OUTSIDE = re.compile(r"""(?:src|srcset|action|data)\s*=\s*["']?(?:https?:)?//|<link|@import""")
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><meta http-equiv=refresh content='0;url=//evil.example'>",
    "<a href='javascript:alert(1)'>x</a> {{ 7 * 7 }} & ' \" `",
)


class Elements(HTMLParser):
    """The elements of a page, and what is on them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data


def made(results, name, *notebooks, failed=(), title="October 2026"):
    month.write(results / name, {n.metadata.title: n for n in notebooks}, failed, title)


def notebook(name, **about):
    it = month.executed(name, **about)
    it.metadata["title"] = name
    return it


def page_of(results):
    return months.write(results).read_text("utf-8")


def test_every_run_is_listed_with_its_reports_when_made_failures_and_checks(tmp_path):
    one = notebook("20_crediting", lead="7,363 credits.", headings=("Whom", "Checks"))
    made(tmp_path, "2026-09", one, title="September 2026")
    made(tmp_path, "2026-10", one, notebook("21_no", headings=("A",)), failed=["22_payouts"])
    (tmp_path / "2026-11/statements").mkdir(parents=True)  # no run made it
    found = months.months(tmp_path)
    assert [m.title for m in found] == ["October 2026", "September 2026"]
    assert [(len(m.entries), m.failed, m.held) for m in found] == [(3, 1, 1), (1, 0, 1)]
    assert [e.checks for e in found[0].entries] == ["checks held", "no checks", "a check failed"]
    assert found[0].entries[2].explained == "2026-10/22_payouts.FAILED.html"
    assert found[0].entries[2].page is None
    assert found[0].made == site.moment(month.ENDED)
    page = page_of(tmp_path)
    for words in (
        *("7,363 credits.", "Whom · Checks", 'href="2026-09/20_crediting.html"', "1 failed"),
        *('href="2026-10/20_crediting.ipynb"', 'href="2026-09/index.html"', "none failed"),
        "in cell 6: ZeroDivisionError: division by zero",
    ):
        assert words in page
    assert page.index("October 2026") < page.index("September 2026")


def test_a_failure_before_the_checks_says_that_they_were_not_reached(tmp_path):
    assert months._checks(("Checks",), {"section": "Who is paid"}) == "checks not reached"
    assert months._checks(("Checks",), {"section": "Checks"}) == "a check failed"


def test_without_months_the_page_says_how_to_make_one(tmp_path):
    assert "<code>spm report</code> makes the first" in page_of(tmp_path)


@pytest.mark.parametrize("name", ["manifest.json", "20_crediting.ipynb"])
@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_what_is_damaged_is_said_and_the_other_months_stand(tmp_path, name, text):
    made(tmp_path, "2026-09", notebook("20_crediting"))
    made(tmp_path, "2026-10", notebook("20_crediting"))
    (tmp_path / "2026-10" / name).write_text(text, "utf-8")
    page = page_of(tmp_path)
    assert "manifest.json or a notebook is damaged" in page
    assert "2026-09/20_crediting.html" in page


@pytest.mark.parametrize("words", HOSTILE)
def test_values_from_data_never_become_markup(tmp_path, words):
    plain = {"lead": "plain", "question": "plain?", "headings": ("plain", "Checks")}
    hostile = {"lead": words, "question": f"{words}?", "headings": (words, "Checks")}
    made(tmp_path / "a", "2026-10", notebook("20_crediting", **plain), title="plain")
    made(tmp_path / "b", "2026-10", notebook("20_crediting", **hostile), title=words)
    pages = [page_of(tmp_path / side) for side in "ab"]
    for side in "ab":
        folder = tmp_path / side / "2026-10"
        record = months.manifest.read(folder / "manifest.json")
        pages.append(site.index(folder, record, "managers"))
    for harmless, attacked in (pages[:2], pages[2:]):
        assert words in Elements(attacked).words
        assert Elements(attacked).found == Elements(harmless).found


def test_what_a_cell_says_in_markdown_is_no_markup_either():
    words = "**97 people** <img src=x onerror=alert(1)> <meta http-equiv=refresh content=0>"
    words += " [a](javascript:alert(1)) [b](JavaScript:alert(1)) [c](https://www.w3.org/) [d](#x)"
    it = month.executed("20_crediting", month.shown("text/markdown", words))
    page = site.page(it, site.Masthead("20_crediting", "October", "today", {}))
    found = Elements(page.split("<main>")[1]).found
    assert "<strong>97 people</strong>" in page
    assert not {"img", "meta"} & {tag for tag, _ in found}
    links = [on["href"] for tag, on in found if tag == "a" and "ipynb" not in on["href"]]
    assert links == ["#Checks", "#", "#", "https://www.w3.org/", "#x"]


def test_what_stands_in_tables_and_tiles_is_no_markup():
    words = "<img src=x onerror=alert(1)>"
    rows = pd.DataFrame({"name": [words], "group": [words]})
    made = table_style.built(rows, {"name": words}, words, words, group="group")
    for html in (made.as_raw_html(), findings.tiles({words: (words, words)}).data):
        assert not {"img"} & {tag for tag, _ in Elements(html).found}
        assert words in Elements(html).words


def test_one_script_runs_and_it_is_our_own(tmp_path):
    made(tmp_path, "2026-10", notebook("20_crediting", lead=HOSTILE[0]))
    folder = tmp_path / "2026-10"
    record = months.manifest.read(folder / "manifest.json")
    for page in (page_of(tmp_path), site.index(folder, record, "managers")):
        scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
        digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
        metas = [on for tag, on in Elements(page).found if tag == "meta"]
        policy = next(on["content"] for on in metas if "http-equiv" in on)
        assert len(scripts) == 1
        assert policy.split("; ") == [
            *("default-src 'none'", "img-src data:", "style-src 'unsafe-inline'"),
            *("base-uri 'none'", "form-action 'none'", f"script-src 'sha256-{digest}'"),
        ]
        assert not OUTSIDE.search(page)
    assert "<script" not in (folder / "index.html").read_text("utf-8")


def test_the_script_writes_no_markup():
    text = site.script().text
    for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval", "fetch"):
        assert word not in text


@pytest.mark.nightly
@pytest.mark.system("chromium")
def test_a_browser_hides_what_was_not_asked_for(tmp_path):
    made(tmp_path, "2026-09", notebook("20_crediting", lead="Crédits for all."))
    other = notebook("21_commissions", headings=("Pay and quota", "Checks"))
    made(tmp_path, "2026-10", other, notebook("22_payouts", lead=HOSTILE[1]))
    page = page_of(tmp_path)
    for asked, left in [("CREDITS all", "1 of 3"), ("quota PAY", "1 of 3"), ("nothing", "0 of 3")]:
        path = tmp_path / "asked.html"
        path.write_text(page.replace('id="search"', f'id="search" value="{asked}"'), "utf-8")
        found = Elements(_browsed(path, tmp_path))
        assert f"{left} reports" in found.words
        entries = [on for tag, on in found.found if "sought" in (on.get("class") or "")]
        assert sum("hidden" in on for on in entries) == 3 - int(left[0])
        assert not [tag for tag, _ in found.found if tag == "img"]


def _browsed(path, folder):
    """The page as a browser has it after its script ran."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    apart = ["--disable-background-networking", f"--user-data-dir={folder / 'browser'}"]
    command = ["chromium", *options, *apart, "--dump-dom", path.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=90).stdout
