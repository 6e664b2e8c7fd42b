"""The errors spmlib raises. Bad data is rows of Issues, never raised."""


class SpmError(Exception):
    """Base of every error raised by spmlib: ``place: what is wrong; what would be right``."""


class ParameterError(SpmError):
    """A parameter file cannot be read, or says nothing about what was asked."""


class PlanError(ParameterError):
    """A compensation plan contradicts itself or names something unknown."""


class OverflowRefused(SpmError):
    """An amount is too large for exact 64-bit arithmetic."""
