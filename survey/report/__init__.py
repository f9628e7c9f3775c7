"""The report: one list of sections, written as HTML, Word, a workbook and pictures."""

from survey.report.write import ALL, write, write_document
