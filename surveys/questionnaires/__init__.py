"""Surveys, their questions and what these say in each language."""
