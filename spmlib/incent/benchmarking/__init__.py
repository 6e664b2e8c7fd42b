"""Benchmarking: pay against the market and what it brings; people against their own best.

On plain numbers: `ranges`, `percentiles`, `ageing`, `cells`, `performance`, `attained`,
`inequality`, `intervals`, `regressions`. Of a company: `written` (the policy), `surveys`, `people`,
`matches`, `cohorts`, `aims` (against the market), `years` and `returns` (against performance).
`frontier` is a room of its own: who brings most from what they have.
"""
