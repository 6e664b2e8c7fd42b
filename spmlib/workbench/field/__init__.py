"""Field: what each seller, manager and executive sees of themselves and their team."""
