"""Territories: which accounts each seller has, balanced, near, and how good that is, proven.

::

    problems -> prices (the bound) -> searches (the plan) -> assignments (plan and certificate)
"""
