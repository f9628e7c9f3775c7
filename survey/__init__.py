"""The survey at hand: from export files to results, charts and reports."""
