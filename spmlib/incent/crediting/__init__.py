"""Crediting: from what was booked to the people who are credited with it, step by step."""
