"""Explaining: pay read aloud: receipts, their pieces, and the curves that people stand on."""
