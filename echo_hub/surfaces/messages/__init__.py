"""The words: catalogues of sentences per language (Project Fluent), and what puts messages of services into them."""
