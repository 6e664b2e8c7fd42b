"""Modelling: what another plan would have paid.

`written` reads scenarios of pay, `modelled` puts history through the same engine, `compared`,
`figures` and `explained` set what comes out side by side. `arrays` is the same in double precision
and a few milliseconds, for what is moved by hand; `simulated` asks about sales to come.
"""
