"""Sentences that several sections and the branches' own pages share, in two languages."""
