"""Commands of plans: ``spm plan compare | approve | publish``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from spmlib.workbench import project
from spmlib.workbench.consoles import opened_here, refusals, says

if TYPE_CHECKING:
    from spmlib.core.ledger import Ledger
    from spmlib.workbench.opened import Workbench
    from spmlib.workbench.proposals import Proposal

app = typer.Typer(help="Compare, approve and publish plans.", no_args_is_help=True)
Plan = Annotated[str, typer.Argument(help="A folder of parameters/scenarios: 2027.")]
One = Annotated[str, typer.Argument(help="A file in it; base: the plan's files themselves.")]
Period = Annotated[
    str, typer.Option(help="The last month known: 2026-10; the last booked if empty.")
]
Currency = Annotated[str, typer.Option(help="To read amounts in; the one most booked in if empty.")]


@app.command()
def compare(
    plan: Plan,
    one: One,
    other: Annotated[str, typer.Argument(help="Likewise.")],
    period: Period = "",
    currency: Currency = "",
    most: Annotated[int, typer.Option(help="People to print.", min=1)] = 10,
) -> None:
    """Compare two scenarios: what they come to, what is written differently, and whose quota."""
    from spmlib.orchestrate.scenarios import compared
    from spmlib.workbench import plans, printed_plans

    with refusals():
        bench = opened_here()
        sides = plans.played(bench, plan, [one, other], period or _last(bench), currency)
        differences = compared.differences(sides[0], sides[1])
        people = compared.people(sides[0], sides[1], bench.names)
    says.print(printed_plans.measures(differences, one, other))
    for text in printed_plans.decisions(compared.decisions(sides[0], sides[1])):
        says.print(escape(text))
    says.print(printed_plans.people(people, one, other, most))


@app.command()
def approve(
    plan: Plan,
    scenario: One,
    by: Annotated[str, typer.Option(help="Who approves it: chief revenue officer.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    period: Period = "",
    currency: Currency = "",
) -> None:
    """Approve a scenario as its files and its quotas are now; what changes later voids that."""
    from spmlib.workbench import approvals, printed_plans

    with refusals():
        book, proposed, _ = _proposed(plan, scenario, period, currency)
        approvals.approve(book, proposed, by, reason)
        missing = approvals.missing(book, proposed)
    for text in printed_plans.approvals(approvals.approvals(book, proposed), missing):
        says.print(escape(text))


@app.command()
def publish(
    plan: Plan,
    scenario: One,
    period: Period = "",
    currency: Currency = "",
    to: Annotated[Path | None, typer.Option(help="A folder; results/plans if not given.")] = None,
) -> None:
    """Put an approved scenario in force: record its tables for good, and write them as CSV."""
    from spmlib.workbench import approvals, printed_plans, publications

    with refusals():
        book, proposed, bench = _proposed(plan, scenario, period, currency)
        made = publications.publish(bench, book, proposed)
        folder = to or project.found().results / "plans" / plan / scenario
        written = publications.export(book, made, folder)
    for text in printed_plans.approvals(approvals.approvals(book, proposed), []):
        says.print(escape(text))
    says.print(escape(f"Published {plan}/{scenario} as number {made.number}, at {made.closed}."))
    for path in written:
        says.print(escape(f"Written: {path}"))


def _proposed(
    plan: str, scenario: str, period: str, currency: str
) -> tuple[Ledger, Proposal, Workbench]:
    """A scenario as it would be published now, and the plan's record."""
    from spmlib.incent.summaries import worths
    from spmlib.workbench import approvals, plans, proposals

    bench = opened_here()
    read_in = worths.chosen(bench.company, currency)
    (outcome,) = plans.played(bench, plan, [scenario], period or _last(bench), read_in)
    return approvals.kept(bench, plan), proposals.proposal(bench, outcome, read_in), bench


def _last(bench: Workbench) -> str:
    """The last month in which anything was booked."""
    from spmlib.core.errors import ParameterError

    if bench.through is None:
        raise ParameterError("nothing is booked, so no plan can be made; check sources.yaml.")
    return bench.through
