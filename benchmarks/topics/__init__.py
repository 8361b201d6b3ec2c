"""The tables, one module each, named for what it measures."""
