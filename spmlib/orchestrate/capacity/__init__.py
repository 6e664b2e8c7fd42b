"""Capacity: what the people who sell can bring, month by month, and how many more are needed.

`seats` says who sits where and what becomes of them; `moments` what they bring on average and how
far that varies, in closed form; `runs` plays the months through many times; `hires` answers how
many are needed, and what a later start costs.
"""
