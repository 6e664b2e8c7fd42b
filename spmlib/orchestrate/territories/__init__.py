"""Territories: which accounts each seller has, balanced, near, and how good that is, proven.

Sellers whose places are known::

    problems -> prices (the bound) -> searches (the plan) -> assignments (plan and certificate)

Places that are free::

    centre_problems -> centre_bounds -> centre_shakes, centre_moves -> centres (both again)
"""
