"""Signs: what in the data speaks for a late booking, a wrong owner, a missing split or manager."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.company import Company
from spmlib.core.tables import SHARE
from spmlib.incent.disputes.cases import Case
from spmlib.incent.disputes.written import Decisions

if TYPE_CHECKING:
    import polars as pl

CERTAIN, STRONG, LIKELY, WEAK = 0.95, 0.85, 0.7, 0.1  # how much signs weigh: a judgement
LEVELS = 8  # of managers above a seller that are looked at


@dataclass(frozen=True)
class Found:
    """A cause that is possible."""

    cause: str
    transaction_id: str | None
    amount: int  # what the person would be paid more [ticks]
    strength: float  # of the signs, 0 to 1
    evidence: str


def late(case: Case, company: Company, decided: Decisions, closed: date) -> Iterator[Found]:
    """Transactions of the period, or before it, that came to be known after the statement."""
    import polars as pl

    seen = pl.coalesce("recorded_date", "event_date")
    rows = case.disputed.filter(seen >= closed, pl.col("event_date") < closed)
    if rows.is_empty():
        return
    names = rows["transaction_id"].to_list()
    without = replace(
        case.company,
        **{
            table: getattr(case.company, table).filter(~nw.col("transaction_id").is_in(names))
            for table in ("transactions", "splits", "events")
        },
    )
    amount = -case.more(without)
    if amount:
        told = "; ".join(
            f"{row['transaction_id']} is of {row['event_date']} and was recorded on "
            f"{row['recorded_date']}"
            for row in rows.to_dicts()
        )
        said = f"{told}, after {case.period} was closed: the next close pays it"
        yield Found("late_booking", names[0], amount, CERTAIN, said)


def owners(case: Case, company: Company, decided: Decisions, closed: date) -> Iterator[Found]:
    """Transactions that the deal, or the account's territory, says are the person's."""
    for reason, strength, names in _owned(case, company):
        amount = case.more(_given(case.company, names, case.payee_id))
        if amount:
            yield Found("wrong_owner", names[0], amount, strength, reason)


def splits(case: Case, company: Company, decided: Decisions, closed: date) -> Iterator[Found]:
    """Transactions in which the person has no share, though deals alike were shared with them."""
    import polars as pl

    shared = engine.collected(company.splits)
    own = shared.filter(pl.col("payee_id") == case.payee_id)
    booked = engine.collected(company.transactions)
    sharing = booked.join(own.select("transaction_id", "share"), on="transaction_id")
    without = case.disputed.filter(
        pl.col("owner_id").ne_missing(case.payee_id),
        ~pl.col("transaction_id").is_in(own["transaction_id"].to_list()),
    )
    for row in without.to_dicts():
        if found := _share(row, sharing, booked, decided):
            share, strength, said = found
            amount = case.more(_shared(case.company, row["transaction_id"], case.payee_id, share))
            if amount:
                yield Found("missing_split", row["transaction_id"], amount, strength, said)


def hierarchy(case: Case, company: Company, decided: Decisions, closed: date) -> Iterator[Found]:
    """Transactions of people whom the person led shortly before or after the day."""
    import polars as pl

    held = engine.collected(engine.open_ended(company.positions))
    led = held.filter(pl.col("manager_id") == case.payee_id)
    shared = engine.collected(case.company.splits)
    for row in case.disputed.to_dicts():
        day, name = row["event_date"], row["transaction_id"]
        sellers = {row["owner_id"]}
        sellers |= set(shared.filter(pl.col("transaction_id") == name)["payee_id"])
        for seller in sorted(who for who in sellers if who):
            chain = _chain(held, seller, day)
            if case.payee_id in (seller, *chain):
                continue
            near = timedelta(decided.near_days)
            was = led.filter(
                pl.col("payee_id") == seller,
                pl.col("start_date") <= day + near,
                pl.col("end_date") > day - near,
            )
            if was.is_empty():
                continue
            changed = _under(case.company, held, seller, day, case.payee_id)
            amount = case.more(changed)
            if amount:
                start, end = was["start_date"][-1], was["end_date"][-1]
                until = "" if end == engine.FOREVER else f" until {end}"
                there = f"{chain[0] if chain else 'nobody'} on {day}"
                said = f"{seller} reports to {case.payee_id} from {start}{until}, and to {there}"
                yield Found("hierarchy", name, amount, STRONG, f"{name}: {said}")


def _owned(case: Case, company: Company) -> Iterator[tuple[str, float, list[str]]]:
    """Why transactions may be the person's, how surely, and which."""
    import polars as pl

    others = case.disputed.filter(pl.col("owner_id").ne_missing(case.payee_id))
    if others.is_empty():
        return
    pursued = engine.collected(company.opportunities).drop_nulls("deal_id")
    mine = pursued.filter(pl.col("owner_id") == case.payee_id)["deal_id"]
    by_deal = others.filter(pl.col("deal_id").is_in(mine.to_list()))["transaction_id"].to_list()
    if by_deal:
        said = f"{', '.join(by_deal)} became of a deal that {case.payee_id} pursued"
        yield said, CERTAIN, by_deal
    held = engine.collected(engine.open_ended(company.positions))
    left = engine.collected(company.payees).filter(pl.col("leave_date").is_not_null())
    gone = dict(left.select("payee_id", "leave_date").iter_rows())
    placed = engine.collected(engine.open_ended(company.account_territories))
    for row in others.filter(~pl.col("transaction_id").is_in(by_deal)).to_dicts():
        day, owner, name = row["event_date"], row["owner_id"], row["transaction_id"]
        where = _on(placed.filter(_same("account_id", row["account_id"])), day)
        me = _on(held.filter(pl.col("payee_id") == case.payee_id), day)
        owner_held = _on(held.filter(pl.col("payee_id") == owner), day) if owner else me.head(0)
        there = set(where["territory_id"]) & set(me["territory_id"].drop_nulls())
        alike = bool(set(owner_held["role"]) & set(me["role"]))
        nobody = not owner or owner_held.is_empty() or gone.get(owner, engine.FOREVER) <= day
        if not there or not (alike or nobody):
            continue
        if there & set(owner_held["territory_id"].drop_nulls()):
            continue  # they share the territory: it speaks for neither
        whose = f"is booked for {owner}" if owner else "is booked for nobody"
        whose += ", who had left" if owner and nobody else ""
        territory = f"account {row['account_id']} lies in {min(there)}, which {case.payee_id} holds"
        yield f"{name} {whose}, and {territory} on {day}", STRONG if nobody else LIKELY, [name]


def _share(
    row: dict[str, Any], sharing: pl.DataFrame, booked: pl.DataFrame, decided: Decisions
) -> tuple[int, float, str] | None:
    """The share that is usual in deals alike, how surely, and why."""
    import polars as pl

    name, owner = row["transaction_id"], row["owner_id"]
    deal = _same("deal_id", row["deal_id"])
    account = _same("owner_id", owner) & _same("account_id", row["account_id"])
    pair = _same("owner_id", owner) & _same("kind", row["kind"])
    alikes = (
        ("lines of the same deal", deal, CERTAIN),
        (f"other deals of {owner} with the account", account, STRONG),
        (f"other deals of {owner} of the kind", pair, LIKELY),
    )
    for what, like, strength in alikes:
        every = booked.filter(like, pl.col("transaction_id") != name)
        found = sharing.filter(like)
        if len(found) and len(found) >= decided.comparable * len(every):
            share = int(found["share"].mode().sort()[-1])
            percent = f"{share / SHARE:.0%}"
            said = (
                f"{len(found)} of {len(every)} {what} are shared, mostly {percent}; {name} is not"
            )
            return share, strength * len(found) / len(every), said
    return None


def _given(company: Company, names: Sequence[str], payee: str) -> Company:
    """The company with transactions owned by somebody else."""
    own = nw.col("transaction_id").is_in(list(names))
    owner = nw.when(own).then(nw.lit(payee)).otherwise(nw.col("owner_id"))
    return replace(company, transactions=company.transactions.with_columns(owner_id=owner))


def _shared(company: Company, name: str, payee: str, share: int) -> Company:
    """The company with one more share."""
    import polars as pl

    rows = engine.collected(company.splits)
    more = pl.DataFrame(
        [{"transaction_id": name, "payee_id": payee, "share": share}], schema=rows.schema
    )
    return replace(company, splits=engine.brought(pl.concat([rows, more])))


def _under(company: Company, held: pl.DataFrame, seller: str, day: date, manager: str) -> Company:
    """The company in which a seller reports to somebody else on one day."""
    import polars as pl

    that = (
        (pl.col("payee_id") == seller) & (pl.col("start_date") <= day) & (pl.col("end_date") > day)
    )
    there, next_day = held.filter(that), day + timedelta(1)
    before = there.filter(pl.col("start_date") < day).with_columns(end_date=pl.lit(day))
    on = there.with_columns(
        start_date=pl.lit(day), end_date=pl.lit(next_day), manager_id=pl.lit(manager)
    )
    after = there.filter(pl.col("end_date") > next_day).with_columns(start_date=pl.lit(next_day))
    rows = pl.concat([held.filter(~that), before, on, after])
    return replace(company, positions=engine.brought(rows))


def _chain(held: pl.DataFrame, who: str, day: date) -> list[str]:
    """The managers above a person on a day, the nearest first."""
    above = dict(_on(held, day).select("payee_id", "manager_id").iter_rows())
    found: list[str] = []
    for _ in range(LEVELS):
        who = above.get(who) or ""
        if not who or who in found:
            break
        found.append(who)
    return found


def _same(column: str, value: str | None) -> pl.Expr:
    """Whether a column holds a value; never, where there is none."""
    import polars as pl

    return pl.lit(False) if value is None else pl.col(column) == value


def _on(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    import polars as pl

    return rows.filter(pl.col("start_date") <= day, pl.col("end_date") > day)
