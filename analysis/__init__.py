"""Statistics of satisfaction surveys: pure functions on arrays, no file, no chart, no Chinese."""
