"""Budgets: what the sales force costs by month and team, and why it costs something else.

`written` reads what is decided; `heads` says who is there, month by month; `credited` draws what
they are credited with; `pay` puts it through the curves of their plans; `costs` adds base pay,
taxes, tools, travel and recruiting; `actuals` says what it really cost; `variances` takes the
difference apart; `outlooks` does all of it for a company.
"""
