"""Sentences of the report, generated from results, in Chinese and in English.

=============== =================================================================
conclusion      the first screen: how many, how sure, which dimension, what is unknown
branches        one branch or role: rate, verdict, why, what it needs, the silent
breakdown       the dimensions: sizes, order where it is shown, a branch's own
breakdown_notes how much of a breakdown may be shown, and how to read it
quality         rows, screening, response rates, ranks, reliability; empty sections
methods         how it is computed, its limits, definitions
phrases         what the sentences share
=============== =================================================================
"""
