"""Workbooks that people fill in: one declaration writes and reads each."""

from survey.forms.declaration import Column, Entry, Form, Line
from survey.forms.reading import read, whole
from survey.forms.writing import write
from survey.text import Text
