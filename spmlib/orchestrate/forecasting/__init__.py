"""Forecasting: what series will come to, with intervals that keep their promise.

::

    history -> panels -> candidates -> backtests -> ensembles -> intervals -> forecasts

`forecasts.forecast` does it all; the others hold one step each.
"""
