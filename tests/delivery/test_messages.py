"""A message is for one person, holds that person's files to the byte, and cannot be bent."""

from __future__ import annotations

from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from spmlib.core.documents import Document, safe_name
from spmlib.core.errors import ParameterError
from spmlib.workbench.post.addresses import Person
from spmlib.workbench.post.messages import NotTheirs, message, message_id

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
ANN = Person("A", "Ann Müller-Łódź, née “Q”", "ann@firm.example")
EVERY = bytes(range(256)) * 5 + b"\r\n.\r\n.lines\nthat\rbegin\n.with dots"
KINDS = [
    ("statement.pdf", b"%PDF-1.7\n" + EVERY, "application/pdf"),
    ("statement.html", "<p>1 234,50 €</p>\r\n\n\r.".encode(), "text/html"),
    ("empty.csv", b"", "text/csv"),
    ("Pernyataan – Käufer.pdf", EVERY, "application/pdf"),
]


def document(payee: str = "A", name: str = "statement.pdf", content: bytes = b"x", **more):
    words = {"document": "statement", "of": "2026-10", "version": "1"} | more
    return Document(payee, name=name, content=content, **{"media_type": "application/pdf"} | words)


def made(person: Person = ANN, files=(), **more) -> bytes:
    usual = {"subject": "Your statement", "text": "Dear\n.you\n", "about": "k", "moment": NOON}
    usual |= {"sender": ("Pay — Office", "pay@firm.example"), "reply_to": "", "files": files}
    return message(person=person, **(usual | more))


def read(content: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(content)


def test_files_come_out_to_the_byte():
    files = [document(name=n, content=c, media_type=m) for n, c, m in KINDS]
    got = list(read(made(files=files)).iter_attachments())
    assert [part.get_filename() for part in got] == [name for name, _, _ in KINDS]
    assert [part.get_payload(decode=True) for part in got] == [content for _, content, _ in KINDS]
    assert [part.get_content_type() for part in got] == [kind for _, _, kind in KINDS]


def test_words_come_out_as_written():
    long = "Laporan – Ω " * 12 + "."
    got = read(made(subject=long, text="Grüße\n", reply_to="hr@firm.example"))
    assert got["Subject"] == long
    assert got.get_content() == "Grüße\r\n"
    assert got["To"].addresses[0].display_name == ANN.name
    assert [a.addr_spec for a in got["To"].addresses] == ["ann@firm.example"]
    assert [got["Cc"], got["Bcc"]] == [None, None]
    assert got["Reply-To"].addresses[0].addr_spec == "hr@firm.example"
    assert got["From"].addresses[0].display_name == "Pay — Office"


def test_it_is_plain_ascii_in_short_lines_that_end_in_crlf():
    content = made(files=[document(content=EVERY * 50)], text="ü" * 3000)
    assert content.isascii()
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 998  # RFC 5322, 2.1.1
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_the_same_letter_is_the_same_to_the_byte_and_another_has_another_id():
    files = [document(content=EVERY)]
    assert made(files=files) == made(files=files)
    assert read(made(about="k"))["Message-ID"] == message_id("k", "pay@firm.example")
    assert message_id("k", "pay@firm.example") != message_id("l", "pay@firm.example")


def test_a_document_of_somebody_else_does_not_go():
    with pytest.raises(NotTheirs, match="a document of B would go to A"):
        made(files=[document("A"), document("B", name="b.pdf")])


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_headers_cannot_be_added(end):
    more = f"x{end}Bcc: thief@evil.example{end}{end}body"
    with pytest.raises(ValueError, match="header"):
        made(subject=more)
    with pytest.raises(ValueError, match="header"):
        made(person=Person("A", more, "ann@firm.example"))
    with pytest.raises(NotTheirs):
        made(person=Person("A", "Ann", f"ann@firm.example{end}"))
    with pytest.raises(ParameterError, match="no word"):
        document(name=more)


def test_text_may_hold_anything_and_stays_text():
    text = "From me\n.\r\nBcc: x@evil.example\n\n--=boundary\n"
    got = read(made(text=text, files=[document()]))
    assert got["Bcc"] is None
    assert got.get_body().get_content().splitlines() == text.splitlines()


@pytest.mark.parametrize("word", ["", " ", "a/b", "a\nb", "a\x00", "a\u202eb", "/"])
def test_a_word_of_a_document_is_one(word):
    for name in ("payee_id", "document", "of", "version", "name"):
        if name == "payee_id" and "/" in word:
            continue  # stands last in what names a delivery
        words = {"payee_id": "A", "document": "plan", "of": "x", "version": "1", "name": "n.pdf"}
        with pytest.raises(ParameterError, match="letters and digits"):
            Document(**(words | {name: word}), content=b"", media_type="text/plain")


@pytest.mark.parametrize(
    "word",
    [
        *("..", ".", "../x", "a/b", "a\\b", "C:\\x", "con", "NUL.txt", "lpt1", "", " ", "a\nb"),
        *("-rf", ".hidden", "x" * 300, "ä" * 300, "a:b", "~", "a\x00b", "\ud800", "名前"),
        *("trailing.", "trailing "),
    ],
)
def test_a_safe_name_lies_in_its_folder(word, tmp_path):
    name = safe_name(word)
    assert (tmp_path / name).resolve().parent == tmp_path
    assert name.isascii()
    assert name not in ("", ".", "..", word)
    assert name[0] not in ".-"
    assert len(name) < 120
    (tmp_path / name).write_bytes(b"")


def test_names_that_differ_stay_apart():
    words = ["ä", "a", "a ", " a", "名前", "名", "a/b", "a_b", "a\\b", "../a", "x" * 300, "x" * 301]
    assert len({safe_name(word) for word in words}) == len(words)
