"""Scenarios: plans side by side, planned again, and who decided what.

A plan is what its files say (`parameters/quotas/2027.yaml` and others of its name); a scenario is a
file of `parameters/scenarios/2027` that changes words of them, each with who, when and why.
`overlays` reads them, `outcomes` plays them, `compared` sets them side by side, `replans` plans the
rest of a year again, `currencies` says quotas in the currency of each person's plan.
"""
