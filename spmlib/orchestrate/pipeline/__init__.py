"""Pipeline: what the deals that are open will come to, and those that are not yet there.

::

    deals -> snapshots -> chances, amounts, arrivals -> trials -> stacks -> draws -> outlooks

`outlooks.outlook` does it all; the others hold one step each. `moves` says what changed between
two days, `calls` what leaders said against what came, `durations` how long deals take.
"""
