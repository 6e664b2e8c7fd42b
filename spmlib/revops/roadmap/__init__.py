"""Roadmap: what to put in place next, in which order, how to roll it out, and what it costs to own.

`capabilities` says what there is to do and what needs what; `paths` how long it takes at least;
`schedules` which order brings most for the people there are; `rollouts` whether a pilot is worth
its delay; `ownership` what ways to own it cost over the years.
"""
