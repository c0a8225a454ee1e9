"""`echo-hub mentoring`: draft a round of pairs, look at it, change it, publish it whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table
from echo_hub.surfaces.cli.state import acting, open_hub
from echo_hub.surfaces.ids import LARGEST_ID

if TYPE_CHECKING:
    from echo_hub.services.mentoring_views import RoundDetail

app = typer.Typer(
    help="Mentoring rounds: pair the whole pool, review, publish.", no_args_is_help=True, rich_markup_mode=None
)
RoundId = Annotated[
    int, typer.Argument(min=0, max=LARGEST_ID, metavar="ROUND", help="The number `echo-hub mentoring list` shows.")
]
PairId = Annotated[
    int, typer.Argument(min=0, max=LARGEST_ID, metavar="PAIR", help="The number `echo-hub mentoring show` shows.")
]


@app.command()
def draft(
    context: typer.Context,
    title: Annotated[str, typer.Option(help="What people will know the round by.")] = "Mentoring round",
    country: Annotated[list[str] | None, typer.Option(help="Only mentees of this country (ISO); repeatable.")] = None,
    department: Annotated[list[str] | None, typer.Option(help="Only mentees of this unit; repeatable.")] = None,
    time_zone_hours: Annotated[float, typer.Option(min=0, max=12, help="Hours two clocks may be apart.")] = 6.0,
    mentee_limit: Annotated[int, typer.Option(min=1, max=5, help="Mentors one mentee may have at once.")] = 1,
    most_pairs: Annotated[bool, typer.Option("--most-pairs", help="As many pairs as possible come first.")] = False,
    again: Annotated[
        int | None, typer.Option(metavar="ROUND", help="Run this draft again; pins stay, removed pairs stay out.")
    ] = None,
    json: Json = False,
) -> None:
    """Pair everyone who wants to learn with the mentors who have places, as a draft."""
    from echo_hub.services.intents import mentoring
    from echo_hub.services.mentoring_views import RoundSettings
    from echo_hub.surfaces.cli.progress import working

    settings = RoundSettings(
        country=tuple(code.upper() for code in country or ()),
        department=tuple(department or ()),
        time_zone_hours=time_zone_hours,
        mentee_limit=mentee_limit,
        most_pairs=most_pairs,
    )
    with open_hub(context) as hub, working("pairing"):
        actor = acting(context, hub)
        if again is None:
            drafted = mentoring.draft(actor, hub, settings, title=title)
        else:
            drafted = mentoring.redraft(actor, hub, again)
    _answer(drafted, json)


@app.command("list")
def list_rounds(context: typer.Context, json: Json = False) -> None:
    """List rounds, the latest first."""
    from echo_hub.services.intents.mentoring import rounds

    with open_hub(context) as hub:
        listed = rounds(acting(context, hub), hub)
    if json:
        print_json(listed)
        return
    print_table(
        ("Round", "Title", "State", "Pairs", "Without mentor", "By", "On"),
        [
            (
                listed_round.id,
                listed_round.title,
                listed_round.state,
                listed_round.pairs,
                listed_round.unassigned,
                listed_round.decided_by or listed_round.created_by,
                listed_round.created_at,
            )
            for listed_round in listed
        ],
        empty="No mentoring round yet. Try: echo-hub mentoring draft",
    )


@app.command()
def show(context: typer.Context, round_id: RoundId, json: Json = False) -> None:
    """One round: its pairs with reasons, and who got no mentor and why."""
    from echo_hub.services.intents.mentoring import round_detail
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub:
        detail = worded(round_detail(acting(context, hub), hub, round_id))
    if json:
        print_json(detail)
        return
    print_table(
        ("Pair", "Match", "State", "Pinned", "Mentor", "Mentee", "Why"),
        [
            (
                pair.id,
                f"{pair.score * 100:.0f}%",
                pair.state,
                pair.pinned,
                pair.mentor.name,
                pair.mentee.name,
                "; ".join([*(reason.text for reason in (*pair.reasons[:2], *pair.notes))]),
            )
            for pair in detail.pairs
        ],
        empty="No pair in this round.",
    )
    if detail.unassigned:
        typer.echo("")
        print_table(
            ("Mentee without a mentor", "Id", "Why"),
            [(mentee.mentee.name, mentee.mentee.id, mentee.reason.text) for mentee in detail.unassigned],
            empty="",
        )


@app.command()
def pin(
    context: typer.Context,
    pair: PairId,
    off: Annotated[bool, typer.Option("--off", help="Let the pair go again.")] = False,
    json: Json = False,
) -> None:
    """Keep a proposed pair when the round is run again."""
    from echo_hub.services.intents.mentoring import change_pair

    with open_hub(context) as hub:
        changed = change_pair(acting(context, hub), hub, pair, "unpin" if off else "pin")
    _said(changed, f"Pair {pair} of round {changed.round_id} {'is not pinned any more' if off else 'is pinned'}.", json)


@app.command()
def remove(context: typer.Context, pair: PairId, json: Json = False) -> None:
    """Take a proposed pair out of its draft; it does not come back."""
    from echo_hub.services.intents.mentoring import change_pair

    with open_hub(context) as hub:
        changed = change_pair(acting(context, hub), hub, pair, "remove")
    again = f"To pair the mentee otherwise: echo-hub mentoring draft --again {changed.round_id}"
    _said(changed, f"Pair {pair} is removed from round {changed.round_id}. {again}", json)


@app.command()
def publish(context: typer.Context, round_id: RoundId, json: Json = False) -> None:
    """Make all pairs of a draft live, or none."""
    from echo_hub.services.intents import mentoring

    with open_hub(context) as hub:
        published = mentoring.publish(acting(context, hub), hub, round_id)
    _said(published, f"Round {round_id} is published: {published.round.pairs} pairs are live.", json)


@app.command()
def withdraw(context: typer.Context, round_id: RoundId) -> None:
    """Close a draft without publishing it."""
    from echo_hub.services.intents.mentoring import withdraw as close

    with open_hub(context) as hub:
        close(acting(context, hub), hub, round_id)
    typer.echo(f"Round {round_id} is withdrawn; nobody was paired.")


@app.command()
def end(context: typer.Context, pair: PairId, json: Json = False) -> None:
    """End a live pair; its place is free again."""
    from echo_hub.services.intents.mentoring import change_pair

    with open_hub(context) as hub:
        changed = change_pair(acting(context, hub), hub, pair, "end")
    _said(changed, f"Pair {pair} has ended; its place is free again.", json)


@app.command()
def capacity(
    context: typer.Context,
    mentor: Annotated[str | None, typer.Argument(help="Id, employee id, work e-mail or name.")] = None,
    places: Annotated[int | None, typer.Argument(min=0, max=100, help="Mentees this mentor takes in all.")] = None,
    json: Json = False,
) -> None:
    """Show mentors' places, or decide how many one mentor has whatever the offers say."""
    from echo_hub.services.intents import mentoring

    with open_hub(context) as hub:
        actor = acting(context, hub)
        if mentor is not None and places is not None:
            mentors = [mentoring.decide_capacity(actor, hub, mentor, places)]
        else:
            mentors = list(mentoring.capacity(actor, hub, mentor))
    if json:
        print_json(mentors)
        return
    print_table(
        ("Mentor", "Offers say", "Decided", "By", "Live pairs", "Free", "Over", "Id"),
        [
            (
                capacity_view.mentor.name,
                capacity_view.stated,
                capacity_view.decided,
                capacity_view.set_by,
                capacity_view.live,
                capacity_view.free,
                capacity_view.over,
                capacity_view.mentor.id,
            )
            for capacity_view in mentors
        ],
        empty="Nobody offers to mentor." if mentor is None else "This person offers no mentoring.",
    )


def _answer(detail: RoundDetail, json: bool) -> None:
    view = detail.round
    after = f"Look at it: echo-hub mentoring show {view.id}"
    _said(
        detail,
        f"Round {view.id} is a draft: {view.pairs} pairs, {view.unassigned} without a mentor. {after}",
        json,
    )


def _said(view: Any, sentence: str, json: bool) -> None:
    if json:
        from echo_hub.surfaces.messages.wording import worded

        print_json(worded(view))
    else:
        typer.echo(sentence)
