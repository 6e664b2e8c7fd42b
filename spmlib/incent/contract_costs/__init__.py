"""Contract costs: what was paid to obtain contracts is an asset, and when it becomes cost.

Standards: ASC 340-40 and IFRS 15.91-104. On plain numbers: `plain.scheduled`; step by step:

| step | makes | module |
|---|---|---|
| benefits | commensurate or not, months of benefit, the expedient, initial commissions in two parts | `benefits` |
| allocations | pay of many contracts (thresholds, restatements, modifiers) shared out over them | `allocations` |
| schedules | each cost's life, period by period, to the cent | `schedules`, by `lives` |
| recoverability | what is recoverable, losses, and their reversal | `recoverability` |
| portfolios | contracts alike as one | `portfolios` |
| translations | another currency, and what rates add or take | `translations` |
| roll-forwards | opening to closing by period and group; what is to come by year | `roll_forwards` |
| entries | postings of a period for the general ledger | `entries` |
| companies | costs and their changes out of a calculation, by a policy file | `written`, `companies` |
"""
