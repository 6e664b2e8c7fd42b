"""Planted: faults planted in a copy of a company's books, to see which the audit finds.

Each kind is a function that takes books, a stream of random numbers and how many to plant, and
gives the books with the faults in them and what was planted. Beside the faults stand innocent
likes of them, so that precision means something. `faults.FAULTS` names them all.
"""
