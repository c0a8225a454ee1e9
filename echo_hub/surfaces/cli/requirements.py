"""`echo-hub requirements`: the skills of an opportunity, suggestions from its text, and what its owner decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from echo_hub.surfaces.cli.decisions import Batch, Most, Note, Numbers, show_decisions, take_back
from echo_hub.surfaces.cli.output import Json, print_json, print_table
from echo_hub.surfaces.cli.state import acting, open_hub

if TYPE_CHECKING:
    from echo_hub.services.requirement_views import RequirementDecisionView

app = typer.Typer(
    help="The skills an opportunity asks for or teaches: list, confirm, reject.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Opportunity = Annotated[str, typer.Argument(help="The opportunity's id.")]
Skills = Annotated[list[str], typer.Argument(help="Ids or names of skills.")]


@app.command("list")
def list_all(context: typer.Context, opportunity: Opportunity, json: Json = False) -> None:
    """List the skills of an opportunity, where each comes from, and what was decided to be not asked for."""
    from echo_hub.services.intents.requirements import requirements

    with open_hub(context) as hub:
        view = requirements(acting(context, hub), hub, opportunity)
    if json:
        print_json(view)
        return
    rows: list[tuple[object, ...]] = [
        (
            requirement.skill,
            requirement.skill_id,
            requirement.importance,
            requirement.level,
            requirement.words or requirement.origin,
            *_who(requirement.decision),
        )
        for requirement in view.requirements
    ]
    for word, decisions in (("not asked for", view.not_asked), ("no longer in the taxonomy", view.waiting)):
        rows += [
            (decision.skill, decision.skill_id, word, None, decision.words, *_who(decision)) for decision in decisions
        ]
    print_table(
        ("Skill", "Skill id", "Is", "Level", "Rests on", "Decision", "By", "At"),
        rows,
        empty="Nothing is known of what it asks for or teaches.",
    )


def _who(decision: RequirementDecisionView | None) -> tuple[object, ...]:
    return ("", "", "") if decision is None else (decision.id, decision.decider, decision.decided_at)


@app.command()
def suggest(context: typer.Context, opportunity: Opportunity, json: Json = False) -> None:
    """List skills that its title and text probably mean, best first; they count nowhere until you confirm them."""
    from echo_hub.services.intents.requirements import suggestions
    from echo_hub.surfaces.cli.progress import working
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub, working("reading the names of all skills"):
        proposals = worded(suggestions(acting(context, hub), hub, opportunity))
    if json:
        print_json(proposals)
        return
    print_table(
        ("Skill", "Skill id", "Would be", "Confidence", "Words"),
        [
            (proposal.skill, proposal.skill_id, proposal.importance, f"{proposal.confidence:.2f}", proposal.words)
            for proposal in proposals
        ],
        empty="Its title and text suggest nothing beyond what is there.",
    )


@app.command()
def confirm(
    context: typer.Context,
    opportunity: Opportunity,
    skills: Skills,
    as_: Annotated[str, typer.Option("--as", help="essential, desired or teaches.")] = "essential",
    level: Annotated[int | None, typer.Option(help="1 (aware) to 5 (expert).")] = None,
    note: Note = "",
    json: Json = False,
) -> None:
    """Say that it asks for skills or teaches them, suggested or not; also changes what is there."""
    _decide(context, opportunity, skills, as_, level, note, json)


@app.command()
def reject(
    context: typer.Context, opportunity: Opportunity, skills: Skills, note: Note = "", json: Json = False
) -> None:
    """Say that it does not ask for skills, whatever its source or text says; they are not suggested again."""
    _decide(context, opportunity, skills, "not_asked", None, note, json)


@app.command()
def undo(context: typer.Context, decisions: Numbers = None, batch: Batch = None, json: Json = False) -> None:
    """Take decisions back: what was decided before, or else what source and text say, counts again."""
    from echo_hub.services.intents import requirements

    _show(take_back(context, requirements, decisions, batch), json, "Nothing was undone.")


@app.command()
def history(
    context: typer.Context,
    opportunity: Annotated[str | None, typer.Argument(help="Only of this opportunity.")] = None,
    limit: Most = 50,
    json: Json = False,
) -> None:
    """List the decisions that were made, undone ones too."""
    from echo_hub.services.intents import requirements

    with open_hub(context) as hub:
        decisions = requirements.history(acting(context, hub), hub, opportunity, limit=limit)
    _show(decisions, json, "Nothing has been decided yet.")


def _decide(
    context: typer.Context,
    opportunity: str,
    skills: Sequence[str],
    ruling: str,
    level: int | None,
    note: str,
    json: bool,
) -> None:
    from echo_hub.services.intents import requirements

    wanted = [requirements.RequirementWanted(skill=skill, ruling=ruling, level=level, note=note) for skill in skills]
    with open_hub(context) as hub:
        views = requirements.decide(acting(context, hub), hub, opportunity, wanted)
    _show(views, json, "Nothing new to decide.", "echo-hub requirements undo")


def _show(decisions: Sequence[RequirementDecisionView], json: bool, empty: str, undo_with: str = "") -> None:
    show_decisions(
        decisions,
        json,
        ("Opportunity", "Skill", "Skill id", "Is", "Level"),
        lambda decision: (
            *(decision.opportunity, decision.skill, decision.skill_id),
            *(decision.ruling.replace("_", " "), decision.level),
        ),
        empty=empty,
        undo_with=undo_with,
    )
