"""One unit: intervals, bounds and verdicts of a finite population, over roles too; the silent."""
