"""Start: the first page somebody opens, and the command that opens it."""
