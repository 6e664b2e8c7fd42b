"""All of a month in one command that a schedule may start, and start again."""
