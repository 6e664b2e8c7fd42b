"""Estimated: what plans pay for what is credited, as arrays that many draws go through; never pay.

`plans` has the curves and rules in force on a day, `pasts` what people on a plan were credited with
and paid, `earned` puts credits through them; `rates` says what currencies are worth.
"""
