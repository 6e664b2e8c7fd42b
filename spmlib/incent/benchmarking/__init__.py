"""Benchmarking: pay against the market, and people and territories against their own best."""
