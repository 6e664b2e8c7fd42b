"""Disputes: from the first word to the close that pays."""
