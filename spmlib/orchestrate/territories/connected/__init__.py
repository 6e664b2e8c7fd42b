"""Connected: territories in one piece, where units have neighbours.

::

    neighbours -> repairs -> shifts -> plans; districts cuts small maps exactly, centres free
"""
