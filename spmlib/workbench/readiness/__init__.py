"""Readiness of a company: what its records say is done by hand, and the rules that hide in it."""
