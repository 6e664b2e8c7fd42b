"""Letters: what changes for whom from one day to another, in words and numbers.

    made = letters(company, parameters, since, until)

`changes` finds what differs in the tables, `terms` what differs in plans, `same_deals` what the
same deals pay by both; `letters` puts each difference into one letter of one person.
"""

from spmlib.incent.letters.letters import letters

__all__ = ["letters"]
