"""What is listed: opportunities, where they are, what they require."""
