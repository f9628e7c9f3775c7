"""What is asked: questionnaires as data, knowing nothing of answers."""
