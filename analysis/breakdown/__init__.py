"""Dissatisfaction by dimensions: the regression, its contributions, what may be shown."""
