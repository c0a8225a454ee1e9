"""Echo Hub: jobs, projects, mentoring and learning from the systems a company already has, in one list with reasons."""

__version__ = "0.1.0"
