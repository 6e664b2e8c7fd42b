"""Value: what a change of system or process was worth, measured against what would have come."""
