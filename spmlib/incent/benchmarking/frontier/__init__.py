"""Frontier: people and territories beside the best of their own kind, each with its uncertainty."""
