"""Many units together: multiplicity, shrunken rates and ranks, the funnel."""
