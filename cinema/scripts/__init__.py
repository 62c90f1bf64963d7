"""The `cinema` command line."""
