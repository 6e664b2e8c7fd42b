"""Earning: from credits to what each line, gate and cap adds to pay, step by step."""
