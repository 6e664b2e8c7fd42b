"""Forecasting: kernels, hard cases, hierarchies, and real collections of series."""
