"""SMTP: messages handed to a mail server one by one, and what it said of each.

Up to the final dot of a message nothing has been taken over, and it may be tried again. Once the
dot is out and no answer came, nobody knows (RFC 1047): such a message is never tried again here.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from spmlib.core.errors import SpmError
from spmlib.workbench.post.written import Mail, Server

SENT, FAILED, DEFERRED, UNKNOWN = "sent", "failed", "deferred", "unknown"
LOST = (smtplib.SMTPException, OSError)


class Unreachable(SpmError):
    """The server cannot be spoken to, so no message of a run can go."""


@dataclass(frozen=True)
class Reply:
    """What became of a message."""

    outcome: str  # sent, failed, deferred, unknown
    said: str


class Post:
    """A connection to the server, opened anew when it is lost."""

    def __init__(self, mail: Mail, environment: Mapping[str, str] = os.environ) -> None:
        self.mail, self.environment = mail, environment
        self.client: smtplib.SMTP | None = None
        self.last = -float("inf")

    def __enter__(self) -> Self:
        self._opened()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close(politely=error is None)

    def hand_in(self, to: str, content: bytes) -> Reply:
        """Hand in one message to one address, trying again what is put off.

        Returns:
            What became of it: sent, failed or unknown.

        Raises:
            Unreachable: the connection was lost and does not come back.
        """
        pace, reply = self.mail.pace, Reply(DEFERRED, "")
        for number in range(pace.tries):
            if number:
                time.sleep(pace.wait * 2 ** (number - 1))
            try:
                reply = self._try(to, content)
            except Unreachable:
                if number == pace.tries - 1:
                    raise
                continue
            if reply.outcome != DEFERRED:
                return reply
        return Reply(FAILED, f"{reply.said or 'the connection was lost'} ({pace.tries} tries)")

    def _try(self, to: str, content: bytes) -> Reply:
        client = self._opened()
        self._keep_pace()
        try:
            sender = self.mail.sender[1]
            for words, well in ((f"MAIL FROM:<{sender}>", 2), (f"RCPT TO:<{to}>", 2), ("DATA", 3)):
                code, said = client.docmd(words)
                if code // 100 != well:
                    return self._refused(code, said)
        except LOST as error:
            self._close()
            return Reply(DEFERRED, f"the connection was lost: {error}")
        try:
            client.send(_dotted(content))
            code, said = client.getreply()
        except LOST as error:
            self._close()
            return Reply(UNKNOWN, f"no answer came after the message: {error}")
        return Reply(SENT, _told(code, said)) if code // 100 == 2 else self._refused(code, said)

    def _refused(self, code: int, said: bytes) -> Reply:
        """What a code above 399 means; the connection is ready for the next message."""
        try:
            if code == 421 or self.client is None or self.client.rset()[0] // 100 != 2:
                self._close()
        except LOST:
            self._close()
        return Reply(DEFERRED if code // 100 == 4 else FAILED, _told(code, said))

    def _keep_pace(self) -> None:
        time.sleep(pause(time.monotonic() - self.last, self.mail.pace.each_minute))
        self.last = time.monotonic()

    def _opened(self) -> smtplib.SMTP:
        if self.client is None:
            server = self.mail.server
            login = _words(self.mail.login, self.environment) if self.mail.login else ()
            try:
                self.client = connected(server)
                if login:
                    self.client.login(*login)
            except LOST as error:
                self._close()
                where = f"{server.host}:{server.port}"
                raise Unreachable(
                    f"{where}: {_why(error)}; look at `server` in mail.yaml."
                ) from None
        return self.client

    def _close(self, politely: bool = False) -> None:
        client, self.client = self.client, None
        if client is not None:
            try:
                client.quit() if politely else client.close()
            except LOST:
                client.close()


def pause(passed: float, each_minute: int) -> float:
    """How long to wait before the next message [seconds], so long after the last.

    >>> pause(0.25, 120), pause(2.0, 120)
    (0.25, 0.0)
    """
    return max(0.0, 60 / each_minute - passed)


def connected(server: Server) -> smtplib.SMTP:
    """A connection that is encrypted as the policy asks, before anything else is said."""
    context = ssl.create_default_context()
    if server.certificates is not None:
        context.load_verify_locations(server.certificates)
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
    client = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        client.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            client.starttls(context=context)  # refuses a server that offers none
            client.ehlo()
    except BaseException:
        client.close()
        raise
    return client


def _words(names: tuple[str, str], environment: Mapping[str, str]) -> tuple[str, str]:
    missing = [name for name in names if not environment.get(name)]
    if missing:
        what = f"the environment has no {' and no '.join(missing)}"
        raise Unreachable(f"mail.yaml: {what}; set them before sending.")
    return environment[names[0]], environment[names[1]]


def _dotted(content: bytes) -> bytes:
    """A message with its final dot, and the dots that begin a line doubled (RFC 5321, 4.5.2)."""
    lines = re.sub(rb"(?m)^\.", b"..", content)
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _told(code: int, said: bytes) -> str:
    words = f"{code} {said.decode('ascii', 'replace')}"[:300]
    return "".join(letter if letter.isprintable() else " " for letter in words)


def _why(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"it refuses the login ({error.smtp_code})"  # what it says may hold the user's name
    return " ".join(str(error).split()) or type(error).__name__
