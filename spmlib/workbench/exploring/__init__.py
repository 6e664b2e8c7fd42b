"""Exploring: a company's tables at hand: as frames, in SQL, as they were closed, and explained."""
