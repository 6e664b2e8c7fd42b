"""Scenarios: files with words changed, each change with who decided it, when, why and where.

`written` reads a scenario and what it stands on, `overlays` changes the words. Which files may be
changed is said by whoever reads them: a `written.Ground`.
"""
