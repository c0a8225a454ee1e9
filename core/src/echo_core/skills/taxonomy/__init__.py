"""Taxonomies: readers of releases, the graph they make, whose words they are."""
