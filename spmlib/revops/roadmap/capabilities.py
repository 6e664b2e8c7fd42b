"""Capabilities: what an operation can put in place, what each needs, brings and takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import inf

from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest

PILLARS = ("orchestrate", "motivate", "incent")
TEAMS = ("sales", "marketing", "customer_success", "product", "finance")


@dataclass(frozen=True)
class Capability:
    """One thing to put in place.

    Attributes:
        name: of it.
        pillar: that it belongs to.
        needs: the names of what has to be in place before work on it begins.
        effect: what it brings once in full use [currency a month].
        ramp: what it brings in its first, second ... month, as a share; then all.
        effort: the work by skill [person-days].
        months: it takes at least, however many people work on it.
        teams: that it serves, of `TEAMS`.
        done: it is in place.
        place: file and line it is written on.
    """

    name: str
    pillar: str = PILLARS[0]
    needs: tuple[str, ...] = ()
    effect: float = 0.0
    ramp: tuple[float, ...] = ()
    effort: Mapping[str, float] = field(default_factory=dict)
    months: int = 1
    teams: tuple[str, ...] = ()
    done: bool = False
    place: str = ""


def ordered(capabilities: Sequence[Capability]) -> list[Capability]:
    """The capabilities such that each stands after all it needs, else as they were given.

    >>> one, two = Capability("quotas", needs=("forecast",)), Capability("forecast")
    >>> [each.name for each in ordered([one, two])]
    ['forecast', 'quotas']

    Raises:
        ParameterError: a name is there twice or is unknown, capabilities need each other in a
            circle, or one that is in place needs one that is not.
    """
    known = {each.name: each for each in capabilities}
    _refuse_odd(capabilities, known)
    made: dict[str, Capability] = {}
    left = list(capabilities)
    while left:
        ready = next((each for each in left if all(need in made for need in each.needs)), None)
        if ready is None:
            _refuse_circle(left, known)
        else:
            made[ready.name] = ready
            left.remove(ready)
    return list(made.values())


def to_do(capabilities: Sequence[Capability]) -> list[Capability]:
    """What is not in place, as `ordered`, with only those needs that are not in place either."""
    from dataclasses import replace

    rows = ordered(capabilities)
    open_names = {each.name for each in rows if not each.done}
    return [
        replace(each, needs=tuple(need for need in each.needs if need in open_names))
        for each in rows
        if not each.done
    ]


def with_needs(capabilities: Sequence[Capability], names: Sequence[str]) -> set[str]:
    """Some names, and all that they need directly or through others."""
    known = {each.name: each for each in capabilities}
    found: set[str] = set()
    stack = [name for name in names if name in known]
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack += [need for need in known[name].needs if need in known]
    return found


def _refuse_odd(rows: Sequence[Capability], known: Mapping[str, Capability]) -> None:
    seen: set[str] = set()
    for each in rows:
        if each.name in seen:
            raise ParameterError(f"{_at(each)}'{each.name}' is there twice; rename one.")
        seen.add(each.name)
        numbers = (each.effect, each.months, *each.effort.values())
        if any(not 0 <= number < inf for number in numbers):
            raise ParameterError(
                f"{_at(each)}'{each.name}' has an effect, time or effort below 0; write 0 or more."
            )
        for word, among in ((each.pillar, PILLARS), *((team, TEAMS) for team in each.teams)):
            if word not in among:
                raise ParameterError(
                    f"{_at(each)}'{word}' of '{each.name}' is unknown; write "
                    f"{nearest(word, among)}."
                )
        if any(not 0 <= part <= 1 for part in each.ramp) or list(each.ramp) != sorted(each.ramp):
            raise ParameterError(
                f"{_at(each)}the ramp of '{each.name}' is {list(each.ramp)}; write shares from 0% "
                "to 100% that do not fall."
            )
        for need in each.needs:
            if need not in known:
                near = get_close_matches(need, list(known), n=1)
                right = f"write '{near[0]}'" if near else "name one that is on the roadmap"
                raise ParameterError(
                    f"{_at(each)}'{each.name}' needs '{need}', which is unknown; {right}."
                )
            if each.done and not known[need].done:
                raise ParameterError(
                    f"{_at(each)}'{each.name}' is in place but needs '{need}', which is not; "
                    "say that both are, or that neither is."
                )


def _refuse_circle(left: Sequence[Capability], known: Mapping[str, Capability]) -> None:
    """Follow needs from any that is stuck until one comes back."""
    names = {each.name for each in left}
    path = [left[0].name]
    while path[-1] not in path[:-1]:
        path.append(next(need for need in known[path[-1]].needs if need in names))
    circle = path[path.index(path[-1]) :]
    raise ParameterError(
        f"{_at(known[circle[0]])}capabilities need each other in a circle "
        f"({' needs '.join(circle)}); take one of these needs out."
    )


def _at(each: Capability) -> str:
    return f"{each.place}: " if each.place else ""
