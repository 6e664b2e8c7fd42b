"""Commands of delivery: ``spm send | acknowledge | record | chase | deliveries``."""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from spmlib.workbench.consoles import complains, opened_here, refusals, says

if TYPE_CHECKING:
    from spmlib.workbench.post.errands import Outcome
    from spmlib.workbench.post.outgoing import Held

app = typer.Typer()
Really = Annotated[
    bool, typer.Option("--really/--dry-run", help="Do it; else only print who would get what.")
]
By = Annotated[str, typer.Option(help="Who does or says it; who is logged in if empty.")]
Day = Annotated[str, typer.Option(help="As on this day: 2026-11-27; today if empty.")]
Delivery = Annotated[str, typer.Argument(help="document/of/version/payee_id, as printed.")]
GOOD = ("sent", "held")


@app.command()
def send(
    what: Annotated[str, typer.Argument(help="statements, plans or letters.")],
    period: Annotated[
        str, typer.Argument(help="Which month: 2026-10; the last booked if empty.")
    ] = "",
    to: Annotated[
        Path | None, typer.Option(help="A folder: a folder in it for each person; else by mail.")
    ] = None,
    really: Really = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also what has left, or may have left.")
    ] = False,
    only: Annotated[list[str] | None, typer.Option(help="Only these payee_ids.")] = None,
    by: By = "",
    day: Day = "",
) -> None:
    """Send documents, each to the person whose it is, once; what went is put on record."""
    from spmlib.workbench import deliveries, making, sending

    with refusals():
        bench = opened_here()
        mail, book = deliveries.mail(bench), deliveries.kept(bench)
        made = making.documents(bench, what, period or bench.through or "")
        chosen = (one for one in made if not only or one.payee_id in only)
        unknown = sending.uncertain(book, who(by)) if really else []
        ready = sending.ready(bench, book, mail, chosen, _day(day), to is None, again)
        _held(ready.held, ready.gone)
        if not really:
            for letter in ready.letters:
                where = letter.person.address if to is None else str(to)
                names = ", ".join(file.name for file in letter.files)
                says.print(escape(f"would go  {letter.delivery_id}  {where}  {names}"))
            says.print(f"{len(ready.letters)} would go; nothing was sent. Say --really to send.")
            return
        if to is None:
            outcomes = sending.posted(bench, book, mail, ready.letters, who(by), again)
        else:
            outcomes = sending.put(bench, book, mail, ready.letters, to, who(by), again)
        good = _told(outcomes)
    _unknown(unknown)
    raise typer.Exit(0 if good and not ready.held and not unknown else 1)


@app.command()
def acknowledge(
    delivery: Delivery,
    by: Annotated[str, typer.Option(help="Who acknowledges it, or who took it down.")],
    reason: Annotated[str, typer.Option(help="How: signed on paper.")] = "",
) -> None:
    """Put on record that a person has acknowledged a document."""
    _record(delivery, "acknowledged", by, reason)


@app.command()
def record(
    delivery: Delivery,
    move: Annotated[str, typer.Argument(help="sent, failed, bounced, chased, withdrawn.")],
    by: Annotated[str, typer.Option(help="Who says so.")],
    reason: Annotated[str, typer.Option(help="Why, or how it is known.")] = "",
) -> None:
    """Put on record what else is known of a delivery: that it came back, or did arrive."""
    _record(delivery, move, by, reason)


@app.command()
def chase(really: Really = False, by: By = "", day: Day = "") -> None:
    """Remind who has not acknowledged, and tell the manager after some reminders."""
    from spmlib.workbench import deliveries, sending
    from spmlib.workbench.post import reminders

    with refusals():
        bench, on = opened_here(), _day(day)
        mail, book = deliveries.mail(bench), deliveries.kept(bench)
        unknown = sending.uncertain(book, who(by)) if really else []
        rows = reminders.due(deliveries.table(bench, book, mail, on).to_dicts(), on)
        made, held = reminders.planned(rows, sending.people(bench), mail, on)
        _held(held, [])
        if not really:
            for one in made:
                names = ", ".join(row["delivery_id"] for row in one.rows)
                says.print(escape(f"would be {one.done}  {one.to}  {names}"))
            says.print(f"{len(made)} reminders would go; say --really to send them.")
            return
        good = _told(sending.chased(bench, book, mail, rows, on, who(by)))
    _unknown(unknown)
    raise typer.Exit(0 if good and not held and not unknown else 1)


@app.command("deliveries")
def listed(
    log: Annotated[bool, typer.Option("--log", help="What is on record, line by line.")] = False,
    to: Annotated[
        Path | None, typer.Option(help="A folder for deliveries.csv and delivery_log.csv.")
    ] = None,
    day: Day = "",
) -> None:
    """Print who has acknowledged what, who is overdue, and what nobody knows of."""
    from spmlib.workbench import deliveries, exports, printed_deliveries

    with refusals():
        bench = opened_here()
        mail, book = deliveries.mail(bench), deliveries.kept(bench)
        rows, known = deliveries.table(bench, book, mail, _day(day)), deliveries.log(book)
        tables = {"deliveries": deliveries.shown(rows), "delivery_log": known}
        written = exports.write_tables(tables, to) if to is not None else []
    if log:
        for line in printed_deliveries.logged(known):
            says.print(escape(line))
    else:
        says.print(printed_deliveries.shares(rows))
        for line in printed_deliveries.overdue(rows):
            says.print(escape(line))
    for path in written:
        says.print(escape(f"Written: {path}"))


def who(by: str) -> str:
    """Who does something: as said, or who is logged in."""
    try:
        return by or getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def _record(delivery: str, move: str, by: str, reason: str) -> None:
    from spmlib.workbench import closes, deliveries

    with refusals():
        bench = opened_here()
        book = deliveries.kept(bench)
        made = deliveries.record(bench, book, delivery, move, by, reason, closes.now())
    says.print(escape(f"{delivery}: {move}, entry {made.number}, at {made.closed}."))


def _day(written: str) -> date:
    from spmlib.core.parameters import day
    from spmlib.core.written import word
    from spmlib.workbench import closes

    return day(word(written, "--day")) if written else date.fromisoformat(closes.now()[:10])


def _held(held: Iterable[Held], gone: Iterable[Held]) -> None:
    for one in held:
        complains.print(escape(f"held      {one.delivery_id}: {one.reason}"), style="red")
    counts = Counter(one.reason for one in gone)
    for reason, count in counts.items():
        says.print(escape(f"not again {count}: {reason}"))


def _told(outcomes: Iterable[Outcome]) -> bool:
    """Print what becomes of each as it goes; gives whether all went well."""
    counts: Counter[str] = Counter()
    for one in outcomes:
        outcome, said = one.reply.outcome, one.reply.said
        counts[outcome] += 1
        line = f"{outcome:9} {one.errand.key}  {one.errand.to}  {said}"
        (says if outcome in GOOD else complains).print(escape(line))
    says.print("; ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "Nothing.")
    return set(counts) <= set(GOOD)


def _unknown(names: Sequence[str]) -> None:
    for name in names:
        right = "if so, ask, then `spm record` it sent or failed, or send it with --again"
        what = "another run sends it now, or nobody knows whether it left"
        complains.print(escape(f"unknown   {name}: {what}; {right}"))
