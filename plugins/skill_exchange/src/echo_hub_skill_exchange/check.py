"""`echo-hub connections check`: one line per thing that must be right, and what to do about each that is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from email.utils import parsedate_to_datetime
from itertools import islice

from pydantic import ValidationError

from echo_core.connectors import CheckResult, HubError, RecordError, StreamContext
from echo_hub_skill_exchange import catalog, search
from echo_hub_skill_exchange.annotations import Problem
from echo_hub_skill_exchange.backend import Backend
from echo_hub_skill_exchange.entities import Component
from echo_hub_skill_exchange.grants import CATALOG, advice
from echo_hub_skill_exchange.opportunities import read_component
from echo_hub_skill_exchange.registry import changed, list_actions, unset, wrong

MAX_CLOCK_SKEW_S = 300.0


def check(ctx: StreamContext) -> Iterable[CheckResult]:
    """The token, the clock, and each switched-on source."""
    sources = ctx.config.sources
    yield from _guarded(ctx, "token", _token)
    yield from _guarded(ctx, "clock", _clock)
    if sources.catalog_opportunities:
        yield from _guarded(ctx, "opportunities", _opportunities)
    if sources.search:
        yield from _guarded(ctx, "search", _search)
    if sources.actions:
        yield from _guarded(ctx, "actions", _actions)


def _guarded(
    ctx: StreamContext, name: str, probe: Callable[[StreamContext], Iterator[CheckResult]]
) -> Iterator[CheckResult]:
    try:
        yield from probe(ctx)
    except HubError as error:
        yield CheckResult(name, ok=False, message=error.message, advice=advice(error, ctx.config))


def _token(ctx: StreamContext) -> Iterator[CheckResult]:
    """entity-facets counts kinds without reading an entity: the cheapest request that needs the token."""
    answer = Backend(ctx).get(CATALOG, "entity-facets", [("facet", "kind")])
    facets = answer.get("facets")
    kinds = facets.get("kind") if isinstance(facets, dict) else None
    counts = {str(entry.get("value")): entry.get("count") for entry in kinds or () if isinstance(entry, dict)}
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "nothing"
    yield CheckResult("token", ok=True, message=f"Backstage accepts the token; its catalog holds {counted}")
    if ctx.config.sources.catalog_people and not counts.get("User"):
        yield CheckResult(
            "people",
            ok=False,
            message="The catalog holds no User entity",
            advice="Import users with one of Backstage's organisation providers (GitHub, LDAP, Microsoft Graph), "
            "or switch sources.catalog_people off",
        )


def _clock(ctx: StreamContext) -> Iterator[CheckResult]:
    response = ctx.http.get(f"{CATALOG}/entity-facets", params=[("facet", "kind")])
    stamp = response.headers.get("Date")
    try:
        skew_s = abs((ctx.now() - parsedate_to_datetime(stamp)).total_seconds()) if stamp else 0.0
    except (TypeError, ValueError):
        skew_s = 0.0  # a date nobody can read, or one without a zone, says nothing about the clock
    if skew_s > MAX_CLOCK_SKEW_S:
        yield CheckResult(
            "clock",
            ok=False,
            message=f"This machine's clock and Backstage's differ by {skew_s:.0f} s",
            advice="Set the clocks by NTP: run times and token lifetimes are judged by them",
        )


def _opportunities(ctx: StreamContext) -> Iterator[CheckResult]:
    config = ctx.config
    page = next(catalog.walk(ctx, catalog.opportunity_filters(config), catalog.COMPONENT_FIELDS, None))
    problems: list[tuple[str, Problem]] = []
    refused: list[str] = []
    for raw in page.records:
        try:
            component = Component.model_validate(raw)
            problems += [(component.ref, problem) for problem in read_component(component, config).problems]
        except ValidationError:
            refused.append("an entity without kind or name")
        except RecordError as error:
            refused.append(error.message)
    total = len(page.records) if page.total is None else page.total
    if not total:
        yield CheckResult(
            "opportunities",
            ok=False,
            message="No component advertises an opportunity",
            advice=f"Annotate a component with {config.annotation('opportunity')}: project, "
            "or switch sources.catalog_opportunities off",
        )
        return
    lines = [f"{ref}: {problem.field} {problem.value!r} {problem.reason}" for ref, problem in problems] + refused
    yield CheckResult(
        "opportunities",
        ok=not lines,
        message=f"opportunities advertised: {total}; values that cannot be read: {len(lines)}",
        advice="\n".join(islice(lines, 5)),
    )


def _search(ctx: StreamContext) -> Iterator[CheckResult]:
    wanted = ctx.config.search_types
    seen = search.types_seen(ctx)
    listed = ", ".join(f"{name} ({count})" for name, count in seen.most_common()) or "none"
    if not wanted:
        yield CheckResult(
            "search",
            ok=False,
            message=f"Search answers; document types seen: {listed}",
            advice="Put those that are opportunities into search_types; until then the stream reads nothing",
        )
        return
    gone = [name for name in wanted if name not in seen]
    yield CheckResult(
        "search",
        ok=not gone,
        message=f"Document types seen: {listed}",
        advice=f"Not among them: {', '.join(gone)}. Correct search_types: Backstage refuses an unknown type"
        if gone
        else "",
    )


def _actions(ctx: StreamContext) -> Iterator[CheckResult]:
    config = ctx.config
    actions = list_actions(Backend(ctx), config.plugin_id)
    for action in actions.values():
        inputs, outputs = sorted(action.inputs()), sorted(action.output.get("properties", {}))
        yield CheckResult(
            f"action {action.name}",
            ok=True,
            message=f"schema hash {action.hash}; inputs {', '.join(inputs) or 'none'}; "
            f"output {', '.join(outputs) or 'not described'}",
        )
    problems = wrong(actions, config) + [f"{name} is not set" for name in unset(config)] + changed(actions, config)
    yield CheckResult(
        "actions",
        ok=not problems,
        message="; ".join(problems) or f"{len(actions)} actions, all configured fields are there",
        advice=f"Add {config.plugin_id!r} to backend.actions.pluginSources in Backstage's app-config.yaml"
        if not actions
        else "Compare the settings under actions with the schemas above"
        if problems
        else "",
    )
