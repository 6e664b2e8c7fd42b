"""Modelling: what another plan would have paid, and what it would pay."""
