"""Simulated: what plans would pay next year: many years drawn, each paid by every plan compared.

`spreads` says how far attainments vary, and with whom, `sets` what is known of those on each plan,
`draws` and `pays` draw companies and pay them, `measures` says what came of it. `sensitivity` moves
every value of a table, `solver` finds the table that meets a budget, a mix and a leverage,
`trials` asks what such draws would have said of quarters that are over.
"""
