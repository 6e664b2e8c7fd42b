"""Quotas: a target shared out to regions, teams, people and months, and how fair that is.

::

    bases -> weights -> allocations (layer by layer) -> calendars -> roundings -> quotas

`shares` shares an amount within bounds; `roundings` makes every margin exact at once; `ramps` says
what part of a quota somebody carries; `judgements` says how fair and how reachable quotas are.
"""
