"""Estimated: what plans pay for what is credited, as arrays that many draws go through; never pay.

`plans` has the curves and rules in force on a day, `earned` puts credits through them.
"""
