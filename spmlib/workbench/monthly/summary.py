"""The summary: how a month's run went, by mail to those whom the company names.

It says which steps ended how, and where to look. It holds no pay, and no words of an error, which
may quote a row: those are in the log, beside the results.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from spmlib.workbench.monthly import fingerprints
from spmlib.workbench.monthly.prepared import Prepared
from spmlib.workbench.monthly.steps import DONE, FAILED, SKIPPED, Ended, Steps
from spmlib.workbench.post import messages, smtp
from spmlib.workbench.post.addresses import Person
from spmlib.workbench.post.smtp import Post
from spmlib.workbench.post.written import Mail


def sent(ready: Prepared, steps: Steps) -> None:
    """Send the summary to each address once; one that says what was sent before does not go."""
    if ready.mail is None:
        steps.end("summary", "", Ended(SKIPPED, "policies/monthly.yaml sends none"), 0.0)
        return
    mail, ended = ready.mail, dict(steps.ended)
    for address in ready.policy.to:
        inputs = fingerprints.of(ready.period, address, _basis(ended))
        about = f"monthly/{ready.period}/{inputs}"
        steps.do(f"summary:{address}", inputs, partial(_mailed, ready, mail, ended, address, about))


def subject(title: str, ended: Mapping[str, Ended]) -> str:
    """How it went, in a line.

    >>> subject("October 2026", {"check": Ended("done"), "report:20_crediting": Ended("failed")})
    'October 2026: 1 step to look at'
    """
    count = sum(not one.well for one in ended.values())
    steps = "step" if count == 1 else "steps"
    return f"{title}: {count} {steps} to look at" if count else f"{title}: all is well"


def text(ready: Prepared, ended: Mapping[str, Ended]) -> str:
    """The summary."""
    wide = max(map(len, ended))
    steps = [f"    {name:{wide}}  {one.outcome}" for name, one in ended.items()]
    return "\n".join(
        [
            f"{subject(ready.run.title, ended)}.",
            "",
            *steps,
            "",
            f"On {platform.node()}, in {ready.folder.resolve()}:",
            "index.html has the reports, monthly.log says what each step met with.",
            "",
        ]
    )


def _basis(ended: Mapping[str, Ended]) -> list[tuple[str, str, bool]]:
    """What two summaries that say the same have in common, whatever was left alone."""
    return [(name, one.inputs, one.well) for name, one in ended.items() if name != "audit"]


def _mailed(
    ready: Prepared, mail: Mail, ended: Mapping[str, Ended], address: str, about: str
) -> Ended:
    content = messages.message(
        mail.sender,
        mail.reply_to,
        Person("", "", address),
        subject(ready.run.title, ended),
        text(ready, ended),
        about,
        datetime.now(UTC).replace(microsecond=0),
    )
    with Post(mail) as post:
        reply = post.hand_in(address, content)
    return Ended(DONE if reply.outcome == smtp.SENT else FAILED, reply.said)
