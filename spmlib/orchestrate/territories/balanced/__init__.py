"""Balanced: accounts to sellers whose places are known, near, and how good that is, proven.

::

    scaled -> prices (likely, softened; the bound) -> dives -> searches -> neighbourhoods -> plans
"""
