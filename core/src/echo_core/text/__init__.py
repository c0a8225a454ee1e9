"""Text: one normal form, languages, countries, HTML to text."""
