"""Which fields of the hub's records each dialect can fill, as the README shows it."""

from __future__ import annotations

from echo_core.model import ENTITIES
from echo_hub_lxp.dialect import load_dialect, names


def field_support() -> str:
    """A Markdown table per entity: one row per field, one column per dialect and stream."""
    parts = []
    for entity in ("learning_path", "learning_record"):
        columns = [
            (f"{name}: {stream}", set(record.fills))
            for name in names()
            for stream, record in load_dialect(name).streams.items()
            if record.entity == entity
        ]
        filled = [field for field in ENTITIES[entity].model_fields if any(field in fills for _, fills in columns)]
        head = f"| {entity} | " + " | ".join(title for title, _ in columns) + " |"
        rule = "|---|" + "---|" * len(columns)
        rows = [
            f"| `{field}` | " + " | ".join("yes" if field in fills else "" for _, fills in columns) + " |"
            for field in filled
        ]
        parts.append("\n".join([head, rule, *rows]))
    return "\n\n".join(parts)
