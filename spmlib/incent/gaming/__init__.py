"""Gaming: where a plan can be played, and whether anybody seems to.

`paid` is what a component pays as a function of credit; `cliffs`, `timing`, `orders`, `splitting`,
`sandbagging`, `extremes`, `returns`, `discounts` and `mixing` ask it one question each, on plain
values. `densities` and `bunching` test for heaps at thresholds; `reversals`, `limits`, `ends` and
`holding` look at bookings. `findings` puts all into one table, dearest first.
"""
