"""Contests: how they stand, what they will cost, what they moved; points, badges and levels."""
