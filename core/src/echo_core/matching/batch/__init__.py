"""Everybody's list at once: the exact best of each person, gates and variety on, for digests, notices and audits."""

from echo_core.matching.batch.lists import Everyone, Lists, compiled

__all__ = ["Everyone", "Lists", "compiled"]
