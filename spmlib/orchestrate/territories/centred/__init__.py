"""Centred: where territories have their centres, how many, and who has each account.

::

    problems -> bounds, and moves and shakes of states -> turns -> plans
"""
