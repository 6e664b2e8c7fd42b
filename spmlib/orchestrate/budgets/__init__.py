"""Budgets: what the sales force costs by month and team, and why it costs something else.

`written` reads what is decided. `pasts` has what people were credited with and paid, `habits` how
that usually comes in; `known` puts together what is known on a day. `heads` and `years` draw who is
there and what they sell, `spmlib.rules.estimated` puts it through the plans, `costs` adds the other
kinds of cost, `drawn` does it for all. `integrals` holds the draws to account. `actuals` says what
it really cost, `variances` takes the difference apart. `outlooks` and `reviews` say it to a reader.
"""
