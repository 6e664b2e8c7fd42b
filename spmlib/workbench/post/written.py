"""Written: how a company sends what it makes, ``parameters/policies/mail.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spmlib.core import parameters, written
from spmlib.core.parameters import refuse
from spmlib.core.written import Block
from spmlib.incent.distribution.standing import Chasing
from spmlib.workbench.post import addresses

WORDS = (
    *("send", "server", "login", "sender", "reply_to", "domains", "shared_addresses"),
    *("leavers", "pace", "chase", "texts"),
)
SERVER = ("host", "port", "security", "timeout", "certificates")
PACE = ("each_minute", "batch", "tries", "wait")
CHASE = ("documents", "after", "every", "escalate", "most")
HERE = ("localhost", "127.0.0.1", "::1")  # nothing leaves the machine
MARKS = ("name", "of", "version", "document", "days", "people")  # what a text may take up
REMINDER, ESCALATION = "reminder", "escalation"  # texts beside those of documents
MARK = re.compile(r"\{(\w*)\}")
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True)
class Server:
    """Where post is handed in."""

    host: str
    port: int
    security: str  # tls, starttls, none
    timeout: float  # seconds
    certificates: Path | None  # of authorities that are trusted beside the system's


@dataclass(frozen=True)
class Pace:
    """How fast, and how often what was put off is tried."""

    each_minute: int
    batch: int  # messages that are put on record together
    tries: int
    wait: float  # seconds before the second try; doubled before each further one


@dataclass(frozen=True)
class Text:
    """What a message says beside its document."""

    subject: str
    text: str


@dataclass(frozen=True)
class Mail:
    """What a company decides of its post."""

    send: bool
    server: Server
    login: tuple[str, str] | None  # the environment's variables for user and password
    sender: tuple[str, str]  # name, address
    reply_to: str
    domains: tuple[str, ...]  # to which alone post goes; all if empty
    shared_addresses: frozenset[str]  # that may belong to several people
    leavers: str  # hold, send
    pace: Pace
    chase: Chasing
    texts: Mapping[str, Mapping[str, Text]]  # by document and language


def read(path: Path) -> Mail:
    """The decisions of a file: as `decided`."""
    return decided(written.read(path), path.parent)


def decided(entry: Block, folder: Path) -> Mail:
    """The decisions that are written.

    Args:
        entry: the file's lines.
        folder: that relative paths start from.

    Raises:
        ParameterError: a word is unknown, missing or means nothing, an address is none, or a login
            would travel in the clear.
    """
    parameters.known(entry, WORDS, "mail")
    server = _server(_block(entry, "server", "server: {host: mail.firm.example}"), folder)
    sender = _block(entry, "sender", "sender: {name: Compensation, address: pay@firm.example}")
    parameters.known(sender, ("name", "address"), "sender")
    return Mail(
        send=parameters.choice(entry, "send", ("yes", "no"), "no") == "yes",
        server=server,
        login=_login(entry),
        sender=(
            _plain(parameters.needed(sender, "name", "name: Sales compensation")),
            _address(parameters.needed(sender, "address", "address: pay@firm.example")),
        ),
        reply_to=_address(entry["reply_to"]) if "reply_to" in entry else "",
        domains=tuple(word.lower() for word in _words(entry, "domains")),
        shared_addresses=frozenset(map(addresses.folded, _words(entry, "shared_addresses"))),
        leavers=parameters.choice(entry, "leavers", ("hold", "send"), "hold"),
        pace=_pace(_block(entry, "pace", "pace: {each_minute: 60}")),
        chase=_chase(_block(entry, "chase", "chase: {documents: [plan], after: 7}")),
        texts=_texts(_block(entry, "texts", "texts: {statement: {en: {subject: Pay, text: Hi}}}")),
    )


def filled(text: str, **words: str) -> str:
    """A text with what it takes up.

    >>> filled("Your statement of {of}", of="2026-10")
    'Your statement of 2026-10'
    """
    return MARK.sub(lambda mark: words[mark[1]], text)


def text_of(mail: Mail, document: str, language: str) -> Text | None:
    """What goes with a document in a language; in the first that is written where it lacks that."""
    known = mail.texts.get(document)
    return known.get(language, next(iter(known.values()))) if known else None


def _server(entry: Block, folder: Path) -> Server:
    parameters.known(entry, SERVER, "server")
    host = parameters.text(parameters.needed(entry, "host", "host: mail.firm.example"))
    security = parameters.choice(entry, "security", ("starttls", "tls", "none"), "starttls")
    if security == "none" and host not in HERE:
        wrong = "pay would travel in the clear"
        refuse(entry.places["security"], wrong, "write starttls or tls; none is for localhost")
    port = _positive(entry, "port", {"tls": 465, "starttls": 587, "none": 25}[security])
    if port > 65535:
        refuse(entry.places["port"], f"there is no port {port}", "write 587")
    given = entry.get("certificates")
    return Server(
        host=host,
        port=port,
        security=security,
        timeout=float(_seconds(entry, "timeout", "30")),
        certificates=folder / parameters.text(given) if given is not None else None,
    )


def _login(entry: Block) -> tuple[str, str] | None:
    """The names of the environment's variables: the words themselves never stand in a file."""
    if "login" not in entry:
        return None
    login = _block(entry, "login", "login: {user: SPM_MAIL_USER, password: SPM_MAIL_PASSWORD}")
    parameters.known(login, ("user", "password"), "login")
    names = []
    for key in ("user", "password"):
        name = parameters.text(parameters.needed(login, key, f"{key}: SPM_MAIL_{key.upper()}"))
        if not VARIABLE.fullmatch(name):
            wrong = f"`{key}` is no name of an environment variable"
            right = f"write the name only, as in SPM_MAIL_{key.upper()}, never the {key} itself"
            refuse(login.places[key], wrong, right)
        names.append(str(name))
    return names[0], names[1]


def _pace(entry: Block) -> Pace:
    parameters.known(entry, PACE, "pace")
    return Pace(
        each_minute=_positive(entry, "each_minute", 60),
        batch=_positive(entry, "batch", 50),
        tries=_positive(entry, "tries", 3),
        wait=float(_seconds(entry, "wait", "5")),
    )


def _chase(entry: Block) -> Chasing:
    parameters.known(entry, CHASE, "chase")
    most, escalate = _positive(entry, "most", 4), _positive(entry, "escalate", 2)
    if escalate > most:
        wrong = f"the manager is told after {escalate} reminders, but there are only {most}"
        refuse(entry.place, wrong, "write `escalate` no larger than `most`")
    return Chasing(
        documents=tuple(_words(entry, "documents")),
        after=_positive(entry, "after", 7),
        every=_positive(entry, "every", 7),
        escalate=escalate,
        most=most,
    )


def _texts(entry: Block) -> dict[str, dict[str, Text]]:
    made = {}
    for document in entry:
        languages = _block(entry, document, "statement: {en: {subject: Pay, text: Hello}}")
        if not languages:
            refuse(entry.places[document], f"{document} is written in no language", "add `en:`")
        made[str(document)] = {
            str(language): _text(_block(languages, language, "en: {subject: Pay, text: Hello}"))
            for language in languages
        }
    for name in (REMINDER, ESCALATION):
        parameters.needed(entry, name, f"{name}: {{en: {{subject: Please answer, text: Hello}}}}")
    return made


def _text(entry: Block) -> Text:
    parameters.known(entry, ("subject", "text"), "texts")
    subject = _plain(parameters.needed(entry, "subject", "subject: Your statement of {of}"))
    body = parameters.text(parameters.needed(entry, "text", "text: Please find it enclosed."))
    for written_, marks in ((subject, MARKS[:-1]), (body, MARKS)):  # a list is no subject
        for mark in MARK.findall(written_):
            if mark not in marks:
                right = parameters.nearest(mark, marks)
                refuse(entry.place, f"{{{mark}}} stands for nothing", f"write {right}")
    return Text(str(subject), str(body))


def _block(entry: Block, key: str, example: str) -> Block:
    return parameters.block(parameters.needed(entry, key, example), f"`{key}`", example)


def _words(entry: Block, key: str) -> tuple[str, ...]:
    return tuple(map(str, parameters.words(entry[key]))) if entry.get(key) else ()


def _positive(entry: Block, key: str, default: int) -> int:
    if key not in entry:
        return default
    made = parameters.whole(entry[key])
    if made < 1:
        refuse(entry.places[key], f"`{key}: {made}` is below 1", "write 1 or more")
    return made


def _seconds(entry: Block, key: str, default: str) -> Any:
    made = parameters.number(entry[key]) if key in entry else default
    if float(made) <= 0:
        refuse(entry.places[key], f"`{key}: {entry[key]}` is no time", "write seconds above 0")
    return made


def _plain(word: Any) -> str:
    made = parameters.text(word)
    if addresses.hidden(made):
        refuse(
            parameters.place_of(word), "this holds a line end or what nobody sees", "write one line"
        )
    return str(made)


def _address(word: Any) -> str:
    made = parameters.text(word)
    wrong = addresses.wrong(made)
    if wrong:
        refuse(parameters.place_of(word), f"'{made}' {wrong}", "write one as pay@firm.example")
    return str(made)
