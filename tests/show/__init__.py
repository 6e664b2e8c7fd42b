"""Tests of what is shown: summaries, pictures, tables."""
