"""The tables spmlib reads and writes, each defined once.

A class is a table: its docstring says what one row is, each field says what the column holds, in
which unit, and what may stand in it. Functions name tables in their signatures
(``credits(transactions: Table[Transactions], ...) -> Table[Credits]``).

A table is a Narwhals lazy frame. Inside the engine exact numbers are 64-bit integers at the scale
of their kind (`SCALE`): money, quantities and other counted values in ten-thousandths ("ticks"),
shares in hundred-millionths, currency rates in ten-thousand-millionths. At the edges they are
decimals (`spmlib.core.engine`). No value is ever a binary float, but for what is estimated, such as
a forecast.

``docs/tables.md`` is generated from this file. To add a column: write it here, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import narwhals as nw

Row = TypeVar("Row")
Table = nw.LazyFrame[Row]  # a frame whose rows are as Row says

MONEY, SHARE, RATE = 10**4, 10**8, 10**10
SCALE = {"money": MONEY, "value": MONEY, "share": SHARE, "rate": RATE}  # parts in one unit


@dataclass(frozen=True)
class Column:
    """What one column holds."""

    kind: str  # id, text, day, money, value, share, rate, whole, estimate
    says: str
    required: bool = True  # the column must be there
    null: bool = False  # a cell may be empty
    unique: bool = False  # the table's key
    among: tuple[str, ...] = ()  # the only values allowed
    of: str = ""  # the table whose key this is: "Payees.payee_id"
    default: Any = None  # what stands in the column where the source has none


def key(says: str) -> Any:
    """A column whose values are unique."""
    return Column("id", says, unique=True)


def ref(of: str, says: str, **options: Any) -> Any:
    """A column that holds the key of a row of another table."""
    return Column("id", says, of=of, **options)


def text(says: str, **options: Any) -> Any:
    """A column of words."""
    return Column("text", says, **options)


def day(says: str, **options: Any) -> Any:
    """A column of days."""
    return Column("day", says, **options)


def money(says: str, **options: Any) -> Any:
    """A column of exact amounts, with up to four decimals [currency]."""
    return Column("money", says, **options)


def value(says: str, **options: Any) -> Any:
    """A column of exact counts or amounts, as its measure says, with up to four decimals."""
    return Column("value", says, **options)


def share(says: str, **options: Any) -> Any:
    """A column of exact ratios, with up to eight decimals; 1 is the whole."""
    return Column("share", says, **options)


def rate(says: str, **options: Any) -> Any:
    """A column of exact currency rates, with up to ten decimals."""
    return Column("rate", says, **options)


def whole(says: str, **options: Any) -> Any:
    """A column of whole numbers."""
    return Column("whole", says, **options)


def estimate(says: str, **options: Any) -> Any:
    """A column of numbers that are estimated, in double precision."""
    return Column("estimate", says, **options)


MAYBE = {"required": False, "null": True}  # the column or the cell may be missing


class Definition:
    """Base of every table."""

    @classmethod
    def columns(cls) -> dict[str, Column]:
        """The columns by name, in order."""
        return {name: column for name, column in vars(cls).items() if isinstance(column, Column)}


# --- what a company brings ---------------------------------------------------------------------


class Payees(Definition):
    """One row per person who can be credited and paid."""

    payee_id = key("Person.")
    name = text("Name as printed on the statement.")
    email = text("Where the statement goes.", **MAYBE)
    currency = text("Currency the person is paid in, ISO 4217.")
    hire_date = day("First day of employment.")
    leave_date = day("First day no longer employed; empty while employed.", **MAYBE)
    latitude = value("Where journeys begin [degrees north].", **MAYBE)
    longitude = value("Where journeys begin [degrees east].", **MAYBE)
    locale = text("Language and country that documents are written for, e.g. id_ID.", **MAYBE)


class Positions(Definition):
    """One row per person and stretch of days with one role, manager, territory, plan and pay."""

    payee_id = ref("Payees.payee_id", "Person.")
    start_date = day("First day the row holds.")
    end_date = day("First day it no longer holds; empty while it holds.", **MAYBE)
    role = text("Role, e.g. account_executive.")
    team = text("Revenue team: sales, marketing, customer_success, partner, presales, product.")
    manager_id = ref("Payees.payee_id", "Person reported to; empty at the top.", **MAYBE)
    territory_id = text("Territory held.", **MAYBE)
    plan = text("Compensation plan, a file of parameters/plans; empty if unpaid.", **MAYBE)
    target_incentive = money("Incentive at 100 % of goals [plan currency a year].", **MAYBE)
    base_pay = money("Base pay [plan currency a year].", **MAYBE)
    full_time = share("Part of full time that base pay and target are for; empty: 1.", **MAYBE)
    commission_rate = share("Personal commission rate, for plans that pay by it.", **MAYBE)
    status = text(
        "active, or leave (of absence).",
        required=False,
        among=("active", "leave"),
        default="active",
    )


class Accounts(Definition):
    """One row per customer."""

    account_id = key("Customer.")
    name = text("Name.")
    segment = text("Segment, e.g. enterprise.", **MAYBE)
    region = text("Region, e.g. EMEA.", **MAYBE)
    country = text("Country, ISO 3166.", **MAYBE)
    industry = text("Industry.", **MAYBE)
    latitude = value("Where visits take place [degrees north].", **MAYBE)
    longitude = value("Where visits take place [degrees east].", **MAYBE)


class AccountTerritories(Definition):
    """One row per customer and stretch of days in one territory."""

    account_id = ref("Accounts.account_id", "Customer.")
    territory_id = text("Territory the customer belongs to.")
    start_date = day("First day.")
    end_date = day("First day no longer; empty while it holds.", **MAYBE)


class AccountPotentials(Definition):
    """One row per customer: what it could buy in a year, of all that the company sells."""

    account_id = ref("Accounts.account_id", "Customer.")
    amount = money("What it could buy in a year.")
    currency = text("Currency of the amount, ISO 4217.")


class Products(Definition):
    """One row per thing sold."""

    product_id = key("Product.")
    name = text("Name.")
    family = text("Product family.", **MAYBE)


class Transactions(Definition):
    """One row per line that was booked; the booking is the row itself."""

    transaction_id = key("Booked line.")
    event_date = day("Day of the booking.")
    recorded_date = day("Day the booking came to be known; empty: the same day.", **MAYBE)
    deal_id = text("Deal the line belongs to.", **MAYBE)
    account_id = ref("Accounts.account_id", "Customer.", **MAYBE)
    product_id = ref("Products.product_id", "Product.", **MAYBE)
    owner_id = ref("Payees.payee_id", "Person who owns the deal.", **MAYBE)
    kind = text("What was booked: new, renewal, expansion, meeting, objective ...", **MAYBE)
    currency = text("Currency of the amounts, ISO 4217.")
    amount = money("Amount booked, before any split; negative for a reversal.")
    margin = money("Gross margin of the line.", **MAYBE)
    quantity = value("Units, seats, meetings or score points.", **MAYBE)
    arr = money("Annual recurring revenue of the line.", **MAYBE)
    discount = share("Discount given on list price.", **MAYBE)


class Splits(Definition):
    """One row per person who shares a transaction with its owner."""

    transaction_id = ref("Transactions.transaction_id", "Booked line.")
    payee_id = ref("Payees.payee_id", "Person who shares in it.")
    share = share("Share of the transaction credited to the person.")


class Events(Definition):
    """One row per thing that happened to a transaction after it was booked."""

    event_id = key("Event.")
    transaction_id = ref("Transactions.transaction_id", "Booked line.")
    event = text(
        "billing, collection or cancellation.", among=("billing", "collection", "cancellation")
    )
    event_date = day("Day of the event.")
    recorded_date = day("Day the event came to be known; empty: the same day.", **MAYBE)
    amount = money("Amount billed, collected, or (negative) cancelled [transaction currency].")


class Adjustments(Definition):
    """One row per amount that somebody adds to a person's pay by hand, or takes from it."""

    adjustment_id = key("Adjustment.")
    payee_id = ref("Payees.payee_id", "Person.")
    plan = text("Plan under which it is paid.")
    component = text("Component that it stands in for; empty: of the whole plan.", **MAYBE)
    event_date = day("Day it is for; it is earned in that day's month.")
    recorded_date = day("Day it came to be known; empty: the same day.", **MAYBE)
    amount = money("Added to what is earned; negative if taken [currency of the plan].")
    cause = text("Why, in a word: split, owner, late, quota, goodwill ...", **MAYBE)
    reason = text("Why, as the person is told.", **MAYBE)
    requested_by = text("Who asked for it.", **MAYBE)
    approved_by = text("Who approved it; it is not paid before somebody else did.", **MAYBE)
    dispute_id = text("Dispute that it settles.", **MAYBE)
    transaction_id = ref("Transactions.transaction_id", "Booked line it is about.", **MAYBE)


class Quotas(Definition):
    """One row per person, measure and stretch of days: what is expected."""

    payee_id = ref("Payees.payee_id", "Person.")
    measure = text("What is counted, a name of parameters/measures.yaml.")
    start_date = day("First day the quota covers.")
    end_date = day("First day it no longer covers.")
    amount = value("Quota for the whole stretch [plan currency, or units].")


class Commitments(Definition):
    """One row per person, measure and stretch of days: what somebody offers to bring."""

    payee_id = ref("Payees.payee_id", "Person.")
    measure = text("What is counted, a name of parameters/measures.yaml.")
    start_date = day("First day of the stretch.")
    end_date = day("First day after it.")
    amount = money("What the person commits to for the whole stretch.")
    currency = text("Currency of the amount, ISO 4217.")


class Opportunities(Definition):
    """One row per deal that is or was pursued, won or not."""

    opportunity_id = key("Opportunity.")
    created_date = day("Day on which it was opened.")
    account_id = ref("Accounts.account_id", "Customer.", **MAYBE)
    owner_id = ref("Payees.payee_id", "Person who pursues it.", **MAYBE)
    product_id = ref("Products.product_id", "Product.", **MAYBE)
    kind = text("What would be booked: new, renewal, expansion ...", **MAYBE)
    source = text("Where it came from: marketing, outbound, partner, referral ...", **MAYBE)
    currency = text("Currency of its amounts, ISO 4217.")
    deal_id = text("Deal of the transactions that it became.", **MAYBE)


class OpportunityHistory(Definition):
    """One row per opportunity and day from which it stood so; how it came to where it is.

    The first row is of the day it was opened, the last says how it stands or ended. Of several
    rows of a day the last one in the file stands.
    """

    opportunity_id = ref("Opportunities.opportunity_id", "Opportunity.")
    change_date = day("Day from which it stood so.")
    status = text("open, won or lost.", among=("open", "won", "lost"))
    stage = text("Stage, in the company's own words.", **MAYBE)
    category = text("What its seller promises: commit, best_case, pipeline ...", **MAYBE)
    amount = money("What it is expected to come to, or came to; empty: not known.", **MAYBE)
    close_date = day("Day by which it is expected to close; empty: not known.", **MAYBE)


class ForecastCalls(Definition):
    """One row per person, period, category and day: what somebody said would come in."""

    payee_id = ref("Payees.payee_id", "Person who says so, of all who report to them.")
    period = text("Period meant, e.g. 2026-11.")
    call_date = day("Day on which it was said.")
    category = text("commit or best_case.", among=("commit", "best_case"))
    amount = money("What will be won in the whole period [currency].")
    currency = text("Currency of the amount, ISO 4217.")


class CurrencyRates(Definition):
    """One row per pair of currencies and day from which a rate holds."""

    currency = text("From, ISO 4217.")
    to_currency = text("To, ISO 4217.")
    start_date = day("First day the rate holds; it holds until the pair's next one.")
    rate = rate("Units of the second currency for one of the first.")
    kind = text(
        "spot, average (of the period) or plan (fixed).",
        required=False,
        among=("spot", "average", "plan"),
        default="spot",
    )


class MarketPay(Definition):
    """One row per survey, job, level, place, currency, day and measure: what the market pays."""

    survey = text("Survey.")
    job = text("Job, in the survey's own words or code.")
    level = text("Level, in the survey's own words; empty: all levels.", **MAYBE)
    place = text("Place, e.g. a country, ISO 3166; empty: everywhere.", **MAYBE)
    currency = text("Currency of the amounts, ISO 4217.")
    effective_date = day("Day as of which pay was asked.")
    measure = text(
        "base; target_cash: base and target incentive; total_cash: base and incentive paid.",
        among=("base", "target_cash", "total_cash"),
    )
    p10 = money("A tenth is paid less [currency a year]; empty: not told.", **MAYBE)
    p25 = money("A quarter is paid less.", **MAYBE)
    p50 = money("Half is paid less.", **MAYBE)
    p75 = money("Three quarters are paid less.", **MAYBE)
    p90 = money("Nine tenths are paid less.", **MAYBE)
    top_code = money("Highest amount told: a point that equals it is that or more.", **MAYBE)
    hours = value("Hours of a year, where amounts are for one; empty: for a year.", **MAYBE)
    incumbents = value("People that the row rests on.", **MAYBE)
    organisations = value("Organisations that told.", **MAYBE)
    largest_share = share("Largest organisation's share of the people.", **MAYBE)
    relative_error = share("Relative standard error of its points.", **MAYBE)


class DeliveryMoves(Definition):
    """One row per thing that happened to a document on its way: sent, acknowledged, chased."""

    move_id = key("Move.")
    payee_id = ref("Payees.payee_id", "Whose document it is.")
    document = text("statement, plan, plan_change, quota, territory, manager, or another.")
    of = text("The period or plan it is of.")
    version = text("Which version of it.")
    move = text(
        "What happened. sending: under way, or nobody knows whether it left; chasing: likewise.",
        among=(
            "prepared",
            "sending",
            "sent",
            "failed",
            "bounced",
            "chasing",
            "chased",
            "not_chased",
            "escalated",
            "acknowledged",
            "withdrawn",
        ),
    )
    move_date = day("Day on which it happened.")
    number = whole("Order among the moves of one day; 1 if empty.", **MAYBE)
    by = text("Who or what did it.", **MAYBE)
    to = text("Where it went: an address, a folder.", **MAYBE)
    reason = text("Why, or what the mail server said.", **MAYBE)


class DisputeMoves(Definition):
    """One row per move of a dispute: raised, acknowledged, decided, closed."""

    move_id = key("Move.")
    dispute_id = text("Dispute, e.g. DSP-0001.")
    move = text(
        "What happened.",
        among=(
            "raised",
            "acknowledged",
            "investigating",
            "accepted",
            "rejected",
            "withdrawn",
            "closed",
        ),
    )
    move_date = day("Day on which it happened.")
    number = whole("Order among the moves of one dispute; 1 if empty.", **MAYBE)
    by = text("Who did it.", **MAYBE)
    payee_id = ref("Payees.payee_id", "Whose pay is disputed (raised).", **MAYBE)
    plan = text("Plan whose pay is disputed (raised).", **MAYBE)
    period = text("Period of the statement (raised).", **MAYBE)
    lines = text("Lines of the statement disputed, by line_id, with spaces (raised).", **MAYBE)
    transaction_id = ref(
        "Transactions.transaction_id", "Transaction without a line, disputed (raised).", **MAYBE
    )
    claimed = money("What is missing, in the person's words [plan currency] (raised).", **MAYBE)
    granted = money("What was granted [plan currency] (accepted).", **MAYBE)
    currency = text("Currency of the amounts, ISO 4217.", **MAYBE)
    cause = text("Cause, a word of parameters/policies/disputes.yaml.", **MAYBE)
    remedy = text("data: the source is corrected; adjustment: the amount is added.", **MAYBE)
    owner = text("Who looks into it, from this move on.", **MAYBE)
    due_date = day("By when it is to be decided (raised).", **MAYBE)
    approved_by = text("Second pair of eyes (accepted).", **MAYBE)
    close = whole("Number of the close that paid it (closed).", **MAYBE)
    reason = text("In words.", **MAYBE)


class Calendar(Definition):
    """One row per period (usually a month): the company's own calendar."""

    period = key("Period, e.g. 2026-03.")
    start_date = day("First day.")
    end_date = day("First day of the next period.")
    quarter = text("Quarter it belongs to, e.g. 2026-Q1.")
    half = text("Half year it belongs to, e.g. 2026-H1.")
    year = text("Year it belongs to, e.g. 2026.")


# --- what is computed --------------------------------------------------------------------------


class Credits(Definition):
    """One row per share of a transaction, or of its cancellation, credited to a person.

    Key: transaction, event, payee, rule and the person it comes through.
    """

    transaction_id = ref("Transactions.transaction_id", "Booked line it comes from.")
    event_id = text("Event it comes from; empty: the booking itself.", null=True)
    event_date = day("Day of the booking or event.")
    period = ref("Calendar.period", "Period of that day.")
    payee_id = ref("Payees.payee_id", "Person credited.")
    rule = text("Rule of parameters/crediting.yaml that made the credit.")
    rule_source = text("File and line of the rule.")
    through_id = ref("Payees.payee_id", "Person whose own credit it is, or rolls up from.")
    level = whole("Steps up the hierarchy: 0 is the person's own, 1 a direct report's ...")
    share = share("Share credited.")
    source_amount = money("The transaction's amount [source currency].")
    source_currency = text("Currency of the transaction, ISO 4217.")
    rate = rate("Currency rate used.")
    rate_date = day("Day from which that rate held.", null=True)
    amount = money("Amount credited [currency].")
    currency = text("Currency of the person's plan, ISO 4217.")


class Attainments(Definition):
    """One row per person, component and period: what was credited to date against quota."""

    payee_id = ref("Payees.payee_id", "Person.")
    plan = text("Plan.")
    component = text("Component of the plan.")
    measure = text("What is counted.")
    window = text("Window over which it accumulates, e.g. 2026 or 2026-Q1.")
    period = ref("Calendar.period", "Period.")
    credited = value("Credited in the period.")
    credited_to_date = value("Credited in the window up to the period's end.")
    quota = value("Quota the component's table counts in; empty where it has none.", null=True)
    attainment = share(
        "Credited to date over quota, rounded; for reading, never for pay.", null=True
    )


class Terms(Definition):
    """One row per person, component and segment: what its curve was measured with."""

    payee_id = ref("Payees.payee_id", "Person.")
    plan = text("Plan.")
    component = text("Component of the plan.")
    window = text("Window over which it accumulates.")
    period = ref("Calendar.period", "Period.")
    segment_start = day("First day of the segment: a period, or what follows a change of table.")
    table_date = day("The dated table in force.", null=True)
    cell = whole("Cell of its matrix, from 0.")
    quota = value("Quota its thresholds count in.", null=True)
    target = money("Target incentive of the window.", null=True)
    personal_rate = share("The person's own rate.", null=True)
    before = value("Counted in the window before the segment.")
    after = value("Counted in the window up to its end.")


class Earnings(Definition):
    """One row per line of a receipt: what one transaction, modifier or restatement earned.

    Key: payee, plan, component, window, period, kind, number, and the key of the credit.
    """

    payee_id = ref("Payees.payee_id", "Person.")
    plan = text("Plan.")
    component = text("Component of the plan; empty for a modifier of the whole plan.", null=True)
    window = text("Window over which the component accumulates.")
    period = ref("Calendar.period", "Period the line belongs to.")
    kind = text(
        "credit, restatement, prize, clawback, gate, multiplier, cap, floor, adjustment, spiff."
    )
    number = whole("Place of a modifier in the order written; 0 for other lines.")
    transaction_id = ref("Transactions.transaction_id", "Booked line.", null=True)
    event_id = text("Event, or adjustment, it comes from; empty: the booking itself.", null=True)
    rule = text("Crediting rule of the credit.", null=True)
    through_id = ref("Payees.payee_id", "Person whose own credit it is.", null=True)
    event_date = day("Day of the line.")
    credited = value("What the line counts.", null=True)
    before = value("Counted in the window before the line.", null=True)
    after = value("Counted in the window after it.", null=True)
    amount = money("Earned by the line [currency].")
    currency = text("Currency of the plan, ISO 4217.")
    source = text("File and line of the rule that the line follows.")


class SpiffScores(Definition):
    """One row per SPIFF, person and booking or event that may count: what it scores."""

    spiff = text("SPIFF, a file of parameters/spiffs.")
    payee_id = ref("Payees.payee_id", "Person.")
    transaction_id = ref("Transactions.transaction_id", "Booked line.")
    event_id = text("Event it comes from; empty: the booking itself.", null=True)
    booked_date = day("Day of the booking.")
    event_date = day("Day of the booking or event.")
    score = value("What it adds to the score [currency of the SPIFF, or units].")


class SpiffStandings(Definition):
    """One row per SPIFF and person who may win: where the person stands, and what is won."""

    spiff = text("SPIFF, a file of parameters/spiffs.")
    payee_id = ref("Payees.payee_id", "Person.")
    competing = text("Group in which the person competes; empty: all together.")
    plan = text("Plan held on the last day, with which the prize is paid.", null=True)
    score = value("Score in the window [currency of the SPIFF, or units].")
    reached_date = day("Day on which the score was first reached.", null=True)
    place = whole("Place; empty: none, see why.", null=True)
    tied = whole("How many share the place.", null=True)
    prize = money("Won [currency of the SPIFF].")
    currency = text("Currency of the SPIFF, ISO 4217.")
    source = text("File and line of what is won.", null=True)
    why = text("Why no place is taken; empty where one is.", null=True)


class Postings(Definition):
    """One row per line of earnings that a close adds to what is on record, or corrects.

    The columns of earnings, whose ``amount`` is the difference, and:
    """

    was = money("On record before [currency].")
    now = money("On record from this close on [currency].")
    reason = text(
        "month, opening, adjusted, late, event, owner, day, withdrawn, changed, moved: why posted."
    )

    @classmethod
    def columns(cls) -> dict[str, Column]:
        """The columns by name, those of earnings first."""
        return Earnings.columns() | super().columns()


class Payables(Definition):
    """One row per person, component and period: what a close records as payable.

    In a close the period is the one closed; in the first, also those before it.
    """

    payee_id = ref("Payees.payee_id", "Person.")
    plan = text("Plan.")
    component = text("Component of the plan; empty for a modifier of the whole plan.", null=True)
    period = ref("Calendar.period", "Period.")
    amount = money("Payable before payment terms other than events [currency].")


class Payments(Definition):
    """One row per person, plan, period and kind: how what is earned becomes what is paid.

    Key: payee, plan, period and kind.
    """

    payee_id = ref("Payees.payee_id", "Person.")
    plan = text("Plan.")
    period = ref("Calendar.period", "Period.")
    kind = text(
        "earned; event (kept until billed or collected, or released), hold, draw, recovery, "
        "guarantee, carried (from the month before), minimum, maximum; in a close also correction "
        "(of closed months) and terms (what changed payment terms make of them)."
    )
    amount = money("Adds to what is paid [currency].")
    currency = text("Currency of the plan, ISO 4217.")
    source = text("File and line of the term; empty for what is earned.", null=True)


class Balances(Definition):
    """One row per person, plan and period in which something is outstanding at its end."""

    payee_id = ref("Payees.payee_id", "Person.")
    plan = text("Plan.")
    period = ref("Calendar.period", "Period.")
    unpaid = money("Earned, and not yet billed or collected [currency].")
    held = money("Kept back by a hold [currency].")
    owed = money("Drawn, and not yet recovered or forgiven [currency].")
    carried = money("Carried into the next month by a bound: owed to the person if above 0.")
    currency = text("Currency of the plan, ISO 4217.")


class Payouts(Definition):
    """One row per person, period and plan: what is due."""

    payee_id = ref("Payees.payee_id", "Person.")
    period = ref("Calendar.period", "Period.")
    plan = text("Plan.")
    amount = money("Due for the period [currency].")
    currency = text("Currency of the plan, ISO 4217.")


class Payroll(Definition):
    """One row per person, period and plan: what is due, in the currency the person is paid in."""

    payee_id = ref("Payees.payee_id", "Person.")
    period = ref("Calendar.period", "Period.")
    plan = text("Plan.")
    amount = money("Due for the period [currency].")
    currency = text("Currency of the plan, ISO 4217.")
    rate = rate("Units of the payroll currency for one of the plan's.", null=True)
    rate_date = day("Day from which that rate held; empty where none is needed.", null=True)
    payroll_amount = money("Due [payroll currency]; empty where there is no rate.", null=True)
    payroll_currency = text("Currency the person is paid in, ISO 4217.")


# --- what is planned -----------------------------------------------------------------------------


class History(Definition):
    """One row per series and step (month, quarter or week): what was sold in it.

    Other columns say which groups the series belongs to: its region, its product, its manager.
    """

    series = text("Name of the series.")
    date = day("Any day of the step.")
    value = estimate("What was sold [as the series].")


class Drivers(Definition):
    """One row per driver and step: what moves sales, known up to the end of what is forecast.

    A driver is a number (working days, a price, sellers in the field) or an event (1 in the steps
    in which it holds, 0 or no row in others).
    """

    driver = text("Name of the driver.")
    date = day("Any day of the step.")
    value = estimate("How much of it there is in the step [as the driver].")


class Effects(Definition):
    """One row per driver of a model: what one more of it does to the series."""

    driver = text("Name of the driver.")
    effect = estimate("What one more does: a share of the series, or an amount [as the series].")
    low_95 = estimate("In 95 of 100 cases it is above this and below the next.")
    high_95 = estimate("See low_95.")
    kind = text("share or amount.", among=("share", "amount"))


class Forecasts(Definition):
    """One row per series and step ahead: what it is expected to come to, alone and summed up."""

    series = text("Name of the series.")
    date = day("First day of the step.")
    step = whole("How many steps ahead, from 1.")
    value = estimate("What is expected in the step [as the series].")
    low_80 = estimate("In 8 of 10 cases it is above this and below the next.")
    high_80 = estimate("See low_80.")
    low_95 = estimate("In 95 of 100 cases it is above this and below the next.")
    high_95 = estimate("See low_95.")
    total = estimate("What is expected in all steps up to this one [as the series].")
    total_low_80 = estimate("As low_80, of the total.")
    total_high_80 = estimate("As high_80, of the total.")
    total_low_95 = estimate("As low_95, of the total.")
    total_high_95 = estimate("As high_95, of the total.")


class Accuracies(Definition):
    """One row per series and method: how wrong it was when asked on earlier days.

    Methods are the candidates, what is made of them (`ensemble`), and last year again (`naive`).
    """

    series = text("Name of the series.")
    method = text("Candidate, ensemble or naive.")
    weight = estimate("Share in the ensemble's forecast; empty for ensemble and naive.", null=True)
    origins = whole("Earlier days on which it was asked.")
    error = estimate("Mean absolute error over that of seasonal differences (MASE).", null=True)
    relative_error = estimate("Error over the naive forecast's error.", null=True)
    bias = estimate("Mean error, forecast less actual, scaled alike.", null=True)
    covered_80 = estimate("Share of steps within the interval of 80 %; of ensemble.", null=True)
    covered_95 = estimate("Share of steps within the interval of 95 %; of ensemble.", null=True)


class DealChances(Definition):
    """One row per open deal: what is likely to become of it, and why."""

    opportunity_id = ref("Opportunities.opportunity_id", "Opportunity.")
    owner_id = text("Person who pursues it.")
    stage = text("Stage.")
    category = text("What its seller promises.")
    amount = estimate("What its seller says it will come to [currency].", null=True)
    close_date = day("Day by which its seller expects it to close.", null=True)
    age = whole("Days since it was opened.")
    staying = whole("Days in its stage.")
    pushes = whole("Times it was put off.")
    stale = text("Whether it is in its stage longer than 9 of 10 won deals were: yes, no.")
    closes = estimate("Chance that it closes in the period under way, won or lost.")
    wins = estimate("Chance that it is won in the period under way.")
    wins_ahead = estimate("Chance that it is won in the period under way or those ahead.")
    slips = estimate("Chance that it does not close though due in the period.", null=True)
    worth = estimate("What it comes to if it is won [currency].")
    expected = estimate("What it adds to the period: chance times worth [currency].")
    reasons = text("What makes its chance differ from that of others, the strongest first.")


class PipelineTrials(Definition):
    """One row per earlier day and period: what would have been said of it, and what came."""

    day = day("Day on which it would have been asked.")
    period = ref("Calendar.period", "Period asked about.")
    lead = whole("Periods ahead: 0 is the one under way on the day.")
    actual = estimate("What was won in the period [currency].", null=True)
    expected = estimate("What would have been expected: the answers below, weighed.")
    low_80 = estimate("In 8 of 10 cases it is above this and below the next.")
    high_80 = estimate("See low_80.")
    low_95 = estimate("In 95 of 100 cases it is above this and below the next.")
    high_95 = estimate("See low_95.")
    pipeline = estimate("The answer from deals: won so far, open, and not yet there.")
    series = estimate("The forecast of what is won as a series; from a year on.", null=True)
    same_place = estimate("The mean of the same place in earlier quarters.")
    weighted = estimate("Amounts due in the period times how often their stage was won.")
    pipeline_weight = estimate("What the answer from deals weighs.")
    series_weight = estimate("What the series weighs.")
    same_place_weight = estimate("What the same place in earlier quarters weighs.")


class CallRecords(Definition):
    """One row per person and category: what is said of the period, and what came of it before."""

    payee_id = ref("Payees.payee_id", "Person who says so.")
    category = text("commit or best_case.")
    calls = whole("Earlier periods of which something was said, and which are over.")
    came = estimate("What came in them over what was said, held towards that of all.")
    error = estimate("Mean distance of what came from what was said, over what came.", null=True)
    corrected_error = estimate("The same once corrected by what was known then.", null=True)
    model_error = estimate("The same of what deals said.", null=True)
    said = estimate("What is said of the period under way [currency].", null=True)
    corrected = estimate("That times what came of it before [currency].", null=True)
    low_80 = estimate("In 8 of 10 cases it is above this and below the next.", null=True)
    high_80 = estimate("See low_80.", null=True)
    model = estimate("What the deals of the person's people say [currency].")
    model_low_80 = estimate("As low_80, of the deals.")
    model_high_80 = estimate("As high_80, of the deals.")
    chance = estimate("Chance, by the deals, that what is said is reached.", null=True)


class TimesToClose(Definition):
    """One row per group of deals and day since they came to it: how many are over by then."""

    group = text("All deals since they were opened, or a stage since they came to it.")
    days = whole("Days since.")
    open = whole("Deals of which that is known.")
    won = estimate("Share won by then.")
    won_low = estimate("In 95 of 100 cases it is above this and below the next.")
    won_high = estimate("See won_low.")
    lost = estimate("Share lost by then.")


class StageTimes(Definition):
    """One row per stage: how long deals stay in it, and what becomes of those that stay longer."""

    stage = text("Stage.")
    deals = whole("Deals that came to it and are closed.")
    usual = estimate("Days that half of the won ones stayed in it at most.", null=True)
    limit = estimate("Days that 9 of 10 of the won ones stayed in it at most.", null=True)
    won = estimate("Share won of all that came to it.")
    won_stale = estimate("Share won of those that stayed longer than the limit.", null=True)
    stale = whole("Open deals that stay longer than the limit.")


class QuotaBases(Definition):
    """One row per person and basis: what a quota could be shared out by."""

    payee_id = ref("Payees.payee_id", "Person.")
    basis = text("even, history, potential, pipeline, forecast, capacity ...")
    value = estimate("How much of it the person has; shares of it count, not its unit.")


class QuotaLayers(Definition):
    """One row per layer and node: how its target came about, from the company down to a person."""

    layer = text("company, then a column such as region or manager_id, at last payee_id.")
    node = text("Which one of the layer.")
    parent = text("The node of the layer above; empty at the top.", null=True)
    weight = estimate("Share of the parent's weights.")
    weighed = estimate("What that share comes to [currency].")
    bounded = estimate("What floors and caps on growth add or take [currency].")
    adjusted = estimate("What was added or taken by hand, and by the others' making up for it.")
    amount = estimate("Target of the node: weighed, bounded and adjusted [currency].")
    over = estimate("What the nodes below are given beyond it [currency].")
    last = estimate("What it had or sold the year before [currency].", null=True)


class QuotaJudgements(Definition):
    """One row per person: how fair and how reachable a quota is."""

    payee_id = ref("Payees.payee_id", "Person.")
    quota = estimate("Quota of the year [currency].")
    expected = estimate("What is expected of the person [currency].")
    stretch = estimate("Quota over what is expected.", null=True)
    per_potential = estimate("Quota over potential, over that of all together.", null=True)
    growth = estimate("Quota over last year's result, less 1.", null=True)
    chance = estimate("Chance that the quota is reached.")
    attainment = estimate("Attainment expected: the median.", null=True)
    low_80 = estimate("In 8 of 10 cases attainment is above this and below the next.", null=True)
    high_80 = estimate("See low_80.", null=True)


class Decisions(Definition):
    """One row per scenario and word of a plan's files: what it says, and who decided that."""

    scenario = text("Scenario, a file of parameters/scenarios; base: the files themselves.")
    file = text("File of the plan: quotas, capacity ...; accounts: the territories of accounts.")
    word = text("Where in the file, from the top down: layers.payee_id.over.")
    value = text("What it says.", null=True)
    was = text("What it said before; empty where nothing changed it.", null=True)
    author = text("Who decided it; empty where nobody signed.", null=True)
    decided_date = day("When.", null=True)
    reason = text("Why.", null=True)
    place = text("File and line.")


class ScenarioMeasures(Definition):
    """One row per scenario and measure: what it comes to in the months that are planned."""

    scenario = text("Scenario.")
    measure = text("What is measured: target, quotas, heads at the end, expected, cost ...")
    unit = text("currency, share, people, accounts, km (a year) or ratio (cost for one booked).")
    value = estimate("How much of it; the mean, of what is played through [unit].", null=True)
    low_80 = estimate("In 8 of 10 cases it is above this and below the next.", null=True)
    high_80 = estimate("See low_80.", null=True)


class PayCurves(Definition):
    """One row per bracket of a component's dated table: what is earned of what is credited.

    With u what is credited over its stick (the quota, or one unit), earned is the stick of pay
    times (constant + slope u + bend u^2).
    """

    plan = text("Plan.")
    component = text("Component of the plan.")
    title = text("The plan's title.")
    currency = text("Currency of the plan, ISO 4217.")
    table_date = day("Day from which the table holds.")
    measure = text("What is counted.")
    unit = text("What the measure sums: money or count.", among=("money", "count"))
    window = text("Over what it accumulates: transaction, month, quarter, half or year.")
    counts = text("What u is a multiple of: quota, money, units or place.")
    quota = text("Which quota: window or to_date.")
    pays = text("The stick of pay: rate, personal_rate, target, unit or amount.")
    weight = estimate("Share of the target incentive, where that is the stick of pay.", null=True)
    matrix = text("Measure that picks the cell; empty where there is one cell.", null=True)
    matrix_of = text("What that measure is a multiple of: quota, quota_to_date or none.", null=True)
    matrix_boundary = text("To which cell a threshold belongs: upper or lower.", null=True)
    when = estimate("From which value of it the cell holds.", null=True)
    boundary = text("To which bracket a threshold belongs: upper or lower.")
    start = estimate("Where the bracket begins; the first begins below everything.")
    constant = estimate("See above.")
    slope = estimate("See above.")
    bend = estimate("See above.")
    source = text("File and line of the row.")


class PayRules(Definition):
    """One row per step of a gate, multiplier, cap or floor of a plan."""

    plan = text("Plan.")
    component = text("Component; empty for a modifier of the whole plan.", null=True)
    number = whole("Its place in the order written, from 1.")
    kind = text("gate, multiplier, cap or floor.", among=("gate", "multiplier", "cap", "floor"))
    table_date = day("Day from which the step holds; empty: always.", null=True)
    measure = text("Measure that it looks at.", null=True)
    of = text("What that measure is a multiple of: quota, quota_to_date or none.", null=True)
    window = text("Over what it looks; empty: the component's window.", null=True)
    start = estimate("From which value the step holds; of a gate, where it opens.", null=True)
    strict = text("Whether a threshold itself is below the step: yes, no.", among=("yes", "no"))
    otherwise = text("What becomes of pay while a gate is shut: withhold or lose.", null=True)
    factor = estimate("What a multiplier's step multiplies by.", null=True)
    limit = estimate("The most or least [plan currency, or share of the target].", null=True)
    of_target = text("Whether the limit is a share of the target: yes, no.", among=("yes", "no"))
    source = text("File and line.")


class PayRecords(Definition):
    """One row per person, component and period: what was credited, and what was earned."""

    payee_id = ref("Payees.payee_id", "Person.")
    plan = text("Plan.")
    component = text("Component of the plan; empty: the measure is only looked at.")
    measure = text("What is counted.")
    window = text("Window over which it accumulates, e.g. 2026-Q1.")
    period = ref("Calendar.period", "Period.")
    credited = estimate("Credited in the period [plan currency, or units].")
    earned = estimate("Earned in the period, gates and limits included [plan currency].")


class BudgetSteps(Definition):
    """One row per team and reason: why it costs something else than was planned."""

    team = text("Team.")
    step = text("heads, mix, volume, rate or currency.")
    amount = estimate("What the reason adds [currency].")


class Accruals(Definition):
    """One row per person, component, window and month: what a month's pay costs before its close.

    What it costs is the sum of what follows the window: earned, late, smoothed, corrected and
    reversed. The window is empty for what payment terms add, a guarantee say.
    """

    payee_id = ref("Payees.payee_id", "Person.")
    team = text("Team whose cost it is: the last held by the month's end.", null=True)
    plan = text("Plan.")
    component = text("Component; empty for modifiers and payment terms of the plan.", null=True)
    window = text("Window over which it accumulates, e.g. 2026.", null=True)
    period = ref("Calendar.period", "Month that is charged with it.")
    method = text(
        "point_in_time (also where a window is over), effective_rate, simulated or over_time.",
        among=("point_in_time", "effective_rate", "simulated", "over_time"),
    )
    earned = money("Earned in the month, as known at its end [currency].")
    late = money("Expected to become known of the month [currency].")
    smoothed = money("What the method adds to what the window has earned to date [currency].")
    corrected = money("What became known of earlier months [currency].")
    reversed = money("The estimates (late, smoothed) of the month before, taken back [currency].")
    amount = money("What the month is charged with [currency].")
    accrued_to_date = money("Taken as cost of the window up to the month's end [currency].")
    credited_to_date = value("Credited in an open window up to it.", null=True)
    forecast = estimate("What an open window is expected to be credited with.", null=True)
    rate = estimate("What it is expected to cost for each unit credited.", null=True)
    currency = text("Currency of the plan, ISO 4217.")
    source = text("File and line of the policy that it follows.")


class JournalLines(Definition):
    """One row per line of a journal entry; debits and credits of an entry are equal.

    Key: entry and line.
    """

    entry_id = text("Entry: what lines that balance share.")
    line = whole("Place in the entry, from 1.")
    entry_date = day("Day on which it is posted.")
    account = text("Account of the general ledger, as the policy names it.")
    team = text("Team whose cost it is; empty where it is nobody's alone.", null=True)
    debit = money("Debited, or 0 [currency].")
    credit = money("Credited, or 0 [currency].")
    currency = text("Currency of the amounts, ISO 4217.")
    description = text("What is posted.")
    source = text("File and line of the policy that it follows.")


class ContractCosts(Definition):
    """One row per cost of obtaining a contract that is an asset, and how long it benefits."""

    cost_id = key("Cost.")
    contract_id = text("Contract, or portfolio of contracts, that it obtained.", null=True)
    portfolio = text("What contracts alike share: component, kind, segment ...", null=True)
    team = text("Team whose pay it is.", null=True)
    amount = money("What is capitalised [currency].")
    currency = text("Currency of the amount, ISO 4217.")
    capitalised_date = day("Day on which it becomes an asset; empty: the day it starts.", **MAYBE)
    start_date = day("Day from which what was sold is provided: amortisation starts.")
    months = whole("Months of benefit from that day; empty: those of the pattern.", **MAYBE)
    pattern = text("Pattern by which it is amortised; empty: evenly.", **MAYBE)
    how = text(
        "incurred, or adopted (carried over when the standard was adopted).",
        required=False,
        among=("incurred", "adopted"),
        default="incurred",
    )
    source = text("File and line of the policy that it follows.", **MAYBE)
    policy_date = day("Day from which that policy holds.", **MAYBE)


class CostChanges(Definition):
    """One row per thing that happened to a cost after it was capitalised."""

    cost_id = ref("ContractCosts.cost_id", "Cost.")
    change_date = day("First day on which it holds.")
    kind = text(
        "added, revised, clawed_back, impaired, reversed or terminated; so ordered on one day.",
        among=("added", "revised", "clawed_back", "impaired", "reversed", "terminated"),
    )
    amount = money(
        "Added or clawed back; of an impairment or reversal, what is recoverable [currency].",
        **MAYBE,
    )
    months = whole("Revised: months of benefit counted from the start.", **MAYBE)
    months_left = whole("Revised: months of benefit counted from the day.", **MAYBE)
    share = share("Terminated: part of the contract that ended; empty: all.", **MAYBE)
    source = text("What it is known from, or file and line.", **MAYBE)


class CostSchedules(Definition):
    """One row per cost and period in which it is or becomes an asset.

    Closing is opening + adopted + capitalised - amortised - written_off - clawed_back - impaired +
    reversed, to the cent.
    """

    cost_id = ref("ContractCosts.cost_id", "Cost.")
    period = text("Period, e.g. 2026-03.")
    opening = money("Carrying amount at its begin [currency].")
    adopted = money("Carried over when the standard was adopted [currency].")
    capitalised = money("Became an asset [currency].")
    amortised = money("Became cost as planned [currency].")
    written_off = money("Became cost because contracts ended [currency].")
    clawed_back = money("Part of the asset taken back from who was paid [currency].")
    impaired = money("Became cost because it cannot be recovered [currency].")
    reversed = money("Impairment taken back, IFRS only [currency].")
    closing = money("Carrying amount at its end [currency].")
    current = money("Part of it that becomes cost within twelve periods [currency].")
    recovered = money("Clawed back of what had been cost before: no part of the asset [currency].")
    currency = text("Currency of the amounts, ISO 4217.")
    source = text("File and line of the policy.", null=True)


class CostRollForward(Definition):
    """One row per period and group of costs, in one currency: how the asset came about.

    Closing is opening + adopted + capitalised - amortised - written_off - clawed_back - impaired +
    reversed + exchange, to the cent.
    """

    group = text("Group: a portfolio, a team ...; all: of everything.")
    period = text("Period, e.g. 2026-03, or year.")
    opening = money("Carrying amount at its begin [currency].")
    adopted = money("Carried over when the standard was adopted [currency].")
    capitalised = money("Became an asset [currency].")
    amortised = money("Became cost as planned [currency].")
    written_off = money("Became cost because contracts ended [currency].")
    clawed_back = money("Part of the asset taken back from who was paid [currency].")
    impaired = money("Became cost because it cannot be recovered [currency].")
    reversed = money("Impairment taken back, IFRS only [currency].")
    exchange = money("What changed rates add or take [currency].")
    closing = money("Carrying amount at its end [currency].")
    current = money("Part of it that becomes cost within twelve periods [currency].")
    recovered = money("Clawed back of what had been cost before: no part of the asset [currency].")
    currency = text("Currency of the amounts, ISO 4217.")


class ModelledPay(Definition):
    """One row per scenario, person, plan, component and period: what would have been earned."""

    scenario = text("Scenario, a file of parameters/scenarios/pay; base: as it is.")
    payee_id = ref("Payees.payee_id", "Person.")
    plan = text("Plan.")
    component = text("Component of the plan; empty for a modifier of the whole plan.", null=True)
    period = ref("Calendar.period", "Period.")
    amount = money("Earned in the period, gates and limits included [plan currency].")
    currency = text("Currency of the plan, ISO 4217.")


class PayDifferences(Definition):
    """One row per scenario and person: what it pays them more, or less, in the year to date."""

    scenario = text("Scenario, a file of parameters/scenarios/pay.")
    payee_id = ref("Payees.payee_id", "Person.")
    role = text("Role last held by then.", null=True)
    team = text("Team, likewise.", null=True)
    plan = text("Plan last held by then.", null=True)
    now = money("Earned as it is [currency].")
    then = money("Earned under the scenario [currency].")
    difference = money("The second less the first [currency].")
    target = money("Target incentive to date, twelfths of a year's [currency].", null=True)
    share = share("Difference over target; for reading.", null=True)


class PayFigures(Definition):
    """One row per scenario and figure: how a plan pays, in one number."""

    scenario = text("Scenario, a file of parameters/scenarios/pay; base: as it is.")
    figure = text("Which one: cost, cost_of_sales, pay_p50, pay_for_performance ...")
    unit = text("currency, share, people, ratio or correlation.")
    value = estimate("How much of it [unit]; empty where nothing can be said.", null=True)
    says = text("What it is.")


class FrontierScores(Definition):
    """One row per person or territory: how far it is from the best of its own kind.

    For coaching, never for pay. Scores are estimates; the interval is part of the result.
    """

    unit = text("Person or territory.")
    group = text("Group compared within, a name of parameters/policies/frontier.yaml.")
    score = estimate("Of what the best would bring (or need): the part it brings (or would need).")
    corrected = estimate("The score less its bias.")
    low_95 = estimate(
        "As surely as the policy says, the true score is above this and below the next."
    )
    high_95 = estimate("See low_95.")
    efficient = text("Whether no mix of the others does as well with less: yes, no.")
    scale = estimate("What is lost by size: score under constant returns over that under variable.")
    returns = text("constant, increasing (too small) or decreasing (too large).")
    peers = text("Whom to learn from, the nearest first, with their share of the mix.")
    more = estimate("What it would bring more at the frontier, by the corrected score [currency].")
    more_low_95 = estimate("As low_95, of more.")
    more_high_95 = estimate("See low_95.")


class PersonEffects(Definition):
    """One row per person: what they add beside what their patch brings anybody.

    Effects are shares: 0.1 is a tenth more than expected. For coaching, never for pay.
    """

    payee_id = ref("Payees.payee_id", "Person.")
    quarters = whole("Quarters observed.")
    expected = estimate("What anybody would bring in a usual month with their patch [currency].")
    raw = estimate("What they brought above it, as it was.")
    effect = estimate("What they add: raw, pulled in by how little is known.")
    low_95 = estimate("In 95 of 100 cases it is above this and below the next.")
    high_95 = estimate("See low_95.")
    low_pair = estimate("Two people whose intervals from here to the next do not touch differ.")
    high_pair = estimate("See low_pair.")
    above_median = estimate("Chance to be above the middle of all.")
    top_quarter = estimate("Chance to be among the best quarter.")
    first = estimate("Chance to be among the first so many, as the policy says.")
    place = estimate("Mean place, 1 the first.")
    place_low_95 = estimate("In 95 of 100 cases the place is this or after it.")
    place_high_95 = estimate("And this or before it.")


class Findings(Definition):
    """One row per thing in a month's pay that somebody should look at before it is paid.

    The most money first, weighed by how sure it is.
    """

    finding_id = key("Check and what it is about; the same whenever the audit is run again.")
    check = text("Check that found it, a name of spmlib/incent/audit/checks.py.")
    payee_id = ref("Payees.payee_id", "Person paid; empty where it concerns several.", null=True)
    period = ref("Calendar.period", "Month with whose pay the money leaves.")
    transaction_id = ref("Transactions.transaction_id", "Booked line.", null=True)
    amount = money("At stake: what may have to be held back [currency].")
    currency = text("Currency the audit is read in, ISO 4217.")
    score = estimate("How sure it is, from 0 to 1.")
    evidence = text("What was seen, in words and numbers.")
    place = text("File and line, or table and key, that it rests on.")
    remedy = text("What to do about it.")


class Deliveries(Definition):
    """One row per version of a document and person: how far it is on its way, on a day."""

    delivery_id = key("document/of/version/payee_id.")
    payee_id = ref("Payees.payee_id", "Whose document it is.")
    document = text("statement, plan, plan_change, quota, territory, manager, or another.")
    of = text("The period or plan it is of.")
    version = text("Which version of it.")
    status = text(
        "sending: under way, or nobody knows; superseded: a later version is on record, which "
        "makes an acknowledgement void.",
        among=(
            "prepared",
            "sending",
            "sent",
            "failed",
            "bounced",
            "acknowledged",
            "withdrawn",
            "superseded",
        ),
    )
    asked = text("yes: it has to be acknowledged.", among=("yes", "no"))
    sent_date = day("When it was last sent; empty if it never was.", null=True)
    acknowledged_date = day("When it was acknowledged.", null=True)
    days = whole("From sent to acknowledged, to the day, or to leaving [days].", null=True)
    chased_count = whole("Reminders since it was last sent, those to the manager too.")
    chased_date = day("The last of them.", null=True)
    due_date = day("By when it was to be acknowledged.", null=True)
    overdue_days = whole("Days since then, while it is not acknowledged; 0 if not overdue.")
    next = text(
        "send; look: find out whether it left; chase; escalate: tell the manager; visit: all "
        "reminders are used up. Empty: nothing to do.",
        null=True,
    )
    next_date = day("From when on that is due.", null=True)
    superseded_by = text("The later version.", null=True)
    reason = text("What was said of the last move.", null=True)
    leave_date = day(
        "First day no longer employed, once it is there; who has left is not chased.", null=True
    )
    role = text("Role held on the day, or last.", null=True)
    team = text("Team on the day, or last.", null=True)
    manager_id = ref("Payees.payee_id", "Manager on the day, or last.", null=True)


class GamingFindings(Definition):
    """One row per way in which a plan can be played, or in which somebody may have played one.

    What is said of people is an indication with its chance, never more: see the evidence.
    """

    kind = text(
        "Of rules: jump, retroactive, drop, crossing, rate, cap, floor, gate, multiplier, timing, "
        "pulling_forward, sandbagging, split, returns, extreme, mixing. Of data: bunching, "
        "reversals, splits_at_limits, late_window, held_back."
    )
    plan = text("Plan; empty where bookings alone are looked at.", null=True)
    component = text("Component of the plan.", null=True)
    payee_id = ref("Payees.payee_id", "Person; empty for rules and for everybody.", null=True)
    where = text("Threshold, limit or days concerned.")
    amount = estimate("At stake in a year [currency]; what that means is in the evidence.")
    currency = text("Currency of the amount, ISO 4217.")
    p_value = estimate("Chance of as much if nobody played; empty for rules.", null=True)
    p_adjusted = estimate("The same, corrected for how many were looked at (Holm).", null=True)
    evidence = text("What was counted, against what.")
    source = text("File and line of the rule.")
    remedy = text("How a plan or policy would be written so that this cannot be played.")


class Disputes(Definition):
    """One row per dispute: how it stands on a day."""

    dispute_id = key("Dispute.")
    payee_id = ref("Payees.payee_id", "Whose pay is disputed.")
    plan = text("Plan whose pay is disputed.", null=True)
    period = text("Period of the statement.")
    lines = text("Lines disputed, by line_id, with spaces between.", null=True)
    transaction_id = text("Transaction without a line, disputed.", null=True)
    status = text("Its last move.", among=DisputeMoves.move.among)
    cause = text("Cause as last said; empty while nobody has.", null=True)
    owner = text("Who looks into it.", null=True)
    raised_date = day("Day on which it was raised.")
    due_date = day("By when it is to be decided.", null=True)
    acknowledged_date = day("Day on which it was acknowledged.", null=True)
    decided_date = day("Day on which it was accepted, rejected or withdrawn.", null=True)
    closed_date = day("Day on which a close paid it.", null=True)
    claimed = money("What is missing, in the person's words [currency].", null=True)
    granted = money("What was granted [currency]; empty unless accepted.", null=True)
    currency = text("Currency of the plan, ISO 4217.", null=True)
    remedy = text("data or adjustment; empty unless accepted.", null=True)
    close = whole("Number of the close that paid it.", null=True)
    days = whole("From raised to decided, or to the day [days].")
    overdue_days = whole("Days since it was due, while undecided; 0 if not overdue.")
    says = text("What the person said.", null=True)
    reason = text("What was said of the last move.", null=True)


class DisputeCauses(Definition):
    """One row per cause that a re-run finds possible for a dispute, the most likely first."""

    place = whole("From 1.")
    cause = text("late_booking, wrong_owner, missing_split, hierarchy, plan_misread or none.")
    transaction_id = text("Transaction it is about; empty: the plan as a whole.", null=True)
    amount = money("What the period would pay more, of which `due` is owed [currency].")
    due = money("What is owed if this is the cause; nothing if the plan was misread [currency].")
    difference = money("Amount less what is claimed [currency]; empty without a claim.", null=True)
    fits = text("yes: the amount is what is claimed.", among=("yes", "no"))
    evidence = text("What was found, in words and numbers.")


class PersonMonths(Definition):
    """One row per person and month employed at its start: what was known then, and who left.

    Nothing of the month itself, and nothing that was recorded later, is in its row but `left`.
    """

    payee_id = ref("Payees.payee_id", "Person.")
    month = day("First day of the month.")
    left = whole("1: left in the month; empty: it is not over.", null=True)
    role = text("Role held.", null=True)
    team = text("Team.", null=True)
    manager_id = ref("Payees.payee_id", "Manager.", null=True)
    territory_id = text("Territory.", null=True)
    tenure_months = estimate("Employed since [months].")
    tenure = text("The same in a band.")
    season = text("Quarter of the calendar year the month lies in.")
    pay_change = estimate("Base and target pay over those a year ago, less 1.", null=True)
    payout_12m = estimate("Paid over target, twelve months.", null=True)
    payout_trend = estimate("Paid over target, three months, less twelve.", null=True)
    attainment_last = estimate("Credited over quota, last month known.", null=True)
    attainment_3m = estimate("The same over three months.", null=True)
    attainment_12m = estimate("The same over twelve months.", null=True)
    attainment_fall = estimate("Twelve months less three: how far it fell.", null=True)
    below_months = estimate(
        "Months in a row with three months below the policy's share.", null=True
    )
    quota_change = estimate("Quota of the month over that of a year ago, less 1.", null=True)
    manager_changed = estimate("1: another manager in the last months, else 0.")
    territory_moved = estimate("1: another territory in the last months, else 0.")
    disputes_open = estimate("Disputes open.")
    disputes_rejected = estimate("Disputes rejected in the last months.")
    compa_ratio = estimate("Base pay over the market's median, or the role's.", null=True)


class AttritionRisks(Definition):
    """One row per person employed on a day: the chance to leave within so many months.

    An estimate with its interval; no day on which anybody leaves is ever said.
    """

    payee_id = ref("Payees.payee_id", "Person, or a pseudonym.")
    month = day("First day of the month from which it counts.")
    months = whole("Within so many months.")
    chance = estimate("Chance to leave in them.")
    low = estimate("The interval's lower end.")
    high = estimate("The interval's upper end.")


class AttritionReasons(Definition):
    """One row per person and group of reasons: what it adds to the log odds of leaving."""

    payee_id = ref("Payees.payee_id", "Person, or a pseudonym.")
    reason = text("pay, pay_position, attainment, quota, manager, territory, disputes, tenure ...")
    log_odds = estimate("More than the average person's, in log odds of leaving in a month.")
    stable = estimate("Share of refits in which it is among the first reasons, and raises them.")
    told = text("yes: stable enough to be told.", among=("yes", "no"))
    changeable = text("yes: the company can change it.", among=("yes", "no"))


class Rankings(Definition):
    """One row per person of a board and period: which place, how surely, and what changed.

    For reading and for conversations, never for pay: what the field is shown of it is a view.
    """

    board = text("Board, a name of parameters/policies/leaderboards.yaml.")
    period = ref("Calendar.period", "Last period of the window.")
    group = text("Peer group; all: everybody of the board.")
    payee_id = ref("Payees.payee_id", "Person.")
    kind = text("level, attainment, growth or improvement.")
    counted = value("Counted in the window.")
    quota = value("Quota of the window, for the days present; 0 without one.")
    present = estimate("Share of the window's days on which the person was there.")
    score = estimate("What is compared; places come from the exact fraction.", null=True)
    why = text("Why there is no place: absent, part, no quota ...; empty with one.", null=True)
    place = estimate("Place, 1 the best; halves where level ones share places.", null=True)
    place_low = estimate("Best place that is possible, as surely as the policy says.", null=True)
    place_high = estimate("Worst place that is possible.", null=True)
    error = estimate("Standard error of the score: luck.", null=True)
    expected = estimate("Score that others would have with the territory and tenure.", null=True)
    adjusted = estimate("Score at the group's usual territory and tenure.", null=True)
    pooled = estimate("The same, pulled in by how much of it is luck.", null=True)
    pooled_error = estimate("Its standard deviation.", null=True)
    kept = estimate("Share of the distance from what is expected that is believed.", null=True)
    adjusted_place = estimate("Place by the pooled score.", null=True)
    adjusted_low = estimate("Best place of the interval.", null=True)
    adjusted_high = estimate("Worst place of the interval.", null=True)
    top_chance = estimate("Chance to be among the first so many.", null=True)
    place_before = estimate("Place a period before.", null=True)
    moved = estimate("Places gained since then; below 0 lost.", null=True)
    came = text("up, down, same, new, returned; empty without a place.", null=True)
    top_run = whole("Periods in a row among the first so many, up to this one.")
    top_longest = whole("The longest such run.")
    improved_run = whole("Periods in a row each above the one before.")
    quota_run = whole("Months in a row at or above quota.")
    best = estimate("The person's best score.", null=True)
    best_period = text("Period in which it was first reached.", null=True)
    is_best = text("yes: this period's score is above all earlier ones.", among=("yes", "no"))


class FieldSights(Definition):
    """One row per person and person of whom they may see anything on a day."""

    viewer_id = ref("Payees.payee_id", "Who sees.")
    payee_id = ref("Payees.payee_id", "Of whom.")
    level = whole("Steps below the viewer: 0 is oneself; empty where not below.", null=True)
    because = text("own, team, region or company: the least scope that reaches so far.")
    attainment = text("Whether attainment is seen: yes, no.")
    pay = text("Whether pay is seen: yes, no.")
    pipeline = text("Whether open deals are seen: yes, no.")
    disputes = text("Whether disputes are seen: yes, no.")


class FieldStandings(Definition):
    """One row per person and component: where somebody stands at a period's end, for reading."""

    payee_id = ref("Payees.payee_id", "Person.")
    plan = text("Plan.")
    component = text("Component of the plan.")
    measure = text("What is counted.")
    window = text("Window over which it accumulates.")
    credited = estimate("Credited in the window to date [plan currency, or units].")
    quota = estimate("Quota; empty where there is none.", null=True)
    attainment = estimate("Credited over quota.", null=True)
    elapsed = estimate("Share of the person's days in the window that are over.")
    expected = estimate("Credited at the window's end, at the pace so far.", null=True)
    pace = estimate("Attainment over the share that is over; 1 reaches quota.", null=True)
    asked = estimate("What is missing to quota, for each period that is left.", null=True)
    left_periods = whole("Periods of the window that are left.")
    state = text("reached, ahead, on pace, behind, or none: there is no quota.")


class FieldViews(Definition):
    """One row per node of what a month's pay is made of, from the company to the line.

    The rows under a key add up to it, exactly.
    """

    level = text("company, region, team, person, component or line.")
    key = key("Names from the top, with slashes between.")
    parent = text("Key of the row above; empty at the top.")
    name = text("Name on its level: an id, a component, a line.")
    payee_id = ref("Payees.payee_id", "Person; empty above people.", null=True)
    amount = money("Earned in the month [currency of the policy].")
    people = whole("People in it.")
    count = whole("Lines in it.")


class Issues(Definition):
    """One row per thing that is wrong with the data, where, and what would be right."""

    table = text("Table concerned.")
    place = text("File and line, sheet and row, or query and row.")
    row = text("Key of the row, or its number.", null=True)
    what = text("What is wrong.")
    remedy = text("What would be right.")
    effect = text(
        "refused: the row is not used; noted: it is used as it stands.",
        among=("refused", "noted"),
    )


class Reads(Definition):
    """One row per source of a table: how many rows came in, and what became of them.

    Rows in are rows used and rows refused; what `where` leaves out did not come in.
    """

    table = text("Table read.")
    place = text("File, sheet or query.")
    rows_in = whole("Rows that came in.")
    rows_used = whole("Rows that are used.")
    rows_refused = whole("Rows that are not used, each named in issues.")
    rows_left_out = whole("Rows that `where` in sources.yaml leaves out.")


INPUTS: dict[str, type[Definition]] = {
    "payees": Payees,
    "positions": Positions,
    "accounts": Accounts,
    "account_territories": AccountTerritories,
    "account_potentials": AccountPotentials,
    "products": Products,
    "transactions": Transactions,
    "splits": Splits,
    "events": Events,
    "adjustments": Adjustments,
    "quotas": Quotas,
    "commitments": Commitments,
    "opportunities": Opportunities,
    "opportunity_history": OpportunityHistory,
    "forecast_calls": ForecastCalls,
    "currency_rates": CurrencyRates,
    "market_pay": MarketPay,
    "delivery_moves": DeliveryMoves,
    "dispute_moves": DisputeMoves,
    "calendar": Calendar,
}
PLANNED: dict[str, type[Definition]] = {
    "history": History,
    "drivers": Drivers,
    "effects": Effects,
    "forecasts": Forecasts,
    "accuracies": Accuracies,
    "deal_chances": DealChances,
    "pipeline_trials": PipelineTrials,
    "call_records": CallRecords,
    "times_to_close": TimesToClose,
    "stage_times": StageTimes,
    "quota_bases": QuotaBases,
    "quota_layers": QuotaLayers,
    "quota_judgements": QuotaJudgements,
    "decisions": Decisions,
    "scenario_measures": ScenarioMeasures,
    "pay_curves": PayCurves,
    "pay_rules": PayRules,
    "pay_records": PayRecords,
    "budget_steps": BudgetSteps,
    "frontier_scores": FrontierScores,
    "person_effects": PersonEffects,
    "modelled_pay": ModelledPay,
    "pay_differences": PayDifferences,
    "pay_figures": PayFigures,
}
ACCOUNTED: dict[str, type[Definition]] = {
    "accruals": Accruals,
    "journal_lines": JournalLines,
    "contract_costs": ContractCosts,
    "cost_changes": CostChanges,
    "cost_schedules": CostSchedules,
    "cost_roll_forward": CostRollForward,
    "findings": Findings,
    "deliveries": Deliveries,
    "gaming_findings": GamingFindings,
    "disputes": Disputes,
    "dispute_causes": DisputeCauses,
    "person_months": PersonMonths,
    "attrition_risks": AttritionRisks,
    "attrition_reasons": AttritionReasons,
    "rankings": Rankings,
    "field_sights": FieldSights,
    "field_standings": FieldStandings,
    "field_views": FieldViews,
}
CLOSED: dict[str, type[Definition]] = {"postings": Postings, "payables": Payables}
RESULTS: dict[str, type[Definition]] = {
    "credits": Credits,
    "attainments": Attainments,
    "terms": Terms,
    "earnings": Earnings,
    "payments": Payments,
    "balances": Balances,
    "payouts": Payouts,
    "payroll": Payroll,
    "spiff_scores": SpiffScores,
    "spiff_standings": SpiffStandings,
    "issues": Issues,
    "reads": Reads,
}


def dictionary() -> str:
    """Every table's definition as Markdown."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "# Tables\n\nGenerated from `spmlib/core/tables.py`; a test keeps it so.\n"
    for name, table in (INPUTS | RESULTS | PLANNED | ACCOUNTED | CLOSED).items():
        yield f"## {name}\n\n{table.__doc__}\n"
        yield "| column | kind | may be empty | holds |\n|---|---|---|---|"
        for column, c in table.columns().items():
            yield f"| `{column}` | {c.kind} | {'yes' if c.null else ''} | {c.says} |"
        yield ""
