"""Paying: from what was earned to what is paid, month by month, as the payment terms say."""
