"""What is found by analysing a record: its onset, its quality, and filters to look at it."""
