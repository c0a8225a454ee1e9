"""The numbers that lists show for rounds, pairs, decisions, runs and holds: how large one may be, on every surface."""

LARGEST_ID = 2**63 - 1
"""The largest number that both databases keep in a key; a larger one is refused before it is looked up."""
