"""Accruals: what a month's pay costs, booked before all of it is known, and trued up after.

`known` has what was known at a month's end, `outlooks` what is expected of windows that run on,
`methods` what is taken as cost so far, `late` what is still to become known; `accrued` makes the
rows of a month from them, `taxes` what the employer pays on top, `entries` the journal, `balances`
the liability, `trueups` and `trials` what came of it, `bridges` why a month costs something else.
"""
