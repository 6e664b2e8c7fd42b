"""Contract costs: what was paid to obtain contracts is an asset, and when it becomes cost.

Standards: ASC 340-40 and IFRS 15.91-104. On plain numbers: `plain.scheduled`; step by step:

| makes | module |
|---|---|
| commensurate or not, months of benefit, the expedient, a commission in two parts | `benefits` |
| pay of many contracts (thresholds, restatements) shared out over them | `allocations` |
| each cost's life, period by period, to the cent | `schedules`, by `givens` and `lives` |
| what is recoverable, what is lost, what of it is taken back | `recoverability` |
| contracts alike as one | `portfolios` |
| another currency, and what rates add or take | `translations` |
| opening to closing by period and group; what is to come by year | `roll_forwards` |
| a company's costs and their changes, by a policy file | `written`, `companies` |
| postings of a period for the general ledger | `entries` |
| what was seen of how long contracts last | `evidence` |
"""
