"""Benchmarking: pay set against what the market pays, and against what it brings.

On plain numbers: `ranges`, `percentiles`, `ageing`, `cells`, `performance`, `attained`,
`inequality`, `intervals`, `regressions`. Of a company: `written` (the policy), `surveys`, `people`,
`matches`, `cohorts`, `aims` (against the market), `years` and `returns` (against performance).
"""

"""Benchmarking: pay against the market, and people and territories against their own best."""
