"""Attrition: who may leave, how sure that is, why, and what hangs on it; off until switched on.

`months` makes one row per person and month with what was known at its start; `hazards` fits the
chance of leaving in a month, `horizons` in 3, 6 and 12 months; `survival`, `rates` and `rules` are
the plain figures that stand beside; `evaluations` judges on later months; `reasons`, `values` and
`views` say why, how much and to whom; `fairness` and `leaks` audit. `insights` puts all together.
"""
