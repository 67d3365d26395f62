"""Entries for the registries."""
