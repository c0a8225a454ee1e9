"""Full-text search, filters and facets."""
