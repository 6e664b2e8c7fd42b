"""Leaderboards: who stands where, how surely, and who may see it.

`panels` counts any table up by person and period, `scores` compares, `ties` gives places. `noise`,
`adjusting`, `pooling`, `uncertain` and `rank_sets` say how much a place means; `peers` who is
compared with whom; `movement` what changed. `pseudonyms`, `suppression` and `views` decide what is
shown to whom. `boards` puts all into one table, as `written` says.
"""
