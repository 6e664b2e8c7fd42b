"""`spm send | acknowledge | record | chase | deliveries`, on a small company and a real server."""

from __future__ import annotations

import csv
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from spmlib.workbench import making
from spmlib.workbench.cli import app
from tests.delivery import maker
from tests.delivery.servers import Box, mail, serving
from tests.workbench import another_company

PEOPLE = """\
Emp ID;Name;Mail;Start;End;Title;Team;Manager
007;Ann Example;ann@firm.example;03.01.2025;;AE;sales;
008;Bob Example;bob@firm.example;15.02.2025;;AE;sales;007
009;Cy Example;cy@firm.example;15.02.2025;;AE;sales;007
010;Di Example;di@elsewhere.example;15.02.2025;;AE;sales;007
011;Ed Example;;15.02.2025;;AE;sales;007
012;Flo Example;flo@firm.example;15.02.2025;01.02.2026;AE;sales;007
"""
SOURCES = another_company.FILES["parameters/sources.yaml"].replace(
    "hire_date: Start}", "hire_date: Start, email: Mail, leave_date: End}"
)


class Firm:
    """A company's folder, its mailbox, and what one types there."""

    def __init__(self, root: Path, box: Box) -> None:
        self.root, self.box = root, box

    def spm(self, *words: str) -> Result:
        return CliRunner().invoke(app, words)


@pytest.fixture
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Firm]:
    others = {"data/people.csv": PEOPLE, "parameters/sources.yaml": SOURCES}
    another_company.write(tmp_path, **others)
    (tmp_path / "parameters/policies").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(making.MAKERS, "plans", "tests.delivery.maker")
    monkeypatch.setattr(maker, "VERSION", ["1"])
    box = Box()
    with serving(box) as port:
        mail(tmp_path / "parameters/policies", port, domains="[firm.example]")
        yield Firm(tmp_path, box)


def test_nothing_is_sent_unless_one_says_so(firm):
    made = firm.spm("send", "plans", "2026-10")
    assert "would go  plan/seller/1/007  ann@firm.example  plan.txt" in made.stdout
    assert "3 would go; nothing was sent" in made.stdout
    assert "held      plan/seller/1/010: the address is not of firm.example" in made.stderr
    assert "held      plan/seller/1/011: there is no address" in made.stderr
    assert "held      plan/seller/1/012: left on 2026-02-01" in made.stderr
    assert (firm.box.letters, (firm.root / "ledger").exists()) == ([], False)


def test_from_sent_to_acknowledged(firm):
    made = firm.spm("send", "plans", "2026-10", "--really", "--by", "Pat")
    assert "3 sent" in made.stdout
    assert made.exit_code == 1  # three were held
    for message in firm.box.messages():
        (file,) = message.iter_attachments()
        who = {"ann": "007", "bob": "008", "cy": "009"}[message["To"].addresses[0].username]
        assert file.get_content().strip() == f"{who} 2026-10"
    again = firm.spm("send", "plans", "2026-10", "--really")
    assert "not again 3: it was sent already" in again.stdout
    assert len(firm.box.letters) == 3
    assert firm.spm("acknowledge", "plan/seller/1/008", "--by", "Bob").exit_code == 0
    twice = firm.spm("acknowledge", "plan/seller/1/008", "--by", "Bob")
    assert (twice.exit_code, "it cannot be acknowledged" in twice.stderr) == (2, True)
    lines = firm.spm("deliveries").stdout
    assert "33%" in lines
    assert "chase    plan/seller/1/007: sent" in lines
    assert "plan/seller/1/008" not in lines


def test_chased_then_the_manager_then_a_visit(firm):
    firm.spm("send", "plans", "2026-10", "--really", "--day", "2026-01-01")
    firm.spm("acknowledge", "plan/seller/1/007", "--by", "Ann")
    firm.box.letters.clear()
    assert "0 reminders would go" in firm.spm("chase").stdout  # sent today
    for _ in range(2):
        assert "2 reminders would go" in firm.spm("chase", "--day", "2099-01-01").stdout
        assert "2 sent" in firm.spm("chase", "--really", "--day", "2099-01-01").stdout
    assert sorted(firm.box.to()) == ["bob@firm.example"] * 2 + ["cy@firm.example"] * 2
    firm.box.letters.clear()
    assert "1 sent" in firm.spm("chase", "--really", "--day", "2099-01-01").stdout
    (told,) = firm.box.messages()
    assert told["To"].addresses[0].addr_spec == "ann@firm.example"
    text = told.get_content()
    assert ("Bob Example" in text, "Cy Example" in text, "Ann" in text) == (True, True, False)
    assert not list(told.iter_attachments())
    assert "escalated" in firm.spm("deliveries", "--log").stdout


def test_a_reminder_that_fails_does_not_count(firm):
    firm.spm("send", "plans", "2026-10", "--really")
    firm.box.on_rcpt = lambda to, times: "550 no" if to.startswith("bob") else ""
    firm.box.letters.clear()
    assert firm.spm("chase", "--really", "--day", "2099-01-01").exit_code == 1
    assert sorted(firm.box.to()) == ["ann@firm.example", "cy@firm.example"]
    firm.spm("deliveries", "--to", "out", "--day", "2099-01-01")
    with open("out/deliveries.csv", encoding="utf-8") as file:
        counts = {row["payee_id"]: row["chased_count"] for row in csv.DictReader(file)}
    assert counts == {"007": "1", "008": "0", "009": "1"}


def test_a_new_version_goes_to_all_and_makes_acknowledgements_void(firm):
    firm.spm("send", "plans", "2026-10", "--really")
    firm.spm("acknowledge", "plan/seller/1/008", "--by", "Bob")
    maker.VERSION[0] = "2"
    assert "3 sent" in firm.spm("send", "plans", "2026-10", "--really").stdout
    assert "0%" in firm.spm("deliveries").stdout
    assert firm.spm("acknowledge", "plan/seller/2/008", "--by", "Bob").exit_code == 0
    assert "33%" in firm.spm("deliveries").stdout


def test_what_says_something_else_under_one_version_is_named(firm):
    firm.spm("send", "plans", "2026-10", "--really")
    said = firm.spm("send", "plans", "2026-09", "--really").stdout
    assert "not again 3: it was sent already, but says something else now" in said


def test_a_folder_for_each_person(firm):
    made = firm.spm("send", "plans", "2026-10", "--to", "out", "--really")
    assert (made.exit_code, "6 sent" in made.stdout) == (0, True)
    files = sorted(Path("out").rglob("*.txt"))
    assert [file.parent.name for file in files] == ["007", "008", "009", "010", "011", "012"]
    for file in files:
        assert file.read_text("utf-8") == f"{file.parent.name} 2026-10"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(list(Path("out").rglob("*"))) == 12  # nothing is left beside them


def test_a_file_that_is_there_is_never_overwritten(firm):
    Path("out/007").mkdir(parents=True)
    Path("out/007/plan.txt").write_text("mine", "utf-8")
    made = firm.spm("send", "plans", "2026-10", "--to", "out", "--really")
    assert (made.exit_code, "5 sent" in made.stdout) == (1, True)
    assert "says something else" in made.stderr
    assert Path("out/007/plan.txt").read_text("utf-8") == "mine"


def test_only_those_who_are_named(firm):
    made = firm.spm("send", "plans", "2026-10", "--really", "--only", "008")
    assert made.exit_code == 0
    assert firm.box.to() == ["bob@firm.example"]


def test_what_came_back_goes_again(firm):
    firm.spm("send", "plans", "2026-10", "--really", "--only", "008")
    words = ("bounced", "--by", "postmaster", "--reason", "550 mailbox full")
    assert firm.spm("record", "plan/seller/1/008", *words).exit_code == 0
    assert "send     plan/seller/1/008: bounced" in firm.spm("deliveries").stdout
    firm.spm("send", "plans", "2026-10", "--really", "--only", "008")
    assert firm.box.to() == ["bob@firm.example"] * 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["send", "flowers", "2026-10"], "'flowers' are nothing that is sent"),
        (["acknowledge", "plan/seller/1/999", "--by", "x"], "there is no delivery"),
        (["acknowledge", "plan/seller/1/008", "--by", " "], "nobody says so"),
        (["record", "plan/seller/1/008", "lost", "--by", "x"], "'lost' is nothing to record"),
        (["chase", "--day", "tomorrow"], "'tomorrow' is not a day"),
        (["deliveries", "--day", "31.12.2026"], "is not a day"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(firm, words, said):
    made = firm.spm(*words)
    assert (made.exit_code, said in made.stderr) == (2, True)


def test_what_nothing_makes_is_said(firm, monkeypatch):
    monkeypatch.setitem(making.MAKERS, "plans", "spmlib.workbench.nowhere")
    made = firm.spm("send", "plans", "2026-10")
    assert (made.exit_code, "nothing makes plans" in made.stderr) == (2, True)


def test_off_is_off(firm):
    path = firm.root / "parameters/policies/mail.yaml"
    path.write_text(path.read_text("utf-8").replace("send: yes", "send: no"), "utf-8")
    made = firm.spm("send", "plans", "2026-10", "--really")
    assert (made.exit_code, "it says `send: no`" in made.stderr) == (2, True)
    assert firm.box.letters == []
    assert firm.spm("send", "plans", "2026-10", "--really", "--to", "out").exit_code == 0
