"""Estimating: what deals that are not booked yet would bring, for a payee to the cent, for teams.

`ready` takes from the engine once how everybody stands in a period; `counted` says who would be
credited with deals; `walks` and `left` put credits through a component's curve and what modifies
it, in exact fractions; `estimates` is a payee's answer, `thresholds` what comes next, `teams` the
same for many people at once, in doubles.
"""
