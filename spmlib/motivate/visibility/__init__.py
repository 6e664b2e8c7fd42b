"""Visibility: what each seller, manager and executive sees, of whom, and from which tables.

`hierarchy` says who is above whom on a day, `sights` who may see what of whom; `standings` is where
everybody stands against quota, `pipelines` what they pursue, `people` both in one row each; `views`
takes amounts from the company down to the transaction; `rollups` sums up teams and regions; `pages`
cuts one page for each person out of these tables.
"""
