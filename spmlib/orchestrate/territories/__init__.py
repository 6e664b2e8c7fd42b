"""Territories: which accounts each seller has, balanced, near, and how good that is, proven.

::

    written, outlooks   a company's accounts, as its file decides      problems   what is asked
    balanced            sellers' places are known                      dated      rows for crediting
    connected           units have neighbours                          travel     distances
    centred             places are free
"""
