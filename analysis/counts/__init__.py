"""Rows become counts: one table of cells, from any engine, and what every count must satisfy."""
