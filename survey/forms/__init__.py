"""Workbooks that people fill in: one declaration writes and reads each."""

from survey.forms.declaration import Column, Entry, Form, Line, Text
from survey.forms.reading import read
from survey.forms.writing import write

__all__ = ["Column", "Entry", "Form", "Line", "Text", "read", "write"]
