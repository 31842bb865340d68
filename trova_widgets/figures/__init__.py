"""What is drawn, before it is drawn: arrays in, frozen figure data out. Knows numpy alone."""
