"""Skills in free text: spotted by name, suggested by meaning."""
