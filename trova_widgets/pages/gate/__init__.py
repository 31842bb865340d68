"""The gate of the pages: Voilà, with who may come, what each may do, and how many at once."""
