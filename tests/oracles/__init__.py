"""Slow, obvious computations that the fast ones are held to."""
