"""Arrays: what another plan would have paid, in milliseconds; estimates, for what is moved by hand.

`taken` takes once from the engine's own steps all that a plan looks at, `curved` and `limited` put
it through other tables, caps and quotas in double precision, `evaluated` adds up. With nothing
changed they pay what the engine pays, to the cent; a test says where not.
"""
