"""Commands of disputes: ``spm dispute raise | acknowledge | … | list | show | propose``."""

from __future__ import annotations

import getpass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.workbench.consoles import opened_here, refusals, says

if TYPE_CHECKING:
    import polars as pl

app = typer.Typer(help="Disputes: what people say is wrong with their pay.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(help="The dispute: DSP-0001.")]
By = Annotated[str, typer.Option(help="Who does it; who is logged in if empty.")]
Day = Annotated[str, typer.Option(help="On this day: 2026-11-27; today if empty.")]
Cause = Annotated[str, typer.Option(help="late_booking, wrong_owner, missing_split ...")]
Reason = Annotated[str, typer.Option(help="In words.")]
Owner = Annotated[str, typer.Option(help="Who looks into it from now on.")]


@app.command("raise")
def raise_(
    payee: Annotated[str, typer.Argument(help="Whose pay: a payee_id.")],
    period: Annotated[str, typer.Argument(help="Which month's statement: 2026-10.")],
    lines: Annotated[list[str] | None, typer.Argument(help="Lines disputed, as printed.")] = None,
    transaction: Annotated[str, typer.Option(help="One that has no line, though it should.")] = "",
    claimed: Annotated[str, typer.Option(help="What is missing [plan currency].")] = "",
    said: Annotated[str, typer.Option("--says", help="What is wrong, in words.")] = "",
    cause: Cause = "",
    plan: Annotated[str, typer.Option(help="Under which plan, if there are several.")] = "",
    by: By = "",
    day: Day = "",
) -> None:
    """Raise a dispute about lines of a statement, or about a transaction that has no line."""
    from spmlib.workbench import closes, disputes

    with refusals():
        bench = opened_here()
        amount = _amount(claimed) if claimed else None
        about = disputes.claim(
            bench, payee, period, lines or [], transaction, amount, said, cause, plan
        )
        book = disputes.kept(closes.kept(bench))
        made = disputes.record_raised(bench, book, about, by or payee, _day(day), closes.now())
    says.print(f"Raised {made}.")


@app.command()
def acknowledge(
    dispute: Id, by: By = "", owner: Owner = "", cause: Cause = "", reason: Reason = "",
    day: Day = "",
) -> None:  # fmt: skip
    """Say that a dispute has been seen, and who looks into it."""
    _moved(dispute, "acknowledged", by, day, owner=owner, cause=cause, reason=reason)


@app.command()
def investigate(
    dispute: Id, by: By = "", owner: Owner = "", cause: Cause = "", reason: Reason = "",
    day: Day = "",
) -> None:  # fmt: skip
    """Say that a dispute is being looked into."""
    _moved(dispute, "investigating", by, day, owner=owner, cause=cause, reason=reason)


@app.command()
def accept(
    dispute: Id,
    granted: Annotated[str, typer.Option(help="What is granted [plan currency].")],
    remedy: Annotated[str, typer.Option(help="data: the source is corrected; or adjustment.")],
    reason: Reason = "",
    cause: Cause = "",
    approved_by: Annotated[str, typer.Option(help="Second pair of eyes.")] = "",
    by: By = "",
    day: Day = "",
) -> None:
    """Accept a dispute; the next close pays what is granted, and closes it."""
    with refusals():
        amount = _amount(granted)
    words = {"remedy": remedy, "reason": reason, "cause": cause, "approved_by": approved_by}
    _moved(dispute, "accepted", by, day, granted=amount, **words)


@app.command()
def reject(dispute: Id, reason: Reason = "", cause: Cause = "", by: By = "", day: Day = "") -> None:
    """Reject a dispute, saying why."""
    _moved(dispute, "rejected", by, day, reason=reason, cause=cause)


@app.command()
def withdraw(dispute: Id, reason: Reason = "", by: By = "", day: Day = "") -> None:
    """Take a dispute back, if it is one's own."""
    _moved(dispute, "withdrawn", by, day, reason=reason)


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    day: Day = "",
) -> None:
    """Print the disputes that are open or not yet paid, the oldest first."""
    rows = _table(day)
    for row in rows.sort("raised_date", "dispute_id").to_dicts():
        if every or row["status"] not in ("rejected", "withdrawn", "closed"):
            late = f", {row['overdue_days']} days overdue" if row["overdue_days"] else ""
            said = f"{row['dispute_id']}  {row['payee_id']}  {row['period']}  {row['status']}"
            amount = _units(row["claimed"], row["currency"])
            says.print(
                escape(f"{said}  {amount}  {row['owner'] or ''}, due {row['due_date']}{late}")
            )
    says.print(f"{len(rows)} disputes on record.")


@app.command()
def show(dispute: Id, day: Day = "") -> None:
    """Print all that is known of a dispute."""
    rows = _table(day)
    own = [row for row in rows.to_dicts() if row["dispute_id"] == dispute]
    with refusals():
        if not own:
            raise ParameterError(
                f"there is no dispute '{dispute}'; `spm dispute list` prints them."
            )
    for name, value in own[0].items():
        if value is not None:
            money = name in ("claimed", "granted")
            text = _units(value, own[0]["currency"]) if money else value
            says.print(escape(f"{name:<18}{text}"))


@app.command()
def propose(dispute: Id) -> None:
    """Re-run the disputed lines and print which causes are possible, the likeliest first."""
    from spmlib.workbench import closes, disputes

    with refusals():
        bench = opened_here()
        book = disputes.kept(closes.kept(bench))
        rows = disputes.proposed(bench, book, dispute)
    for row in rows.to_dicts():
        fits = ", which is what is claimed" if row["fits"] == "yes" else ""
        says.print(escape(f"{row['place']}. {row['cause']}: {_units(row['amount'])}{fits}"))
        says.print(escape(f"   {row['evidence']}"))


def _moved(dispute: str, move: str, by: str, day: str, **said: Any) -> None:
    from spmlib.workbench import closes, disputes

    with refusals():
        bench = opened_here()
        book = disputes.kept(closes.kept(bench))
        who = by or getpass.getuser()
        disputes.record(bench, book, dispute, move, who, _day(day), closes.now(), **said)
    says.print(f"{dispute} is {move}.")


def _table(day: str) -> pl.DataFrame:
    from spmlib.workbench import closes, disputes

    with refusals():
        bench = opened_here()
        months = closes.kept(bench)
        disputes.settle(bench, months, closes.now())  # what a run that ended early left open
        return disputes.table(bench, disputes.kept(months), _day(day))


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written) if written else date.today()
    except ValueError:
        raise ParameterError(f"'{written}' is not a day; write it as 2026-11-27.") from None


def _amount(written: str) -> Decimal:
    try:
        made = Decimal(written.replace(",", "").replace("_", ""))
    except InvalidOperation:
        raise ParameterError(f"'{written}' is no amount; write digits, as in 1250.00.") from None
    if not made.is_finite():
        raise ParameterError(f"'{written}' is no amount; write digits, as in 1250.00.")
    if made != round(made, 4) or abs(made) >= 10**12:
        raise ParameterError(f"'{written}' is too large or too fine; write at most 4 decimals.")
    return made


def _units(ticks: int | None, currency: str = "") -> str:
    if ticks is None:
        return "no amount"
    return f"{Decimal(ticks) / MONEY:,.2f} {currency or ''}".strip()
