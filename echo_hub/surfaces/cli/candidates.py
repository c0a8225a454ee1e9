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


def _show_best(listed: CandidateList) -> None:
    typer.echo(f"{listed.opportunity.title}\n")
    for gate in listed.closed_gates:
        typer.echo(f"Nobody can take it up: {gate.text[:1].lower()}{gate.text[1:]}")
    for candidate in listed.candidates:
        _show_one(candidate)
    rest = listed.eligible - len(listed.candidates)
    if not listed.candidates and not listed.closed_gates:
        typer.echo("Nobody's skills or wishes speak for it.")
    if rest:
        typer.echo(f"{rest:,} more may take it up: echo-hub candidates {listed.opportunity.id} --also")
    say_credits(listed.credits)


def _show_one(candidate: Candidate) -> None:
    place = ", ".join(fact for fact in (candidate.title, candidate.org_unit, candidate.location) if fact)
    typer.echo(f"{candidate.name}{', ' if place else ''}{place} ({candidate.id})")
    for sign, texts in (
        ("+", [reason.told for reason in candidate.have]),
        ("~", [reason.told for reason in candidate.partly]),
        ("-", [gap.told for gap in candidate.missing]),
        ("?", [reason.text for reason in candidate.assumed]),
        ("*", [reason.text for reason in candidate.wishes]),
        (" ", [reason.text for reason in candidate.beside]),
    ):
        for text in texts:
            typer.echo(f"  {sign} {text}")
    typer.echo(f"  match {candidate.score * 100:.0f}%\n")


def _show_rest(listed: AlsoEligible) -> None:
    print_table(
        ("Name", "Title", "Department", "Location", "Id", "Has of what it is about"),
        [
            (
                person.name,
                person.title,
                person.org_unit,
                person.location,
                person.id,
                tuple(
                    dict.fromkeys(
                        f"{claim.skill} {claim.level}" if claim.level else claim.skill for claim in person.claims
                    )
                ),
            )
            for person in listed.people
        ],
        empty="Nobody else may take it up." if not listed.total else "That is past the end of the list.",
    )
    if listed.total > len(listed.people):
        typer.echo(f"{len(listed.people)} of {listed.total:,}, in no order of merit. More with --limit and --offset.")
    say_credits(listed.credits)
