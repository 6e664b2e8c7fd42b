"""JupyterLab opens on the first notebook, on this machine only."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from spmlib.workbench import project
from spmlib.workbench.cli import app
from spmlib.workbench.start import lab
from tests.workbench import another_company

ROOT = Path(__file__).parents[2]
PATIENCE = 120  # seconds until a server on a busy machine has to be there


def printed(*words: str):
    return CliRunner().invoke(app, ["lab", "--print", *words])


def test_it_opens_the_first_notebook_of_the_folder_one_is_in(monkeypatch):
    monkeypatch.chdir(ROOT / "docs")
    made = printed()
    assert made.exit_code == 0
    assert shlex.split(made.stdout) == [
        "jupyter",
        "lab",
        f"--ServerApp.root_dir={ROOT}",
        "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb",
        "--ip=127.0.0.1",
    ]
    assert (ROOT / "notebooks" / lab.FIRST).is_file()


def test_what_it_does_not_know_is_passed_on_to_jupyterlab(monkeypatch):
    monkeypatch.chdir(ROOT)
    words = shlex.split(printed("--no-browser", "--port", "9001", "--ServerApp.max=1").stdout)
    assert words[-4:] == ["--no-browser", "--port", "9001", "--ServerApp.max=1"]


def test_nothing_turns_the_token_off():
    assert not re.search("token|password", " ".join(lab.arguments(project.Project(ROOT))))


def test_a_folder_with_blanks_is_one_word(tmp_path, monkeypatch):
    root = tmp_path / "our pay"
    another_company.write(root)
    monkeypatch.chdir(root)
    assert f"--ServerApp.root_dir={root}" in shlex.split(printed().stdout)


def test_outside_of_any_workbench_it_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = printed()
    assert made.exit_code == 2
    assert "no folder here or above holds parameters/" in made.stderr


def test_notebooks_without_a_first_one_are_refused(tmp_path, monkeypatch):
    another_company.write(tmp_path)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)
    made = printed()
    assert made.exit_code == 2
    assert "there is no 00_start_here.ipynb; copy it from" in made.stderr


def test_a_company_without_notebooks_is_given_blank_ones_once(tmp_path):
    """Those of the workbench would run on the sample company, and would keep this one's pay."""
    orders = another_company.FILES["data/orders.csv"].replace(".10.2026", ".06.2026")
    another_company.write(tmp_path, **{"data/orders.csv": orders.replace("31.06", "30.06")})
    here = project.Project(tmp_path)
    assert lab.provide(here) == len(list(project.OWN.glob("*.ipynb")))
    copies = sorted((tmp_path / "notebooks").glob("*.ipynb"))
    assert [path.name for path in copies] == sorted(p.name for p in project.OWN.glob("*.ipynb"))
    for path in copies[:3]:
        copy, own = nbformat.read(path, 4), nbformat.read(project.OWN / path.name, 4)
        sources = [cell.source.replace('= "2026-10"', '= "2026-06"') for cell in own.cells]
        assert [cell.source for cell in copy.cells] == sources
        assert not any(cell.get("outputs") for cell in copy.cells)
    (tmp_path / "notebooks" / lab.FIRST).write_text("mine", encoding="utf-8")
    assert lab.provide(here) == 0
    assert (tmp_path / "notebooks" / lab.FIRST).read_text(encoding="utf-8") == "mine"
    assert here.within(copies[0]) == tmp_path / "notebooks"


def test_a_company_that_cannot_be_read_is_given_none(tmp_path, monkeypatch):
    another_company.write(tmp_path, **{"parameters/measures.yaml": "bookings: {summ: amount}"})
    monkeypatch.chdir(tmp_path)
    made = CliRunner().invoke(app, ["lab", "--no-browser"])
    assert made.exit_code == 2
    assert "'summ' is not a word of a measure" in made.stderr
    assert not (tmp_path / "notebooks").exists()


def test_to_print_copies_nothing(tmp_path, monkeypatch):
    another_company.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert printed().exit_code == 0
    assert not (tmp_path / "notebooks").exists()


@pytest.mark.nightly
def test_it_starts_and_asks_for_its_token(tmp_path):
    """A server on a free port: with the token it answers, without it refuses, and then it stops."""
    another_company.write(tmp_path / "company")
    folders = ("config", "data", "runtime")
    own = {f"JUPYTER_{name.upper()}_DIR": str(tmp_path / name) for name in folders}
    code = "from spmlib.workbench.cli import app; app()"
    words = ["lab", "--no-browser", f"--port={free()}", "--allow-root"]
    command = [sys.executable, "-c", code, *words]
    log = tmp_path / "log"
    with log.open("wb") as file:
        server = subprocess.Popen(
            command, cwd=tmp_path / "company", env=os.environ | own, stdout=file, stderr=file
        )
    try:
        about = running(server, tmp_path / "runtime", log)
        assert about["url"] == f"http://127.0.0.1:{about['port']}/"
        assert about["root_dir"] == str(tmp_path / "company")
        status, answer = asked(f"{about['url']}api/status", about["token"])
        assert status == 200
        assert {"started", "kernels"} <= set(json.loads(answer))
        assert asked(f"{about['url']}api/status", "")[0] == 403
        first = f"{about['url']}api/contents/notebooks/{lab.FIRST}?content=0"
        assert asked(first, about["token"])[0] == 200
        assert f"/lab/tree/notebooks/{lab.FIRST}?token=" in log.read_text(errors="replace")
    finally:
        server.terminate()
        server.wait(60)
    assert not list((tmp_path / "runtime").glob("jpserver-*.json"))


def free() -> int:
    with closing(socket.socket()) as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def running(server: subprocess.Popen, folder: Path, log: Path) -> dict:
    """What the server says of itself once it listens."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        for path in folder.glob("jpserver-*.json"):
            about = json.loads(path.read_text(encoding="utf-8") or "{}")
            if about and answers(f"{about['url']}api"):
                return about
        time.sleep(0.2)
    raise AssertionError(log.read_text(errors="replace"))


def answers(url: str) -> bool:
    try:
        return asked(url, "")[0] > 0
    except urllib.error.URLError:
        return False


def asked(url: str, token: str) -> tuple[int, bytes]:
    """Status and answer; without a token as a stranger."""
    headers = {"Authorization": f"token {token}"} if token else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
