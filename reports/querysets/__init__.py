"""Reads on what reports keep; one module per topic."""
