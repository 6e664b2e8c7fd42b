"""Nobody gets two, nobody is forgotten: killed in the middle, two at once, settled by the next."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import fsspec
import pytest

from spmlib.core import ledger, registers
from spmlib.core.ledger import Ledger
from spmlib.workbench.post import claims, errands, progress
from spmlib.workbench.post.claims import Errand
from spmlib.workbench.post.smtp import Reply
from tests.delivery.servers import Box, serving
from tests.delivery.test_smtp import WHEN, people, sent

ROOT = Path(__file__).resolve().parents[2]


def started(folder: Path, port: int, count: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.delivery.run", str(folder), str(port), str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)


def killed(run: subprocess.Popen[bytes]) -> None:
    run.kill()  # as kill -9 does
    run.communicate()


def addresses(count: int) -> list[str]:
    return [person.address for person in people(count).values()]


@pytest.mark.parametrize("after", [1, 9, 30], ids=lambda n: f"after {n}")
def test_killed_while_one_is_under_way_that_one_is_named_and_the_others_get_one(tmp_path, after):
    box, count = Box(), 40
    hold, reached = threading.Event(), threading.Event()

    def waits(to: str) -> None:
        if len(box.letters) == after:  # taken, and not yet answered
            reached.set()
            hold.wait(20)

    box.after = waits
    with serving(box) as port:
        run = started(tmp_path, port, count)
        assert reached.wait(60)
        killed(run)
        hold.set()
        box.after = lambda to: None
        book = ledger.at(tmp_path / "deliveries")
        (unsure,) = claims.settle_others(book, "next", WHEN)
        assert unsure.endswith(f"P{after - 1:03}")
        outcomes = {who: what for who, what, _ in sent(tmp_path, port, count)}
    assert Counter(box.to()) == Counter(addresses(count))  # each exactly one
    assert outcomes[f"P{after - 1:03}"] == "held"
    assert claims.uncertain(registers.rows(book)) == [unsure]


def test_killed_at_any_moment_nobody_gets_two_and_who_got_none_is_named(tmp_path):
    count = 30
    for number, moment in enumerate((0, 11)):
        folder, box, reached = tmp_path / str(number), Box(), threading.Event()
        folder.mkdir()
        box.after = lambda to, box=box, at=moment, ev=reached: (
            ev.set() if len(box.letters) > at else None
        )
        with serving(box) as port:
            run = started(folder, port, count)
            assert reached.wait(60)
            killed(run)
            book = ledger.at(folder / "deliveries")
            unsure = claims.settle_others(book, "next", WHEN)
            sent(folder, port, count)
        times = Counter(box.to())
        assert max(times.values()) == 1
        missing = set(addresses(count)) - set(times)
        named = {f"{name[-4:].lower()}@firm.example" for name in unsure}
        assert missing <= named
        assert len(named) <= 1


def test_two_at_once_send_each_once(tmp_path):
    box, count = Box(), 60
    with serving(box) as port:
        runs = [started(tmp_path, port, count) for _ in range(2)]
        told = [run.communicate(timeout=100)[0].decode().split() for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert Counter(box.to()) == Counter(addresses(count))
    words = Counter(word for one in told for word in one[1::2])
    assert words == {"sent": count, "held": count}
    rows = registers.rows(ledger.at(tmp_path / "deliveries"))
    assert Counter(row["move"] for row in rows) == {"sending": count, "sent": count}


def test_the_log_says_what_went_to_whom_and_when(tmp_path):
    box = Box()
    box.on_rcpt = lambda to, times: "550 no" if to.startswith("p001") else ""
    with serving(box) as port:
        sent(tmp_path, port, 3)
    rows = registers.rows(ledger.at(tmp_path / "deliveries"))
    said = [(row["payee_id"], row["move"], row["to"], row["reason"]) for row in rows[3:]]
    assert said == [
        ("P000", "sent", "p000@firm.example", "250 taken"),
        ("P001", "failed", "p001@firm.example", "550 no"),
        ("P002", "sent", "p002@firm.example", "250 taken"),
    ]
    for row, message in zip([rows[3], rows[5]], box.messages(), strict=True):
        assert row["message_id"] == message["Message-ID"]
        assert list(row["files"]) == ["statement.pdf"]
        assert (row["recorded"], row["by"], row["document"]) == (WHEN, "test", "statement")


def errand(name: str, go=lambda: Reply("sent", "")) -> Errand:
    row = {"delivery_id": name, "payee_id": name, "document": "plan", "of": "x", "version": "1"}
    return Errand(name, (row,), f"{name}@firm.example", "sending", "sent", go)


def run(book: Ledger, going: list[Errand], **more):
    found = errands.run(book, going, 10, "me", lambda: WHEN, **more)
    return [(one.errand.key, one.reply.outcome) for one in found]


def test_a_run_under_way_is_not_settled_by_another(tmp_path):
    book = ledger.at(tmp_path)
    seen = []

    def look() -> Reply:
        seen.extend(claims.settle_others(book, "other", WHEN))
        seen.append(run(book, [errand("a"), errand("b"), errand("c")]))
        return Reply("sent", "")

    assert run(book, [errand("a", look), errand("b")]) == [("a", "sent"), ("b", "sent")]
    assert seen == ["a", "b", [("a", "held"), ("b", "held"), ("c", "sent")]]


def test_an_error_in_the_middle_leaves_nothing_open_but_what_was_under_way(tmp_path):
    book = ledger.at(tmp_path)

    def broken() -> Reply:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(book, [errand("a"), errand("b", broken), errand("c")])
    assert claims.uncertain(registers.rows(book)) == ["b"]
    assert run(book, [errand("a"), errand("b"), errand("c")])[-1] == ("c", "sent")
    assert run(book, [errand("b")], again=True) == [("b", "sent")]
    assert claims.uncertain(registers.rows(book)) == []


def test_who_stops_looking_leaves_nothing_open(tmp_path):
    book = ledger.at(tmp_path)
    found = errands.run(book, [errand("a"), errand("b")], 10, "me", lambda: WHEN)
    assert next(found).reply.outcome == "sent"
    found.close()
    assert [row["move"] for row in registers.rows(book)] == ["sending"] * 2 + ["sent", "failed"]
    assert run(book, [errand("a"), errand("b")]) == [("a", "held"), ("b", "sent")]


def test_what_is_asked_twice_in_one_run_goes_once(tmp_path):
    assert run(ledger.at(tmp_path), [errand("a"), errand("a")]) == [("a", "held"), ("a", "sent")]


def test_what_the_companys_own_table_says_was_sent_is_not_sent(tmp_path):
    brought = [{"delivery_id": "a", "move": "sent"}, {"delivery_id": "b", "move": "failed"}]
    outcomes = run(ledger.at(tmp_path), [errand("a"), errand("b")], brought=brought)
    assert outcomes == [("a", "held"), ("b", "sent")]


def test_acknowledged_while_it_was_under_way_stays_so_and_the_log_is_whole(tmp_path):
    book = ledger.at(tmp_path)

    def answered() -> Reply:
        row = {**errand("a").rows[0], "move": "acknowledged", "by": "a"}
        registers.record(book, "acknowledged", lambda _: [row], WHEN)
        return Reply("sent", "")

    run(book, [errand("a", answered)])
    moves = [row["move"] for row in registers.rows(book)]
    assert moves == ["sending", "acknowledged", "sent"]
    assert run(book, [errand("a")], again=True) == [("a", "held")]


def test_a_register_that_is_no_folder_claims_one_by_one(tmp_path):
    book = Ledger(fsspec.filesystem("memory"), f"/{tmp_path.name}")
    assert not progress.lasting(book)
    assert run(book, [errand("a"), errand("b")]) == [("a", "sent"), ("b", "sent")]
    moves = [row["move"] for row in registers.rows(book)]
    assert moves == ["sending", "sent", "sending", "sent"]
    row = claims.claim_rows(errand("c"), "lost", "me")
    registers.record(book, "claimed", lambda _: row, WHEN)
    assert claims.settle_others(book, "next", WHEN) == ["c"]  # nobody can know, so it is named
    assert run(book, [errand("c")]) == [("c", "held")]


def test_a_line_cut_off_by_the_end_counts_as_not_written(tmp_path):
    book = ledger.at(tmp_path)
    with progress.begun(book) as kept:
        kept.write("a", "began")
        kept.write("a", "sent", "250 ok")
        kept.write("b", "began")
        kept.file.write('["b", "se')
    with progress.left(book, kept.run) as found:
        assert found == {"a": ("sent", "250 ok"), "b": ("began", "")}


def test_a_run_that_ended_well_leaves_no_file(tmp_path):
    book = ledger.at(tmp_path)
    run(book, [errand("a"), errand("b")])
    assert list((tmp_path / "progress").iterdir()) == []
