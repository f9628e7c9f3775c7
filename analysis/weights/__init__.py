"""Rates and means that follow the roster or weights of the user's own."""
