"""Occupations: from a title to its skills, and which occupations are near."""
