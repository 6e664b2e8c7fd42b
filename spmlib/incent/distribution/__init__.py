"""Distribution: who has which version of what, who has acknowledged it, who is chased next."""
