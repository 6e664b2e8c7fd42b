"""Messages handed to real servers: kind ones, strict ones, tired ones and dying ones."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from spmlib.core import ledger
from spmlib.workbench.post import errands, outgoing
from spmlib.workbench.post.addresses import Person
from spmlib.workbench.post.smtp import Post, Unreachable, pause
from tests.delivery.servers import PEM, Box, free, mail, only, serving, tls
from tests.delivery.test_messages import EVERY, NOON, document, read

CALM = b"From: pay@firm.example\r\nTo: a@firm.example\r\nSubject: x\r\n\r\n.a\r\n..b\r\n.\r\nend"
WHEN = "2026-11-27T12:00:00+00:00"
LOGIN = "login: {user: SPM_USER, password: SPM_PASSWORD}\n"
KNOWN = {"SPM_USER": "pay", "SPM_PASSWORD": "geheim"}
ENCRYPTED = f"{{{{host: localhost, port: {{port}}, security: {{security}}, certificates: {PEM}}}}}"


def people(count: int) -> dict[str, Person]:
    ids = [f"P{number:03}" for number in range(count)]
    return {one: Person(one, f"Name {one}", f"{one.lower()}@firm.example") for one in ids}


def sent(folder: Path, port: int, count: int, again: bool = False, **words: str):
    """Statements of so many people, sent; each person's file holds their id."""
    said, book = mail(folder, port, **words), ledger.at(folder / "deliveries")
    made = [document(one, content=EVERY + one.encode()) for one in people(count)]
    letters, held = outgoing.sorted_out(made, people(count), said, NOON.date())
    assert not held
    with Post(said, KNOWN) as post:
        going = [outgoing.mailed(one, said, NOON, post.hand_in) for one in letters]
        found = errands.run(book, going, said.pace.batch, "test", lambda: WHEN, again)
        return [(one.errand.key[-4:], one.reply.outcome, one.reply.said) for one in found]


def test_two_hundred_get_their_own_and_nothing_else(tmp_path):
    box = Box()
    with serving(box) as port:
        outcomes = sent(tmp_path, port, 200)
    assert [outcome for _, outcome, _ in outcomes] == ["sent"] * 200
    assert len(box.letters) == 200
    for (sender, to, _), message in zip(box.letters, box.messages(), strict=True):
        (file,) = message.iter_attachments()
        name = message["To"].addresses[0].display_name.removeprefix("Name ")
        assert file.get_payload(decode=True) == EVERY + name.encode()
        assert to == [message["To"].addresses[0].addr_spec] == [f"{name.lower()}@firm.example"]
        assert sender == "pay@firm.example"
    assert len(set(box.to())) == 200
    assert len({message["Message-ID"] for message in box.messages()}) == 200


def test_what_is_refused_for_good_fails_and_the_others_go(tmp_path):
    box = Box()
    box.on_rcpt = lambda to, times: "550 5.1.1 no such user" if to.startswith("p003") else ""
    box.on_data = lambda to, times: "554 5.7.1 no" if to.startswith("p005") else ""
    with serving(box) as port:
        outcomes = {who: (what, said) for who, what, said in sent(tmp_path, port, 10)}
    assert outcomes.pop("P003") == ("failed", "550 5.1.1 no such user")
    assert outcomes.pop("P005") == ("failed", "554 5.7.1 no")
    assert {what for what, _ in outcomes.values()} == {"sent"}
    assert len(box.letters) == 8
    assert box.asked["p003@firm.example"] == 1  # not tried again


@pytest.mark.parametrize("step", ["on_rcpt", "on_data"])
@pytest.mark.parametrize(("refusals", "arrives"), [(1, True), (2, True), (3, False)])
def test_what_is_put_off_is_tried_three_times(tmp_path, step, refusals, arrives):
    box = Box()
    setattr(box, step, lambda to, times: "451 4.7.1 later" if times <= refusals else "")
    with serving(box) as port:
        ((_, what, said),) = sent(tmp_path, port, 1)
    assert what == ("sent" if arrives else "failed")
    assert len(box.letters) == arrives
    assert arrives or said == "451 4.7.1 later (3 tries)"


def test_a_server_that_says_goodbye_is_called_again(tmp_path):
    box = Box()
    box.on_rcpt = lambda to, times: "421 4.3.2 shutting down" if times == 1 else ""
    with serving(box) as port:
        assert {what for _, what, _ in sent(tmp_path, port, 5)} == {"sent"}
    assert sorted(box.to()) == [f"p{number:03}@firm.example" for number in range(5)]


@pytest.mark.parametrize("taken", [False, True], ids=["lost", "taken"])
def test_no_answer_after_the_message_means_unknown_and_no_second_try(tmp_path, taken):
    box = Box()
    word = "keep and drop" if taken else "drop"
    box.on_data = lambda to, times: word if to.startswith("p002") else ""
    with serving(box) as port:
        first = {who: what for who, what, _ in sent(tmp_path, port, 5)}
        second = {who: what for who, what, _ in sent(tmp_path, port, 5)}
        assert first == {**dict.fromkeys(people(5), "sent"), "P002": "unknown"}
        assert set(second.values()) == {"held"}
        assert box.to().count("p002@firm.example") == taken
        box.on_data = lambda to, times: ""
        third = {who: what for who, what, _ in sent(tmp_path, port, 5, again=True)}
    assert set(third.values()) == {"sent"}  # --again sends all again, by who says so
    ids = [m["Message-ID"] for m in box.messages() if "P002" in str(m["To"])]
    assert len(ids) == 1 + taken
    assert len(set(ids)) == 1  # a second copy can be told


def test_a_server_that_dies_ends_the_run_and_nobody_is_forgotten(tmp_path):
    box, stop = Box(), threading.Event()
    with serving(box) as port:
        box.on_rcpt = lambda to, times: "421 4.3.2 closing" if stop.is_set() else ""
        box.after = lambda to: stop.set() if len(box.letters) == 10 else None
        first = sent(tmp_path, port, 20)
    assert [what for _, what, _ in first] == ["sent"] * 10 + ["failed"] * 10
    with pytest.raises(Unreachable):
        sent(tmp_path, port, 20)
    again = Box()
    with serving(again) as port:
        second = [what for _, what, _ in sent(tmp_path, port, 20)]
    assert sorted(second) == ["held"] * 10 + ["sent"] * 10
    assert sorted(box.to() + again.to()) == [f"p{number:03}@firm.example" for number in range(20)]


def test_a_server_that_is_gone_in_the_middle_leaves_the_rest_as_failed(tmp_path):
    box = Box()
    gate = socket.create_server(("127.0.0.1", 0))
    with serving(box) as port:
        relay = threading.Thread(target=_relay, args=(gate, port, box, 4), daemon=True)
        relay.start()
        with pytest.raises(Unreachable):
            sent(tmp_path, gate.getsockname()[1], 12)
        relay.join(5)
    again = Box()
    with serving(again) as port:
        outcomes = [what for _, what, _ in sent(tmp_path, port, 12)]
    both = box.to() + again.to()
    assert len(set(both)) == len(both)
    assert len(both) + outcomes.count("held") - len(box.to()) == 12


def _relay(gate: socket.socket, port: int, box: Box, count: int) -> None:
    """Pass one connection on until so many messages were taken, then be gone for good."""
    inner, _ = gate.accept()
    gate.close()
    outer = socket.create_connection(("127.0.0.1", port))
    answers = threading.Thread(target=_pass_on, args=(outer, inner, lambda: False), daemon=True)
    answers.start()
    _pass_on(inner, outer, lambda: len(box.letters) >= count)
    for end in (inner, outer):
        end.close()


def _pass_on(one: socket.socket, other: socket.socket, over) -> None:
    try:
        while (content := one.recv(65536)) and not over():
            other.sendall(content)
    except OSError:
        return


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_pay_travels_encrypted_and_after_a_login(tmp_path, security):
    box = Box()
    options = {"starttls": {"tls_context": tls(), "require_starttls": True}}
    options["tls"] = {"ssl_context": tls(), "auth_require_tls": False}  # it knows of STARTTLS only
    known = {"authenticator": only("pay", "geheim"), "auth_required": security == "starttls"}
    with serving(box, **options[security], **known) as port:
        server = ENCRYPTED.format(port=port, security=security)
        assert sent(tmp_path, port, 2, server=server, login=LOGIN[7:])[1][1] == "sent"
        said = mail(tmp_path, port, server=server, login=LOGIN[7:])
        wrong = Post(said, KNOWN | {"SPM_PASSWORD": "falsch"})
        with pytest.raises(Unreachable, match="it refuses the login") as told:
            wrong.__enter__()
        assert "falsch" not in str(told.value)
        with pytest.raises(Unreachable, match="no SPM_PASSWORD"), Post(said, {"SPM_USER": "pay"}):
            pass
    assert len(box.letters) == 2


def test_a_server_without_starttls_gets_nothing(tmp_path):
    box = Box()
    with serving(box) as port, pytest.raises(Unreachable, match="STARTTLS"):
        sent(tmp_path, port, 1, server=ENCRYPTED.format(port=port, security="starttls"))
    assert box.letters == []
    assert not ledger.at(tmp_path / "deliveries").closes()  # nothing was claimed


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path):
    box = Box()
    server = "{host: localhost, port: PORT, security: starttls}"
    with (
        serving(box, tls_context=tls()) as port,
        pytest.raises(Unreachable, match=r"(?i)certificate"),
    ):
        sent(tmp_path, port, 1, server=server.replace("PORT", str(port)))
    assert box.letters == []


def test_a_server_that_demands_what_is_not_configured_refuses_each(tmp_path):
    box = Box()
    with serving(box, tls_context=tls(), require_starttls=True) as port:
        ((_, what, said),) = sent(tmp_path, port, 1)
    assert (what, said[:3]) == ("failed", "530")


def test_dots_at_the_beginning_of_lines_stay_single(tmp_path):
    box = Box()
    with serving(box) as port, Post(mail(tmp_path, port)) as post:
        assert post.hand_in("a@firm.example", CALM).outcome == "sent"
    assert box.letters[0][2] == CALM + b"\r\n"
    assert read(box.letters[0][2])["Subject"] == "x"


@pytest.mark.parametrize(
    ("passed", "each_minute", "waits"),
    [(0, 60, 1), (0.25, 60, 0.75), (1, 60, 0), (5, 60, 0), (float("inf"), 1, 0), (0, 120, 0.5)],
)
def test_messages_keep_their_pace(passed, each_minute, waits):
    assert pause(passed, each_minute) == waits


def test_nobody_listens(tmp_path):
    with pytest.raises(Unreachable, match="look at `server`"), Post(mail(tmp_path, free())):
        pass
