"""The questionnaire itself: reliability of its dimensions."""
