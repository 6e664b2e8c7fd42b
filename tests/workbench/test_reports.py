"""`spm report`: reports appear whole, failures say where, and the exit code tells."""

from __future__ import annotations

import json
import re

import nbformat

from tests.show.test_widgets import CELL as LIVE

RUN = "run: 2026-10\nperiod: 2026-10\ntimeout: 4\nnotebooks:\n"
PICTURE = """\
from IPython.display import SVG, display
picture = SVG("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect/></svg>")
display(picture, metadata={"image/svg+xml": {"alt": "A square <small>"}})"""
SILENT = "from IPython.display import HTML\nHTML('<img src=\"data:,\">')"
KILLED = "import os, signal\nprint('so far')\nos.kill(os.getpid(), signal.SIGKILL)"
GLANCE = "from IPython.display import HTML\nHTML('<b>120 payees</b>')"
OUTSIDE = re.compile(
    r"""(?:src|srcset|action|data)\s*=\s*["']?(?:https?:)?//|<link|<script|@import"""
)


def test_a_run_makes_pages_an_index_and_a_manifest(workbench):
    path = workbench.notebook("20_crediting", "print(payee, period)", PICTURE, GLANCE)
    _tagged(path, "glance")
    workbench.notebook("21_commissions", "print('<b>')", "1 + 1")
    workbench.run(RUN + "  20_crediting: {payee: P-7}\n  21_commissions: {}\n")
    made = workbench.spm("report")
    assert made.exit_code == 0, made.output
    assert f"Open {(workbench.results / 'index.html').as_uri()}" in made.output

    page = workbench.page("20_crediting.html")
    assert "P-7 2026-10" in page
    assert 'alt="A square &lt;small&gt;"' in page
    assert "<details" in page
    assert "&lt;b&gt;" in workbench.page("21_commissions.html")

    index = workbench.page("index.html")
    assert "What is 20_crediting?" in index
    assert "<p>The lead of 20_crediting.</p>" in index
    assert "<b>120 payees</b>" in index
    assert 'src="data:image/svg+xml;base64,' in index
    assert "Failed" not in index
    assert "What is 20_crediting?" in workbench.page("../index.html")

    manifest = json.loads(workbench.page("manifest.json"))
    assert manifest["status"] == "good"
    assert [report["status"] for report in manifest["reports"]] == ["good", "good"]
    assert manifest["versions"]["papermill"]
    assert len(manifest["sha256"]) == 64
    assert not list(workbench.results.glob(".*"))


def test_no_page_asks_the_network_for_anything(workbench):
    workbench.notebook("20_crediting", PICTURE, "import pandas\npandas.DataFrame({'a': [1]})")
    workbench.notebook("21_commissions", "1 / 0")
    workbench.run(RUN + "  20_crediting: {}\n  21_commissions: {}\n")
    assert workbench.spm("report").exit_code == 1
    pages = sorted(workbench.results.glob("*.html"))
    assert [p.name for p in pages] == [
        "20_crediting.html",
        "21_commissions.FAILED.html",
        "index.html",
    ]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "default-src 'none'" in text
        assert '<html lang="en">' in text
        assert not OUTSIDE.search(text)


def test_what_is_live_in_a_notebook_stands_still_in_its_report(workbench):
    workbench.notebook("20_crediting", LIVE)
    workbench.run(RUN.replace("timeout: 4", "timeout: 60") + "  20_crediting: {}\n")
    made = workbench.spm("report")
    assert made.exit_code == 0, made.output
    page = workbench.page("20_crediting.html")
    assert "Most: Add a rate (3 issues)." in page
    assert "How many: 3. Run this notebook to move it." in page
    assert not OUTSIDE.search(page)
    assert "vnd.jupyter.widget" not in workbench.page("20_crediting.ipynb")


def test_every_way_to_fail_says_where_and_why_and_keeps_the_last_good_report(workbench):
    names = ["20_raises", "21_killed", "22_slow", "23_silent", "24_good"]
    for name in names:
        workbench.notebook(name, "'the first time'")
    workbench.run(RUN + "".join(f"  {name}: {{}}\n" for name in names))
    assert workbench.spm("report").exit_code == 0
    before = {name: workbench.page(f"{name}.html") for name in names}

    workbench.notebook("20_raises", "1 + 1", "1 / 0", "2 + 2")
    workbench.notebook("21_killed", "1 + 1", KILLED, "2 + 2")
    workbench.notebook("22_slow", "1 + 1", "import time\ntime.sleep(60)", "2 + 2")
    workbench.notebook("23_silent", "1 + 1", SILENT)
    workbench.notebook("24_good", "'the second time'")
    made = workbench.spm("report")
    assert made.exit_code == 1

    says = {
        "20_raises": "ZeroDivisionError: division by zero",
        "21_killed": "the kernel died",
        "22_slow": "the cell took longer than 4 seconds",
        "23_silent": "a picture without alternative text",
    }
    index = workbench.page("index.html")
    for name, reason in says.items():
        assert f"FAILED  {name}, cell 6 (under 'A section'): {reason}" in made.stderr
        page = workbench.page(f"{name}.FAILED.html")
        assert "cell 6" in page
        assert reason in page
        assert "The last good report" in page
        assert workbench.page(f"{name}.html") == before[name]
        left = nbformat.read(workbench.results / f"{name}.FAILED.ipynb", 4)
        assert left.cells[0].source.startswith("**This run failed**, cell 6")
        assert f'href="{name}.FAILED.html"' in index
    assert "4 of 5 reports could not be made" in index
    assert "the second time" in workbench.page("24_good.html")


def test_a_mended_notebook_takes_its_failure_away(workbench):
    workbench.run(RUN + "  20_crediting: {}\n")
    workbench.notebook("20_crediting", "1 / 0")
    assert workbench.spm("report").exit_code == 1
    assert not (workbench.results / "20_crediting.html").exists()
    assert "There is no earlier report" in workbench.page("20_crediting.FAILED.html")
    workbench.notebook("20_crediting", "1 / 1")
    assert workbench.spm("report").exit_code == 0
    assert not list(workbench.results.glob("*FAILED*"))


def test_a_misspelt_parameter_stops_everything_before_it_starts(workbench):
    workbench.notebook("20_crediting", "1")
    workbench.run(RUN + "  20_crediting: {paye: P-7}\n")
    refused = workbench.spm("report")
    assert refused.exit_code == 2
    assert "2026-10.yaml:5: 'paye' is not a word" in refused.stderr
    assert "'payee'" in refused.stderr
    assert not workbench.results.exists()


def test_a_run_that_does_not_exist_is_refused(workbench):
    workbench.run(RUN + "  20_crediting: {}\n")
    refused = workbench.spm("report", "2026-11")
    assert refused.exit_code == 2
    assert "there is no run '2026-11'; take one of: 2026-10" in refused.stderr


def test_notebooks_stores_outputs_in_place_and_keeps_one_that_fails(workbench):
    good = workbench.notebook("20_crediting", "print(payee)")
    bad = workbench.notebook("21_commissions", "1 / 0")
    before = bad.read_bytes()
    assert workbench.spm("notebooks").exit_code == 1
    assert bad.read_bytes() == before
    stored = nbformat.read(good, 4)
    assert stored.cells[-1].outputs[0].text == "P-0001\n"
    assert "papermill" not in json.dumps(stored)
    once = good.read_bytes()
    workbench.spm("notebooks")
    assert good.read_bytes() == once


def _tagged(path, tag):
    notebook = nbformat.read(path, 4)
    notebook.cells[-1].metadata["tags"] = [tag]
    nbformat.write(notebook, path)
