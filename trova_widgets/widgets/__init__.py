"""What stands on the pages: figures and fields, each bound to its model."""
