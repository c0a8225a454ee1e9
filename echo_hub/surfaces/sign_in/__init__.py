"""Who is at the other end: an OpenID provider says so, a trusted proxy, or during development whoever is there."""
