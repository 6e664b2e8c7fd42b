"""Letters: what changes for whom, in words and numbers."""
