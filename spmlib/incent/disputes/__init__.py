"""Disputes: what people say is wrong with their pay, from the first word to the close that pays it.

`moves` says what may follow what; `disputes` makes the table from the moves; `ageing` and `figures`
count; `causes` proposes why, by re-running the line; `corrections` says what the next close owes.
"""
