"""Maturity of a company: its answers beside what its own tables, closes and registers say."""
