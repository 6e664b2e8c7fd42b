"""Halden Instruments, an invented firm: the pieces that make its tables, in the order of the story.

Everything is drawn as whole numbers from one seeded bit stream and computed in whole numbers, so
the tables are the same to the byte on any machine. To change the firm, change the tables of words
and numbers at the top of each module and run ``python data/make_sample_company.py``.
"""
