"""`echo-hub skills import`, `sources`, `show`, `edit` and `edits`: what the skills graph is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table, say
from echo_hub.surfaces.cli.state import acting, open_hub

if TYPE_CHECKING:
    from echo_core.skills.taxonomy.graph import Taxonomy
    from echo_hub.services.intents.taxonomy import Changes, Concept, Concerned, Shown

app = typer.Typer(rich_markup_mode=None)
SOURCES = "esco, onet, starter, company, crosswalk"
Place = Annotated[Path | None, typer.Argument(help="The classification's folder, or the company's or crosswalk's CSV.")]
ConceptId = Annotated[str, typer.Argument(help="Id of a skill or occupation, e.g. esco:… or company:…")]


@app.command("import")
def import_taxonomy(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help=f"{SOURCES}.")],
    place: Place = None,
    language: Annotated[list[str] | None, typer.Option(help="Languages of ESCO labels to read; repeatable.")] = None,
    labels: Annotated[list[Path] | None, typer.Option(help="Folder with further ESCO labels; repeatable.")] = None,
    name: Annotated[str, typer.Option(help="Names the company's source, the part of its ids before the colon.")] = (
        "company"
    ),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change and whom it concerns; write nothing.")
    ] = False,
    json: Json = False,
) -> None:
    """Import a taxonomy, or a new release of one: what differs is written, what was edited here stays."""
    from echo_hub.services.intents import taxonomy as graph

    if source == "crosswalk":
        _import_crosswalk(context, place, dry_run=dry_run)
        return
    with open_hub(context) as hub:
        actor, languages = acting(context, hub), tuple(language or ("en",))

        def read(now: Taxonomy, moment: datetime) -> Taxonomy:
            return _read(source, place, languages, labels or [], name, now, moment)

        imported = graph.import_taxonomy(actor, hub, read, dry_run=dry_run)
    taxonomy, difference = imported.taxonomy, imported.changes
    if json:
        told = {"changes": [_without_ids(changes) for changes in difference], "impact": imported.impact}
        print_json({**told, "dry_run": dry_run, "credits": taxonomy.credits()})
        return
    if imported.replaces_starter and source != "starter" and not dry_run:
        say("This replaces the built-in starter taxonomy. To use both: echo-hub skills import starter")
    count = sum(len(skill.labels) for skill in taxonomy.skills.values())
    occupations = f" Occupations: {len(taxonomy.occupations)}." if taxonomy.occupations else ""
    did = "read" if dry_run else "imported"
    typer.echo(f"{len(taxonomy.skills)} skills with {count} labels {did} from {source}.{occupations}")
    for changes in difference:
        _tell(changes)
        if changes.source in imported.impact:
            impact = imported.impact[changes.source]
            typer.echo(f"  skills that go concern {_counted(impact.removed)}")
            typer.echo(f"  skills that change concern {_counted(impact.changed)}")
    if dry_run:
        typer.echo("This was a dry run: nothing is written.")
    for line in taxonomy.credits():
        typer.echo(line)


def _read(
    source: str,
    place: Path | None,
    languages: tuple[str, ...],
    labels: list[Path],
    name: str,
    graph: Taxonomy,
    moment: datetime,
) -> Taxonomy:
    """The taxonomy of that name, read from its place.

    Raises:
        HubError: a missing folder, file or column, or rows that cannot be used.
    """
    from echo_core.connectors.errors import ConfigError
    from echo_core.skills.taxonomy.graph import TaxonomyError
    from echo_hub.surfaces.cli.progress import reading_files

    if source == "starter":
        from echo_core.skills.taxonomy.starter import starter

        read_taxonomy = starter()
        return replace(
            read_taxonomy, sources=tuple(replace(source, imported_at=moment) for source in read_taxonomy.sources)
        )
    if source not in {"esco", "onet", "company"}:
        raise typer.BadParameter(f"{source!r} is no source; valid: {SOURCES}")
    if place is None:
        raise typer.BadParameter(f"say where the {source} files lie: echo-hub skills import {source} PATH")
    try:
        with reading_files() as progress:
            if source == "esco":
                from echo_core.skills.taxonomy.esco import read_esco

                return read_esco(place, languages, label_folders=labels, imported_at=moment, progress=progress)
            if source == "onet":
                from echo_core.skills.taxonomy.onet import read_onet

                return read_onet(place, imported_at=moment, progress=progress)
        from echo_core.skills.taxonomy.company import read_company

        known = {concept.id for concept in graph if concept.source != name}
        return read_company(place, key=name, known=known, version=f"{moment:%Y-%m-%d}", imported_at=moment)
    except TaxonomyError as error:
        raise ConfigError(str(error), code=error.code) from None


def _import_crosswalk(context: typer.Context, place: Path | None, *, dry_run: bool) -> None:
    from echo_core.connectors.errors import ConfigError
    from echo_core.skills.taxonomy.crosswalk import CLOSE, EXACT, read_crosswalk
    from echo_core.skills.taxonomy.graph import TaxonomyError
    from echo_hub.services.intents import taxonomy as graph

    if place is None:
        raise typer.BadParameter("say where the file lies: echo-hub skills import crosswalk FILE")
    try:
        matches = read_crosswalk(place)
    except TaxonomyError as error:
        raise ConfigError(str(error), code=error.code) from None
    with open_hub(context) as hub:
        graph.import_crosswalk(acting(context, hub), hub, matches, dry_run=dry_run)
    same = sum(match.kind in (EXACT, CLOSE) for match in matches)
    typer.echo(f"{len(matches)} pairs of O*NET and ESCO occupations read, {same} of them exact or close.")


def _counted(concerned: Concerned) -> str:
    numbers = ((concerned.people, "person", "people"), (concerned.opportunities, "opportunity", "opportunities"))
    counts = (*numbers, (concerned.decisions, "decision", "decisions"))
    return ", ".join(f"{count} {single if count == 1 else plural}" for count, single, plural in counts) + "."


def _without_ids(changes: Changes) -> dict[str, object]:
    """A release may change thousands of concepts: the samples name enough of them."""
    from dataclasses import asdict

    return {name: value for name, value in asdict(changes).items() if name not in ("changed_ids", "removed_ids")}


def _tell(changes: Changes) -> None:
    release = changes.version if changes.before in (None, changes.version) else f"{changes.before} → {changes.version}"
    typer.echo(
        f"{changes.source} {release}: {changes.added} added, {changes.changed} changed, {changes.removed} removed,"
        f" {changes.unchanged} unchanged."
    )
    if changes.before is not None:
        for what, sample in changes.samples.items():
            for change in sample:
                was = f", was {change.was!r}" if change.was else ""
                fields = f" ({', '.join(change.fields)}{was})" if change.fields else ""
                typer.echo(f"  {what:<8} {change.id}  {change.label}{fields}")
    for clash in changes.conflicts:
        typer.echo(
            f"  conflict {clash.id} {clash.field}: here {clash.here!r}, the release says {clash.now!r} (before:"
            f" {clash.before!r}). The edit stays; to follow the release: echo-hub skills edit --undo {clash.id}"
        )


@app.command()
def sources(
    context: typer.Context,
    history: Annotated[bool, typer.Option("--history", help="Every import instead, the latest first.")] = False,
    json: Json = False,
) -> None:
    """The taxonomies that are imported, the most important first, with version, licence and credit."""
    from echo_hub.services.intents import taxonomy as graph

    with open_hub(context) as hub:
        actor = acting(context, hub)
        states, imports = graph.imported_sources(actor, hub), graph.imports(actor, hub)
    if json:
        shown = [{"credit_line": state.source.credit_line, **_flat(state)} for state in states]
        print_json(imports if history else shown)
        return
    if history:
        print_table(
            ("Source", "Version", "When", "By", "Added", "Changed", "Removed"),
            [(i.source, i.version, i.imported_at, i.imported_by, i.added, i.changed, i.removed) for i in imports],
            empty="Nothing was imported yet.",
        )
        return
    print_table(
        ("Source", "Version", "Imported", "Skills", "Occupations", "Retired", "Edits", "Licence"),
        [
            (
                *(s.source.key, s.source.version, s.source.imported_at, s.skills, s.occupations),
                *(s.retired, s.edits, s.source.licence),
            )
            for s in states
        ],
        empty="Nothing is imported; the built-in starter taxonomy serves.",
    )
    for state in states:
        if state.source.credit_line:
            typer.echo(state.source.credit_line)


def _flat(state: object) -> dict[str, object]:
    from dataclasses import asdict

    fields = asdict(state)  # type: ignore[call-overload]  # a dataclass, whichever
    return {**fields.pop("source"), **fields}


@app.command()
def show(context: typer.Context, concept: ConceptId, json: Json = False) -> None:
    """A skill or an occupation: its names in every language, what is above and beside it, where it comes from."""
    from echo_hub.services.intents import taxonomy as graph

    with open_hub(context) as hub:
        shown: Shown = graph.show(acting(context, hub), hub, concept)
    shown_concept, taxonomy, retired = shown.concept, shown.taxonomy, shown.retired
    stands_for = taxonomy.precedence.others(concept)
    credit = next((source.credit_line for source in taxonomy.sources if source.key == shown_concept.source), "")
    if json:
        one_of = taxonomy.standing_for(concept)
        print_json(
            {
                "concept": shown_concept,
                "stood_for_by": one_of if one_of != concept else None,
                "stands_for": stands_for,
                "retired_at": retired,
                "credit": credit,
            }
        )
        return
    _print_concept(shown_concept, taxonomy)
    lines = (
        ("stands for", ", ".join(_named(concept_name, taxonomy) for concept_name in stands_for)),
        (
            "is one with",
            _named(taxonomy.standing_for(concept), taxonomy) if concept in taxonomy.precedence.same else "",
        ),
        ("retired", f"{retired:%Y-%m-%d}: the source no longer has it" if retired else ""),
    )
    for head, text in lines:
        if text:
            typer.echo(f"{head + ':':<13} {text}")
    if credit:
        typer.echo(credit)


def _print_concept(concept: Concept, taxonomy: Taxonomy) -> None:
    typer.echo(f"{concept.label}  ({concept.id})  {concept.kind or ''}".rstrip())
    for language in dict.fromkeys(label.language for label in concept.labels):
        names = sorted(
            (label for label in concept.labels if label.language == language), key=lambda name: not name.preferred
        )
        typer.echo(f"{language + ':':<13} {'; '.join(name.text for name in names)}")
    if concept.description:
        typer.echo(concept.description)
    lists = [("broader", concept.broader), ("same as", concept.same)]
    if hasattr(concept, "related"):
        lists.append(("related", concept.related))
    else:
        essential = [skill.skill_id for skill in concept.skills if skill.essential]
        lists.append(("asks for", tuple(essential)))
    for head, ids in lists:
        if ids:
            typer.echo(f"{head + ':':<13} {', '.join(_named(other, taxonomy) for other in ids)}")


def _named(concept_id: str, taxonomy: Taxonomy) -> str:
    concept = taxonomy.get(concept_id) or taxonomy.occupations.get(concept_id)
    return f"{concept.label} ({concept_id})" if concept else concept_id


@app.command()
def edit(
    context: typer.Context,
    concept: ConceptId,
    label: Annotated[
        str | None, typer.Option(help="The preferred name in --language; the old one stays known.")
    ] = None,
    alias: Annotated[list[str] | None, typer.Option(help="A further name in --language; repeatable.")] = None,
    language: Annotated[str, typer.Option(help="Language of --label and --alias.")] = "en",
    description: Annotated[str | None, typer.Option(help="What it means.")] = None,
    broader: Annotated[list[str] | None, typer.Option(help="Id of what is above it; repeatable.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take every edit of it back.")] = False,
) -> None:
    """Change an imported skill or occupation here. Edits are laid over every later import and can be undone."""
    from echo_hub.services.intents import taxonomy as graph

    fields: dict[str, str | tuple[str, ...] | None] = {
        f"label:{language}": label,
        f"alias:{language}": tuple(alias) if alias else None,
        "description": description,
        "broader": tuple(broader) if broader else None,
    }
    chosen = {field: value for field, value in fields.items() if value is not None}
    if undo == bool(chosen):
        raise typer.BadParameter("say what to change (--label, --alias, --description, --broader), or --undo alone")
    with open_hub(context) as hub:
        if undo:
            count = graph.undo_edits(acting(context, hub), hub, concept)
            typer.echo(f"{count} edits of {concept} undone." if count else f"{concept} was not edited.")
            return
        graph.edit(acting(context, hub), hub, concept, chosen)
    typer.echo(f"{concept} edited: {', '.join(chosen)}. To take it back: echo-hub skills edit {concept} --undo")


@app.command()
def edits(context: typer.Context, json: Json = False) -> None:
    """Everything that was edited here, with what the import says; a conflict is a field the release changed too."""
    from echo_hub.services.intents import taxonomy as graph

    with open_hub(context) as hub:
        listed = graph.edits(acting(context, hub), hub)
    if json:
        print_json(listed)
        return
    print_table(
        ("Id", "Field", "Here", "Import", "Conflict", "By", "When"),
        [(e.id, e.field, e.value, e.imported, e.conflict, e.edited_by, e.edited_at) for e in listed],
        empty="Nothing was edited.",
    )
