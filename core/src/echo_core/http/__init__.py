"""HTTP for connectors: a client with retries, a budget, allowed hosts, limits and redaction."""
