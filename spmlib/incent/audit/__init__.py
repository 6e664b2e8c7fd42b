"""Audit: what a month's pay is looked through for before it leaves.

Each check is a module with a function that makes rows of Findings from whole tables;
`checks.CHECKS` names them all. To add one: write the function, name it there, and write its
numbers in ``parameters/policies/audit.yaml``.
"""
