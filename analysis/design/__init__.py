"""Before and during the survey: answers needed, reminders."""
