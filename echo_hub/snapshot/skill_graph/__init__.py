"""From names to skills, with what people decided."""
