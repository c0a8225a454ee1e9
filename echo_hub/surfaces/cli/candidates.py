"""`echo-hub candidates`: who fits an opportunity, for its owner; reasons first, scores last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table, say_credits
from echo_hub.surfaces.cli.state import acting, open_hub

if TYPE_CHECKING:
    from echo_hub.services.candidate_views import AlsoEligible, Candidate, CandidateList


def candidates(
    context: typer.Context,
    opportunity: Annotated[str, typer.Argument(help="The opportunity's id.")],
    top: Annotated[int, typer.Option(min=1, max=500, help="How many with reasons and a score.")] = 20,
    also: Annotated[
        bool, typer.Option("--also", help="Everybody else whom the rules let in, in no order of merit.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many of --also.")] = 20,
    offset: Annotated[int, typer.Option(min=0, max=1_000_000, help="How many of --also to pass over.")] = 0,
    json: Json = False,
) -> None:
    """Who fits an opportunity: reasons before scores; with --also, everybody else who may take it up."""
    from echo_hub.services.intents import candidates as fitting
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub:
        actor = acting(context, hub)
        if also:
            rest = fitting.also_eligible(actor, hub, opportunity, top=top, limit=limit, offset=offset)
            print_json(rest) if json else _show_rest(rest)
        else:
            best = worded(fitting.candidates(actor, hub, opportunity, top=top))
            print_json(best) if json else _show_best(best)


def _show_best(found: CandidateList) -> None:
    typer.echo(f"{found.opportunity.title}\n")
    for gate in found.closed_gates:
        typer.echo(f"Nobody can take it up: {gate.text[:1].lower()}{gate.text[1:]}")
    for one in found.candidates:
        _show_one(one)
    rest = found.eligible - len(found.candidates)
    if not found.candidates and not found.closed_gates:
        typer.echo("Nobody's skills or wishes speak for it.")
    if rest:
        typer.echo(f"{rest:,} more may take it up: echo-hub candidates {found.opportunity.id} --also")
    say_credits(found.credits)


def _show_one(one: Candidate) -> None:
    place = ", ".join(fact for fact in (one.title, one.org_unit, one.location) if fact)
    typer.echo(f"{one.name}{', ' if place else ''}{place} ({one.id})")
    for sign, texts in (
        ("+", [reason.told for reason in one.have]),
        ("~", [reason.told for reason in one.partly]),
        ("-", [gap.told for gap in one.missing]),
        ("?", [reason.text for reason in one.assumed]),
        ("*", [reason.text for reason in one.wishes]),
        (" ", [reason.text for reason in one.beside]),
    ):
        for text in texts:
            typer.echo(f"  {sign} {text}")
    typer.echo(f"  match {one.score * 100:.0f}%\n")


def _show_rest(found: AlsoEligible) -> None:
    print_table(
        ("Name", "Title", "Department", "Location", "Id", "Has of what it is about"),
        [
            (
                one.name,
                one.title,
                one.org_unit,
                one.location,
                one.id,
                tuple(dict.fromkeys(f"{held.skill} {held.level}" if held.level else held.skill for held in one.claims)),
            )
            for one in found.people
        ],
        empty="Nobody else may take it up." if not found.total else "That is past the end of the list.",
    )
    if found.total > len(found.people):
        typer.echo(f"{len(found.people)} of {found.total:,}, in no order of merit. More with --limit and --offset.")
    say_credits(found.credits)
