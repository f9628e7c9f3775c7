"""Two waves compared."""
