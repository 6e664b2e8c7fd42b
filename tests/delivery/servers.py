"""Mail servers on loopback, real ones: what they take they keep, and they refuse as told."""

from __future__ import annotations

import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from spmlib.core import written
from spmlib.workbench.post.written import Mail, decided

PEM = Path(__file__).with_name("localhost.pem")
TEXTS = """
texts:
  statement:
    en: {subject: "Your statement of {of}", text: "Dear {name},\\nit is enclosed.\\n.dots.\\n"}
    id: {subject: Laporan, text: "Yth. {name}, terlampir — untuk Anda."}
  plan: {en: {subject: Your plan, text: "Please acknowledge version {version}."}}
  reminder: {en: {subject: "Please answer: {of}", text: "{days} days"}}
  escalation: {en: {subject: Your people, text: "{people}"}}
"""


class Box:
    """A mailbox for all, and what its server says before it takes a message."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, list[str], bytes]] = []
        self.on_rcpt: Callable[[str, int], str] = lambda to, times: ""
        self.on_data: Callable[[str, int], str] = lambda to, times: ""
        self.after: Callable[[str], None] = lambda to: None
        self.asked: Counter[str] = Counter()
        self.given: Counter[str] = Counter()

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self.asked[address] += 1
        if said := self.on_rcpt(address, self.asked[address]):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        (to,) = envelope.rcpt_tos
        self.given[to] += 1
        said = self.on_data(to, self.given[to])
        if said == "drop":  # the connection is gone before anything is said
            server.transport.abort()
            return "250 nobody hears this"
        if said and said != "keep and drop":
            return said
        self.letters.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        self.after(to)
        if said:
            server.transport.abort()
        return "250 taken"

    def messages(self) -> list[EmailMessage]:
        """All that was taken, read as a reader reads it."""
        read = BytesParser(policy=policy.default)
        return [read.parsebytes(content) for _, _, content in self.letters]

    def to(self) -> list[str]:
        """To whom, in order."""
        return [to for _, tos, _ in self.letters for to in tos]


@contextmanager
def serving(box: Box, **options: Any) -> Iterator[int]:
    """A server that puts what it takes into a box; gives its port."""
    controller = Controller(box, hostname="127.0.0.1", port=free(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def tls() -> ssl.SSLContext:
    """What a server proves itself by."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    return context


def only(user: str, password: str) -> Callable[..., AuthResult]:
    """Who may log in."""

    def known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=good, handled=False)

    return known


def mail(folder: Path, port: int, more: str = "", **words: str) -> Mail:
    """What a company decides, for a server on a port of this machine."""
    said = {
        "send": "yes",
        "server": f"{{host: 127.0.0.1, port: {port}, security: none, timeout: 5}}",
        "sender": "{name: Pay, address: pay@firm.example}",
        "pace": "{each_minute: 6000000, batch: 7, tries: 3, wait: 0.01}",
        "chase": "{documents: [plan], after: 7, every: 7, escalate: 2, most: 4}",
    } | words
    lines = "".join(f"{word}: {text}\n" for word, text in said.items())
    path = folder / "mail.yaml"
    path.write_text(lines + more + TEXTS, encoding="utf-8")
    return decided(written.read(path), folder)
