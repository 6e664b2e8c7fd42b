"""Summaries: a company and its month as the small tables behind pictures, and their checks."""
