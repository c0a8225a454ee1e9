"""Everybody's list at once: the exact best of each person, rules and variety on, for digests, notices and audits."""

from echo_core.matching.batch.ranker import BatchRanker, Lists, compiled

__all__ = ["BatchRanker", "Lists", "compiled"]
