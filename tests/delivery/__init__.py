"""Documents on their way: messages, servers, exactly once, acknowledged and chased."""
