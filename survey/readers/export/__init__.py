"""An export as an analyst holds it, and what is asked of it."""
