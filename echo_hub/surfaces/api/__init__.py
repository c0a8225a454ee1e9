"""The same data as JSON, under `/api/v1`, described by OpenAPI."""
