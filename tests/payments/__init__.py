"""Payment terms, tried."""
