"""Maturity: how well a revenue operation works, as answered, as the data say, and what next."""
