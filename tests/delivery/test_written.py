"""mail.yaml: read as written, refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from spmlib.core.errors import ParameterError
from spmlib.workbench.post import written
from tests.delivery.servers import mail

OWN = Path(__file__).resolve().parents[2] / "parameters/policies/mail.yaml"


def test_the_sample_companys_file_sends_nothing_and_holds_no_password():
    said = written.read(OWN)
    assert not said.send
    assert said.login == ("SPM_MAIL_USER", "SPM_MAIL_PASSWORD")
    assert (said.chase.after, said.chase.escalate, said.chase.most) == (7, 2, 4)
    assert said.server.security == "starttls"


def test_what_is_left_out_is_careful(tmp_path):
    path = tmp_path / "mail.yaml"
    text = "server: {host: mail.firm.example}\nsender: {name: Pay, address: pay@firm.example}\n"
    texts = "{en: {subject: s, text: t}}"
    text += f"pace: {{}}\nchase: {{}}\ntexts: {{reminder: {texts}, escalation: {texts}}}\n"
    path.write_text(text, "utf-8")
    said = written.read(path)
    assert (said.send, said.leavers, said.server.security) == (False, "hold", "starttls")
    assert (said.server.port, said.chase.documents, said.domains) == (587, (), ())


@pytest.mark.parametrize(
    ("security", "port"), [("starttls", 587), ("tls", 465)], ids=["starttls", "tls"]
)
def test_ports_follow_what_is_spoken(tmp_path, security, port):
    server = f"{{host: mail.firm.example, security: {security}}}"
    assert mail(tmp_path, 0, server=server).server.port == port


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"sent": "yes"}, "mail.yaml:6: 'sent' is not a word of mail"),
        ({"send": "maybe"}, "mail.yaml:1: `send: maybe` means nothing; write one of: yes, no"),
        ({"server": "{port: 25}"}, "mail.yaml:2: 'host' is missing"),
        ({"server": "{host: x, security: none}"}, "mail.yaml:2: pay would travel in the clear"),
        ({"server": "{host: x, security: ssl}"}, "`security: ssl` means nothing"),
        ({"server": "{host: x, port: 70000}"}, "mail.yaml:2: there is no port 70000"),
        ({"server": "{host: x, port: 0}"}, "`port: 0` is below 1"),
        ({"server": "{host: x, timeout: 0}"}, "`timeout: 0` is no time"),
        ({"server": "{host: x, user: y}"}, "'user' is not a word of server"),
        ({"login": "{user: U, password: geheim!}"}, "is no name of an environment variable"),
        ({"login": "{user: U}"}, "'password' is missing"),
        ({"sender": "{name: Pay, address: pay}"}, "'pay' is not one address"),
        ({"sender": "{name: Pay, address: 'a@b.example, c@d.example'}"}, "is not one address"),
        ({"sender": '{name: "Pay\\r\\nBcc: x", address: a@b.example}'}, "holds a line end"),
        ({"sender": "Pay"}, "`sender` is not written as `name: value`"),
        ({"reply_to": "nobody"}, "mail.yaml:6: 'nobody' is not one address"),
        ({"leavers": "perhaps"}, "`leavers: perhaps` means nothing"),
        ({"pace": "{each_minute: 0}"}, "mail.yaml:4: `each_minute: 0` is below 1"),
        ({"pace": "{tries: 1.5}"}, "'1.5' is not a whole number"),
        ({"pace": "{wait: -1}"}, "`wait: -1` is no time"),
        ({"chase": "{after: 0}"}, "mail.yaml:5: `after: 0` is below 1"),
        ({"chase": "{escalate: 5, most: 4}"}, "told after 5 reminders, but there are only 4"),
    ],
)
def test_what_means_nothing_is_refused_with_its_line(tmp_path, words, said):
    with pytest.raises(ParameterError) as error:
        mail(tmp_path, 25, **words)
    assert said in str(error.value)
    assert "geheim" not in str(error.value)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("{of}", "{pay}", "{pay} stands for nothing"),
        ("{of}", "{}", "{} stands for nothing"),
        ("{of}", "{people}", "{people} stands for nothing"),
        ('subject: "Your statement of {of}"', 'subject: "a\\nb"', "holds a line end"),
        ("subject: Your plan, ", "", "'subject' is missing"),
        ("  escalation:", "  escalations:", "'escalation' is missing"),
    ],
)
def test_texts_are_whole(tmp_path, before, after, said):
    mail(tmp_path, 25)
    path = tmp_path / "mail.yaml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(ParameterError) as error:
        written.read(path)
    assert said in str(error.value)


def test_a_language_that_is_not_written_gets_the_first(tmp_path):
    said = mail(tmp_path, 25)
    assert written.text_of(said, "statement", "id").subject == "Laporan"
    assert written.text_of(said, "statement", "fr").subject == "Your statement of {of}"
    assert written.text_of(said, "quota", "en") is None
