"""Occupations, crosswalks, and what was edited here in an imported taxonomy."""

import json

import sqlalchemy as sa
from alembic import op

from echo_hub.store.instant import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Creates the tables and a revision of the graph alone; a skill's labels and relations move into its row."""
    skills = _skills_of_0001()
    for name in ("skill_label", "skill_relation", "skill"):
        op.drop_table(name)
    skill = op.create_table("skill", *_concept(), sa.Column("related", TEXT, nullable=False))
    op.create_index("ix_skill_source", "skill", ["source"], unique=False)
    op.bulk_insert(skill, skills)
    op.create_table(
        "occupation",
        *_concept(),
        sa.Column("code", TEXT, nullable=True),
        sa.Column("zone", sa.Integer(), nullable=True),
        sa.Column("skills", TEXT, nullable=False),
        sa.Column("tasks", TEXT, nullable=False),
        sa.Column("traits", TEXT, nullable=False),
    )
    op.create_index("ix_occupation_source", "occupation", ["source"], unique=False)
    op.create_table(
        "occupation_match",
        sa.Column("onet_id", TEXT, nullable=False),
        sa.Column("esco_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("onet_id", "esco_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "taxonomy_import",
        sa.Column("id", BIG, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("imported_at", Instant(), nullable=False),
        sa.Column("imported_by", TEXT, nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "taxonomy_edit",
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("base", TEXT, nullable=False),
        sa.Column("edited_at", Instant(), nullable=False),
        sa.Column("edited_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("subject", "field"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO revision (id, value) VALUES (2, 0)")


def _concept() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=True),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("uri", TEXT, nullable=True),
        sa.Column("labels", TEXT, nullable=False),
        sa.Column("broader", TEXT, nullable=False),
        sa.Column("same", TEXT, nullable=False),
        sa.Column("retired_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["source"], ["taxonomy_source.key"]),
        sa.PrimaryKeyConstraint("id"),
    ]


def _skills_of_0001() -> list[dict[str, object]]:
    connection = op.get_bind()
    lists: dict[tuple[str, str], list[object]] = {}
    labels = "SELECT skill_id, text, language, preferred FROM skill_label ORDER BY skill_id, position"
    for skill, text, language, preferred in connection.exec_driver_sql(labels):
        lists.setdefault((skill, "labels"), []).append([text, language, int(preferred)])
    relations = "SELECT skill_id, kind, target FROM skill_relation ORDER BY skill_id, kind, position"
    for skill, kind, target in connection.exec_driver_sql(relations):
        lists.setdefault((skill, kind), []).append(target)
    columns = ("id", "position", "source", "label", "kind", "description", "uri")
    rows = connection.exec_driver_sql(f"SELECT {', '.join(columns)} FROM skill")  # noqa: S608, our own names
    return [
        dict(zip(columns, row, strict=True))
        | {kind: _json(lists.get((row[0], kind), [])) for kind in ("labels", "broader", "related")}
        | {"same": "[]", "retired_at": None}
        for row in rows
    ]


def _json(value: list[object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
