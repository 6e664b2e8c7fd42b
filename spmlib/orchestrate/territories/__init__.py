"""Territories: which accounts each seller has, balanced, near, and how good that is, proven.

::

    written, regions, outlooks, scenarios   a company's accounts, as its file decides, and otherwise
    problems, travel, dated                 what is asked, distances, rows for crediting
    balanced, connected, centred            places are known, units have neighbours, places are free
"""
