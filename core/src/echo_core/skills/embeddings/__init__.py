"""Vectors of texts, all optional."""
