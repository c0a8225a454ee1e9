"""From a name to a skill."""
