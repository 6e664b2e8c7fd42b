"""Readiness: what is still done by hand, which rules hide in it, and what takes it past a goal."""
