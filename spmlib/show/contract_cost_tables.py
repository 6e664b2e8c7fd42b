"""Tables of contract costs: judgements, roll-forwards, what is to come, evidence, the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import built, percents, shorts

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

MOVED = {
    "opening": "Opening",
    "capitalised": "Capitalised",
    "amortised": "Amortised",
    "written_off": "Written off",
    "clawed_back": "Clawed back",
    "impaired": "Impaired",
    "reversed": "Taken back",
    "exchange": "Rates",
    "closing": "Closing",
    "current": "of it current",
}
ALWAYS = ("opening", "capitalised", "amortised", "closing", "current")


def judged(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Which ways of earning are an asset, and why.

    Args:
        table: plan, component, incremental, because, source, earned, capitalised [currency],
            clause; of the last and of source the line is shown.
        currency: of the amounts.
        title: above the table.
    """
    rows = table[table["earned"].abs() > 0].assign(
        plan=[words.title(plan) for plan in table.loc[table["earned"].abs() > 0, "plan"]]
    )
    rows = rows.assign(
        component=[words.title(name) for name in rows["component"]],
        incremental=["yes" if yes else "no" for yes in rows["incremental"]],
        clause=[str(clause).rpartition(":")[2] for clause in rows["clause"]],
        line=[str(source).rpartition(":")[2] for source in rows["source"]],
        earned=shorts(rows["earned"]),
        capitalised=["" if not value else words.short(value) for value in rows["capitalised"]],
    )
    labels = {"component": "Way of earning", "clause": "Line of plan", "incremental": "Asset"}
    labels |= {"because": "Because", "line": "of policy"}
    labels |= {"earned": "Earned", "capitalised": "Capitalised"}
    right = ["clause", "line", "earned", "capitalised"]
    widths = {"component": 19, "clause": 10, "incremental": 7, "because": 37, "line": 8}
    return built(rows, labels, title, currency, group="plan", right=right, widths=widths)


def rolled(table: pd.DataFrame, currency: str, title: str) -> GT:
    """A roll-forward, month by month; columns in which nothing happened are left out.

    Args:
        table: period, and the columns of CostRollForward [currency].
        currency: of the amounts.
        title: above the table.
    """
    kept = {
        name: label
        for name, label in MOVED.items()
        if name in ALWAYS or bool((table[name].astype(float) != 0).any())
    }
    minus = ("amortised", "written_off", "clawed_back", "impaired")
    signed = {name: -table[name] if name in minus else table[name] for name in kept}
    rows = table.assign(
        period=[words.month(period) for period in table["period"]],
        **{name: [_whole(value) for value in column] for name, column in signed.items()},
    )
    widths = {"period": 16}
    return built(rows, {"period": "Month"} | kept, title, currency, right=list(kept), widths=widths)


def maturity(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What becomes cost in each year to come: year, amount [currency]."""
    total = table["amount"].astype(float).sum() or 1.0
    rows = table.assign(
        amount=[_whole(value) for value in table["amount"]],
        share=percents(table["amount"].astype(float) / total),
    )
    labels = {"year": "Year", "amount": "Becomes cost", "share": "Share"}
    return built(rows, labels, title, currency, right=["amount", "share"], widths={"year": 40})


def happened(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What happened to costs: what, contracts, amount [currency]."""
    rows = table.assign(
        contracts=[f"{count:,}" for count in table["contracts"]],
        amount=[words.money(round(value, 2), currency) for value in table["amount"]],
    )
    labels = {"what": "What", "contracts": "Orders", "amount": "Amount"}
    return built(rows, labels, title, currency, right=["contracts", "amount"], widths={"what": 50})


def renewed(table: pd.DataFrame, title: str) -> GT:
    """How many were renewed, and how long they last: segment, due, renewed, rate, life, policy."""
    rows = table.assign(
        segment=[words.title(name) for name in table["segment"]],
        due=[f"{count:,}" for count in table["due"]],
        renewed=[f"{count:,}" for count in table["renewed"]],
        rate=percents(table["rate"]),
        life=["" if words.missing(value) else f"{value:,.0f}" for value in table["life"]],
        policy=[f"{value:.0f}" for value in table["policy"]],
    )
    labels = {"segment": "Segment", "due": "Came due", "renewed": "Renewed", "rate": "Share"}
    labels |= {"life": "Months, if it stays so", "policy": "Months of the policy"}
    return built(rows, labels, title, right=list(labels)[1:])


def paid_for(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What is paid for what is sold: row, sold, paid [currency], share, alike."""
    rows = table.assign(
        row=[words.title(name) for name in table["row"]],
        sold=shorts(table["sold"]),
        paid=shorts(table["paid"]),
        share=percents(table["share"]),
        alike=["yes" if alike else "no" for alike in table["alike"]],
    )
    labels = {"row": "Sold", "sold": "Booked", "paid": "Paid for it", "share": "Share"}
    labels |= {"alike": "As for the first"}
    return built(rows, labels, title, currency, right=["sold", "paid", "share"])


def ledger(table: pd.DataFrame, currency: str, title: str) -> GT:
    """A journal, entry by entry: entry, account, debit, credit [currency], source."""
    rows = table.assign(
        line=[str(source).rpartition(":")[2] for source in table["source"]],
        **{
            side: ["" if not value else words.money(round(value, 2), currency) for value in column]
            for side, column in (("debit", table["debit"]), ("credit", table["credit"]))
        },
    )
    labels = {"account": "Account", "line": "Line", "debit": "Debit", "credit": "Credit"}
    right = ["line", "debit", "credit"]
    return built(rows, labels, title, currency, group="entry", right=right, widths={"account": 50})


def tried(table: pd.DataFrame, currency: str, title: str) -> GT:
    """The asset as decided and as tried: estimate, closing, current, amortised [currency]."""
    amounts = ["closing", "current", "amortised"]
    rows = table.assign(
        estimate=[words.title(name) for name in table["estimate"]],
        **{name: [_whole(value) for value in table[name]] for name in amounts},
    )
    labels = {"estimate": "Months of benefit", "closing": "Carried", "current": "of it current"}
    labels |= {"amortised": "Amortised in the year"}
    return built(rows, labels, title, currency, right=amounts)


def _whole(value: object) -> str:
    """An amount without cents."""
    said = f"{round(float(str(value))):,}"
    return said.replace("-", "\N{MINUS SIGN}")
