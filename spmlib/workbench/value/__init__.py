"""Value of a change to a company: measured on its own tables, closes and registers."""
