"""What employees ask: my list, search, why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table, say, say_credits
from echo_hub.surfaces.cli.receipts import Receipt, say_kept
from echo_hub.surfaces.cli.state import acting, open_hub

if TYPE_CHECKING:
    from echo_hub.services.views import Filters, Raise, ResultList

Kinds = Annotated[
    list[str] | None, typer.Option("--kind", help="job, project, mentorship or learning_path; repeatable.")
]
Countries = Annotated[list[str] | None, typer.Option("--country", help="ISO code or name, e.g. SE; repeatable.")]
Remotes = Annotated[list[str] | None, typer.Option("--remote", help="on_site, hybrid or remote; repeatable.")]
Departments = Annotated[list[str] | None, typer.Option("--department", help="Department name; repeatable.")]
Skills = Annotated[list[str] | None, typer.Option("--skill", help="Skill id or name; repeatable.")]
Languages = Annotated[list[str] | None, typer.Option("--language", help="Language code or name, e.g. de; repeatable.")]
HoursMax = Annotated[float | None, typer.Option("--hours-max", min=0.5, help="Hours a week at most.")]
Limit = Annotated[int, typer.Option(min=1, max=500, help="How many.")]
Person = Annotated[str, typer.Argument(help="Id, employee id, work e-mail or name.")]


def _filters(
    kind: list[str] | None,
    country: list[str] | None,
    remote: list[str] | None,
    department: list[str] | None,
    skill: list[str] | None,
    language: list[str] | None,
    hours_max: float | None,
) -> Filters:
    from pydantic import ValidationError

    from echo_hub.services.views import Filters

    try:
        return Filters.model_validate(
            {
                "kind": tuple(kind or ()),
                "country": tuple(country or ()),
                "remote": tuple(remote or ()),
                "department": tuple(department or ()),
                "skill": tuple(skill or ()),
                "language": tuple(language or ()),
                "hours_max": hours_max,
            }
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise typer.BadParameter(f"--{first['loc'][0]} {first['input']}: {first['msg']}") from None


def _show(results: ResultList, empty: str) -> None:
    cards, total = results.cards, results.total
    if results.unranked is not None:
        say(results.unranked.text)
    print_table(
        ("Match", "Kind", "Title", "Where", "Id", "Why"),
        [
            (
                "" if card.score is None else f"{card.score * 100:.0f}%",
                card.kind.replace("_", " "),
                card.title,
                card.location or card.remote or "",
                card.id,
                "; ".join([r.text for r in card.reasons if r.contribution > 0][:3]) or card.summary,
            )
            for card in cards
        ],
        empty=empty,
    )
    if total > len(cards):
        typer.echo(f"{len(cards)} of {total}. More with --limit and --offset.")


def people(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="Name, employee id or work e-mail; empty lists people.")] = "",
    unmatched: Annotated[
        bool,
        typer.Option(
            "--unmatched",
            help="Accounts that fit nobody or several, and wrong managers.",
        ),
    ] = False,
    everyone: Annotated[bool, typer.Option("--all", help="Also people who left or have not started yet.")] = False,
    limit: Limit = 30,
    json: Json = False,
) -> None:
    """Find people, or list the accounts that could not be joined to anyone."""
    from echo_hub.services.intents import people as intents
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub:
        actor = acting(context, hub)
        if unmatched:
            issues = worded(intents.unmatched(actor, hub))
            if json:
                print_json(issues)
            else:
                print_table(
                    ("Connection", "Account", "Reason", "Near"),
                    [
                        (
                            issue.connection,
                            issue.source_id,
                            issue.text,
                            "; ".join(f"{person.name} ({person.person}): {person.text}" for person in issue.near),
                        )
                        for issue in issues
                    ],
                    empty="Every account belongs to exactly one person, and every manager is known.",
                )
            return
        colleagues = intents.find_people(actor, hub, text, limit=limit, everyone=everyone).people
    if json:
        print_json(colleagues)
        return
    print_table(
        ("Name", "Title", "Department", "Location", "Employee id", "Id"),
        [(p.name, p.title, p.org_unit, p.location, p.employee_id, p.id) for p in colleagues],
        empty="Nobody has this name, id or e-mail." if text else "No people yet. Try: echo-hub sync",
    )


def match(
    context: typer.Context,
    person: Annotated[
        str | None, typer.Argument(help="Id, employee id, work e-mail or name; left out, whoever acts.")
    ] = None,
    kind: Kinds = None,
    country: Countries = None,
    remote: Remotes = None,
    department: Departments = None,
    skill: Skills = None,
    language: Languages = None,
    hours_max: HoursMax = None,
    limit: Limit = 20,
    offset: Annotated[int, typer.Option(min=0, max=1_000_000, help="How many to pass over.")] = 0,
    receipt: Receipt = False,
    json: Json = False,
) -> None:
    """One person's list: jobs, projects, mentors and learning, best first, with reasons."""
    from echo_hub.services.intents.feed import for_you
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub:
        actor = acting(context, hub)
        filters = _filters(kind, country, remote, department, skill, language, hours_max)
        results = for_you(actor, hub, person, filters, limit=limit, offset=offset, receipt=receipt, in_words=worded)
    say_kept(results.receipt)
    if json:
        print_json(results)
        return
    _show(results, "Nothing fits these filters.")
    say_credits(results.credits)


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="Words; empty lists everything.")] = "",
    person: Annotated[str | None, typer.Option(help="Also show this person's match.")] = None,
    kind: Kinds = None,
    country: Countries = None,
    remote: Remotes = None,
    department: Departments = None,
    skill: Skills = None,
    language: Languages = None,
    hours_max: HoursMax = None,
    limit: Limit = 20,
    offset: Annotated[int, typer.Option(min=0, max=1_000_000, help="How many to pass over.")] = 0,
    receipt: Receipt = False,
    json: Json = False,
) -> None:
    """Search everything that is open, whatever the matcher thinks of it."""
    from echo_hub.services.intents.feed import search as find
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub:
        actor = acting(context, hub)
        filters = _filters(kind, country, remote, department, skill, language, hours_max)
        results = find(
            actor, hub, query, filters, person=person, limit=limit, offset=offset, receipt=receipt, in_words=worded
        )
    say_kept(results.receipt)
    if json:
        print_json(results)
        return
    _show(results, "No opportunity has these words.")
    say_credits(results.credits)


def explain(
    context: typer.Context,
    person: Person,
    opportunity: Annotated[str, typer.Argument(help="The opportunity's id.")],
    what_if: Annotated[
        bool, typer.Option("--what-if", help="Also which skills would raise it, and who teaches them.")
    ] = False,
    receipt: Receipt = False,
    json: Json = False,
) -> None:
    """Why an opportunity scores as it does for a person: rules first, then the sum."""
    from echo_hub.services.intents.feed import explain as why
    from echo_hub.surfaces.messages.wording import worded
    from echo_hub.surfaces.words import points

    with open_hub(context) as hub:
        actor = acting(context, hub)
        explanation = why(actor, hub, opportunity, person, what_if=what_if, receipt=receipt, in_words=worded)
    say_kept(explanation.receipt)
    if json:
        print_json(explanation)
        return
    printed, total = points([reason.contribution for reason in explanation.card.reasons], explanation.score)
    typer.echo(f"{explanation.card.title} for {explanation.person.name}: {total}%\n")
    for gate in explanation.gates:
        typer.echo(f"  {'yes' if gate.passed else 'NO '}  {gate.text}")
    typer.echo("")
    for reason, share in zip(explanation.card.reasons, printed, strict=True):
        typer.echo(f"  {share:>6}  {reason.told}")
    typer.echo(f"  {total:>6}  the score (scorer {explanation.scorer_version})")
    for gap in explanation.card.gaps:
        typer.echo(f"  missing: {gap.told}")
    if explanation.raises is not None:
        _show_raises(explanation.raises)
    say_credits(explanation.credits)


def _show_raises(raises: tuple[Raise, ...]) -> None:
    typer.echo("\nWhat would raise it:" if raises else "\nNo single skill would raise it.")
    for improvement in raises:
        typer.echo(f"  {improvement.text}")
        for lesson in improvement.taught_by:
            level = f"at level {lesson.level}" if lesson.level else "(level not stated)"
            kind = lesson.kind.replace("_", " ")
            typer.echo(f"    {lesson.title} teaches it {level} ({kind}, {lesson.id})")
        if not improvement.taught_by:
            typer.echo("    nothing that is open to you teaches it at that level")
