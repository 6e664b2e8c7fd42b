"""Tables of plans: how quotas came about, which method erred least, what hires bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spmlib.show import words
from spmlib.show.table_style import between, built, numbers, percents

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT


def layers(table: pd.DataFrame, currency: str, title: str) -> GT:
    """How each target came about, layer by layer.

    Args:
        table: layer, name, weighed, bounded, adjusted, amount, over, last [currency].
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        layer=[words.title(layer.removesuffix("_id")) for layer in table["layer"]],
        **{
            name: [words.short(amount) for amount in table[name]]
            for name in ("weighed", "bounded", "adjusted", "amount", "over")
        },
        growth=_growth(table),
    )
    labels = {"layer": "Layer", "name": "Which", "weighed": "By weight", "bounded": "By bounds"}
    labels |= {
        "adjusted": "By hand",
        "amount": "Target",
        "over": "Given beyond",
        "growth": "Growth",
    }
    right = [name for name in labels if name not in ("layer", "name")]
    return built(rows, labels, title, currency, right=right, widths={"layer": 12, "name": 20})


def methods(table: pd.DataFrame, title: str) -> GT:
    """How wrong each way of sharing out would have been in past years.

    Args:
        table: method, error, years.
        title: above the table.
    """
    rows = table.assign(
        method=[words.title(name) for name in table["method"]],
        error=[words.percent(error) for error in table["error"]],
    )
    labels = {"method": "Shared out by", "error": "Wrong by", "years": "Years tried"}
    return built(rows, labels, title, right=["error", "years"])


def quotas(table: pd.DataFrame, currency: str, title: str) -> GT:
    """Each person's quota: how it compares, and how likely it is reached.

    Args:
        table: name, quota, expected, stretch, growth, chance, attainment [currency].
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        quota=[words.short(amount) for amount in table["quota"]],
        expected=[words.short(amount) for amount in table["expected"]],
        stretch=numbers(table["stretch"]),
        growth=percents(table["growth"]),
        chance=percents(table["chance"]),
        attainment=percents(table["attainment"]),
    )
    labels = {"name": "Person", "quota": "Quota", "expected": "Expected", "stretch": "Stretch"}
    labels |= {"growth": "On last year", "chance": "Chance", "attainment": "Attainment"}
    right = [name for name in labels if name != "name"]
    return built(rows, labels, title, currency, right=right, widths={"name": 24})


def lessened(table: pd.DataFrame, title: str) -> GT:
    """Who carries less than a full quota, and why.

    Args:
        table: name, ramp, away, carried, why.
        title: above the table.
    """
    shares = {name: percents(table[name]) for name in ("ramp", "away", "carried")}
    labels = {"name": "Person", "carried": "Carries", "ramp": "Ramp, coming and going"}
    labels |= {"away": "Leave and relief", "why": "Why"}
    right = ["carried", "ramp", "away"]
    said = "of a full quota, by the year's season"
    return built(table.assign(**shares), labels, title, said, right=right, widths={"name": 20})


def moves(table: pd.DataFrame, currency: str, title: str) -> GT:
    """The quota that goes along with accounts that change hands.

    Args:
        table: giver, taker, day, accounts, amount [currency].
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        day=[words.day(day) for day in table["day"]],
        accounts=[str(count) if count else "" for count in table["accounts"]],
        amount=[words.short(amount) for amount in table["amount"]],
    )
    labels = {"day": "From", "giver": "Who gives", "taker": "Who takes"}
    labels |= {"accounts": "Accounts", "amount": "Quota"}
    return built(rows, labels, title, currency, right=["accounts", "amount"])


def gaps(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What is asked from the top, and what people offer to bring.

    Args:
        table: layer, name, down, up, gap [currency].
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        layer=[words.title(layer.removesuffix("_id")) for layer in table["layer"]],
        share=percents(table["up"] / table["down"].where(table["down"] > 0)),
        **{name: [words.short(amount) for amount in table[name]] for name in ("down", "up", "gap")},
    )
    labels = {"layer": "Layer", "name": "Which", "down": "From the top", "up": "Offered"}
    labels |= {"gap": "Nobody offers", "share": "Offered of it"}
    right = ["down", "up", "gap", "share"]
    return built(rows, labels, title, currency, right=right, widths={"layer": 12, "name": 24})


def tried(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What quotas bring under several plans.

    Args:
        table: plan, target, given, chance, people, people_low, people_high, stretch [currency].
        currency: of the amounts.
        title: above the table.
    """
    pairs = zip(percents(table["people_low"]), percents(table["people_high"]), strict=True)
    rows = table.assign(
        target=[words.short(amount) for amount in table["target"]],
        given=[words.short(amount) for amount in table["given"]],
        chance=percents(table["chance"]),
        people=percents(table["people"]),
        between=[f"{low} to {high}" for low, high in pairs],
        stretch=numbers(table["stretch"]),
    )
    labels = {"plan": "Plan", "target": "Target", "given": "Given to people"}
    labels |= {"chance": "Target reached", "people": "People who reach theirs"}
    labels |= {"between": "In 8 of 10 years", "stretch": "Hardest to easiest"}
    return built(rows, labels, title, currency, right=[n for n in labels if n != "plan"])


def capacities(table: pd.DataFrame, currency: str, title: str) -> GT:
    """What a sales force brings under several plans.

    Args:
        table: plan, heads, expected, low_80, high_80, chance [currency].
        currency: of the amounts.
        title: above the table.
    """
    rows = table.assign(
        heads=[f"{count:.1f}" for count in table["heads"]],
        expected=[words.short(amount) for amount in table["expected"]],
        between=between(table, "low_80", "high_80"),
        chance=percents(table["chance"]),
    )
    labels = {"plan": "Plan", "heads": "Heads at the end", "expected": "Brought"}
    labels |= {"between": "In 8 of 10 cases", "chance": "Target reached"}
    right = [name for name in labels if name != "plan"]
    return built(rows, labels, title, currency, right=right, widths={"plan": 34})


def _growth(table: pd.DataFrame) -> list[str]:
    pairs = zip(table["amount"], table["last"], strict=True)
    return ["" if words.missing(last) else words.percent(now / last - 1) for now, last in pairs]
