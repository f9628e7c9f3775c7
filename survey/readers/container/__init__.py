"""Bytes to sheets: every file is guarded, then read by what it holds."""
