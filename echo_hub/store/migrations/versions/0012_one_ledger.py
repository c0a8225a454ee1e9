"""One table of decisions; whoever decided stands there under a key, as in events.

Numbers stay what they were within their kind. The three tables of before stay as they are, because processes of the
release before still read them; nothing writes them from here on.
"""

import json
import secrets
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from echo_hub.store.instant import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SERVICES = ("operator", "scheduler")
NAME = ("name", "language", "scheme", "external_id")
CHOICES = {
    "name": ("skill_decision", ("label", "action", "skill_id", "skill", "broader", "confidence", "note")),
    "requirement": (
        "need_decision",
        ("opportunity", "skill_id", "skill", "ruling", "level", "words", "confidence", "note"),
    ),
    "correction": ("skill_dispute", ("skill_id", "standing_id", "skill", "names", "stance", "level", "note")),
}
WHO = ("decided_by_kind", "decided_by", "decided_at", "undone_by_kind", "undone_by", "undone_at")


def upgrade() -> None:
    """Creates the table and moves the rows, unreadable ones as they are."""
    op.create_table(
        "decision",
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("number", BIG, nullable=False, autoincrement=False),
        sa.Column("batch", BIG, nullable=False),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("choice", TEXT, nullable=False),
        sa.Column("decided_by_kind", TEXT, nullable=False),
        sa.Column("decided_by", TEXT, nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("undone_by_kind", TEXT, nullable=True),
        sa.Column("undone_by", TEXT, nullable=True),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "number"),
    )
    op.create_index("decision_about", "decision", ["kind", "about"], unique=False)
    op.add_column("person_key", sa.Column("employee_id", TEXT, nullable=True))
    connection = op.get_bind()
    columns = ("kind", "number", "batch", "about", "choice", *WHO)
    places = ", ".join(f":{name}" for name in columns)
    put = sa.text(f"INSERT INTO decision ({', '.join(columns)}) VALUES ({places})")  # noqa: S608, our own names
    rows = [
        (kind, row._mapping)
        for kind, (table, _) in CHOICES.items()
        for row in connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY id"))  # noqa: S608, our own names
    ]
    if not rows:
        return
    key = _keys(connection, [row for _, row in rows])
    for kind, row in rows:
        about = {"name": "name", "requirement": "opportunity", "correction": "person_id"}[kind]
        values = {"kind": kind, "number": row["id"], "batch": row.get("batch", row["id"]), "about": row[about]}
        if kind == "correction":
            values["about"] = key(row["person_id"], row["employee_id"])
        for act in ("decided", "undone"):
            by = row[f"{act}_by"]
            is_service = by in SERVICES
            values[f"{act}_by_kind"] = None if by is None else "service" if is_service else "person"
            values[f"{act}_by"] = by if by is None or is_service else key(by, None)
            values[f"{act}_at"] = row[f"{act}_at"]
        connection.execute(put, {**values, "choice": json.dumps(_choice(kind, row))})


def _choice(kind: str, row: Any) -> dict[str, Any]:
    choice = {name: row[name] for name in CHOICES[kind][1]}
    if kind == "name":
        choice["name"] = {name: row[name] for name in NAME}
    if kind == "correction":
        try:
            choice["names"] = json.loads(row["names"])
        except ValueError:
            choice["names"] = row["names"]
    return choice


def _keys(connection: sa.Connection, rows: list[Any]) -> Callable[[str, str | None], str]:
    """A person's key, made where there is none, by public id or by the employee id under which they decided.

    Who is on record under an employee id gets the key of that record, else the employee id stands for the person.
    """
    people = {row["employee_id"]: row["person_id"] for row in rows if row.get("employee_id")}
    persons = sa.text(
        "SELECT s.connection, r.source_id, r.payload FROM record r JOIN stream s ON s.id = r.stream_id"
        " WHERE r.entity = 'person' AND r.payload IS NOT NULL ORDER BY r.stream_id"
    )
    for connection_name, source_id, payload in connection.execute(persons):
        try:
            employee_id = json.loads(payload).get("employee_id")
        except (ValueError, AttributeError):
            continue
        if isinstance(employee_id, str):
            people.setdefault(employee_id, f"{connection_name}:person:{source_id}")
    known = {row.person_id: row.key for row in connection.execute(sa.text("SELECT person_id, key FROM person_key"))}
    employee_ids = {person_id: employee_id for employee_id, person_id in people.items()}
    tell = sa.text("UPDATE person_key SET employee_id = :employee_id WHERE person_id = :person_id")
    put = sa.text("INSERT INTO person_key (person_id, key, employee_id) VALUES (:person_id, :key, :employee_id)")

    def key(who: str, employee_id: str | None) -> str:
        person_id = people.get(who, who)
        number = employee_id or employee_ids.get(person_id)
        if person_id not in known:
            known[person_id] = f"p-{secrets.token_hex(12)}"
            connection.execute(put, {"person_id": person_id, "key": known[person_id], "employee_id": number})
        elif number is not None:
            connection.execute(tell, {"person_id": person_id, "employee_id": number})
        return str(known[person_id])

    return key
