"""Experts through Backstage's actions registry: discover what is offered, check it is what was configured, ask.

Skill Exchange documents two read-only actions, `search-skills` and `search-experts`; their output shapes are not
published, so every path is configured and an action or field that is gone stops this stream and no other.
"""

from __future__ import annotations

import hashlib
import json
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from echo_core.connectors import ConfigError, ContractError, NotPermitted, Page, StreamContext, Window
from echo_hub_skill_exchange.backend import Backend, listed, resumed
from echo_hub_skill_exchange.config import SkillExchangeConfig
from echo_hub_skill_exchange.mapping import value_at

SLICE_CAP = 100
SKILLS_PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Action:
    """One action as the registry lists it. `hash` moves when its input or output schema does."""

    id: str
    name: str
    read_only: bool
    input: Mapping[str, Any]
    output: Mapping[str, Any]
    hash: str

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Action:
        """An entry of the list; absent parts become empty, which later checks refuse."""
        schema, attributes = _part(raw, "schema"), _part(raw, "attributes")
        shapes = {"input": _part(schema, "input"), "output": _part(schema, "output")}
        text = json.dumps(shapes, sort_keys=True, separators=(",", ":"))
        return cls(
            id=str(raw.get("id", "")),
            name=str(raw.get("name", "")),
            read_only=attributes.get("readOnly") is True,
            input=shapes["input"],
            output=shapes["output"],
            hash=hashlib.sha256(text.encode()).hexdigest()[:16],
        )

    def inputs(self) -> Mapping[str, Any]:
        """The input's properties."""
        return _part(self.input, "properties")

    def largest(self, name: str, default: int | None) -> int | None:
        """The greatest value its schema allows for a numeric input; `default` when it says nothing."""
        most = _part(self.inputs(), name).get("maximum")
        return int(most) if isinstance(most, int | float) else default


def _part(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key)
    return value if isinstance(value, Mapping) else {}


def list_actions(backend: Backend, plugin: str) -> dict[str, Action]:
    """What the plug-in registers, by name: GET /api/<plugin>/.backstage/actions/v1/actions."""
    answer = backend.get(plugin, ".backstage/actions/v1/actions")
    actions = (Action.parse(raw) for raw in listed(answer, "actions", plugin) if isinstance(raw, Mapping))
    return {action.name: action for action in actions}


def declares(schema: Mapping[str, Any], path: str) -> bool:
    """Whether a JSON Schema has the dotted path, looking through lists; one that lists nothing rules nothing out."""
    if not path:
        return True
    if "items" in schema:
        return declares(_part(schema, "items"), path)
    properties = _part(schema, "properties")
    if path in properties:
        return True
    head, _, rest = path.partition(".")
    if head in properties:
        return declares(_part(properties, head), rest)
    return not properties and schema.get("additionalProperties") is not False


def within(schema: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """The part of a JSON Schema at a dotted path, {} when it is not described."""
    for name in path.split(".") if path else ():
        schema = _part(_part(_part(schema, "items") or schema, "properties"), name)
    return schema


def wrong(actions: Mapping[str, Action], config: SkillExchangeConfig) -> list[str]:
    """What keeps the experts from being read: a sentence each for a missing action, flag, input or output path."""
    paths = config.actions
    wrong: list[str] = []
    for name in (paths.search_skills, paths.search_experts):
        if name not in actions:
            wrong.append(f"action {config.plugin_id}:{name} is not offered")
        elif not actions[name].read_only:
            wrong.append(f"action {config.plugin_id}:{name} does not say that it only reads, so it is not called")
    if wrong:
        return wrong
    skills, experts = actions[paths.search_skills], actions[paths.search_experts]
    for title, action, base, path in (
        ("skills", skills, "", paths.skills),
        ("skill_id", skills, paths.skills, paths.skill_id),
        ("skill_name", skills, paths.skills, paths.skill_name),
        ("experts", experts, "", paths.experts),
        ("expert", experts, paths.experts, paths.expert),
    ):
        if path and not declares(within(action.output, base), path):
            wrong.append(f"the output of {action.id} has no {path!r} (actions.{title})")
    if paths.experts_input and paths.experts_input not in experts.inputs():
        wrong.append(f"{experts.id} has no input {paths.experts_input!r} (actions.experts_input)")
    return wrong


def unset(config: SkillExchangeConfig) -> list[str]:
    """The settings without which experts cannot be read."""
    paths = config.actions
    needed = {
        "actions.skills": paths.skills,
        "actions.experts_input": paths.experts_input,
        "actions.experts": paths.experts,
        "actions.expert": paths.expert,
    }
    return [name for name, value in needed.items() if not value]


def changed(actions: Mapping[str, Action], config: SkillExchangeConfig) -> list[str]:
    """Actions whose schema hash is another than the one written down in the settings."""
    known = config.actions.schema_hashes
    return [
        f"{action.id}: schema hash {action.hash}, was {known[name]}"
        for name, action in actions.items()
        if name in known and known[name] != action.hash
    ]


def read_experts(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:
    """For every skill of Skill Exchange's list, the people its experts action names; 25 skills a page.

    Raises:
        ConfigError: a path is not configured.
        NotPermitted: an action is not offered to this token (backend.actions.pluginSources).
        ContractError: an action lost a field, or answered without it.
    """
    del window
    config: SkillExchangeConfig = ctx.config
    if missing := unset(config):
        raise ConfigError(
            f"Experts cannot be read before these settings are made: {', '.join(missing)}; "
            "`echo-hub connections check` shows the actions' own schemas.",
            code="config.action_paths",
        )
    backend = Backend(ctx)
    actions = offered(backend, config)
    for line in changed(actions, config):
        ctx.log.warning("experts: an action's schema changed, its mapped fields are still there: %s", line)
    after = resumed(resume, "after")
    # By id as text, so that a resumed run continues at the same place whatever order Backstage lists skills in.
    skills = sorted(_all_skills(ctx, backend, actions[config.actions.search_skills]).items())
    left = [(key, skill) for key, skill in skills if after is None or key > after]
    if not left:
        yield Page([])
    for start in range(0, len(left), SKILLS_PER_PAGE):
        batch = left[start : start + SKILLS_PER_PAGE]
        records = [record for key, skill in batch for record in _experts_for(ctx, backend, actions, key, skill)]
        more = start + SKILLS_PER_PAGE < len(left)
        yield Page(records, resume={"after": batch[-1][0]} if more else None)


def offered(backend: Backend, config: SkillExchangeConfig) -> dict[str, Action]:
    """The actions, checked against the configuration.

    Raises:
        NotPermitted: not offered. An unlisted plug-in answers with an empty list, never with 403.
        ContractError: offered, but without a configured field.
    """
    actions = list_actions(backend, config.plugin_id)
    problems = wrong(actions, config)
    if not problems:
        return actions
    names = {config.actions.search_skills, config.actions.search_experts}
    if not names <= actions.keys():
        raise NotPermitted(
            f"Skill Exchange's actions are not offered: {'; '.join(problems)}. Ask the Backstage administrator to add "
            f"{config.plugin_id!r} to backend.actions.pluginSources.",
            code="auth.scope_missing",
        )
    raise ContractError(
        f"Skill Exchange's actions are not what the settings say: {'; '.join(problems)}.", code="source.schema_changed"
    )


def _invoke(ctx: StreamContext, backend: Backend, action: Action, body: Mapping[str, Any], path: str) -> list[Any]:
    """The list at `path` of an action's output.

    Raises:
        ContractError: the output has no list there.
    """
    plugin = ctx.config.plugin_id
    answer = backend.post(plugin, f".backstage/actions/v1/actions/{action.id}/invoke", body)
    output = answer.get("output")
    value = value_at(output, path) if isinstance(output, Mapping) else None
    if not isinstance(value, list):
        raise ContractError(
            f"The action {action.id} answered without the list {path!r}.",
            detail=f"{path} is {type(value).__name__}",
            code="source.schema_changed",
        )
    return value


def _all_skills(ctx: StreamContext, backend: Backend, action: Action) -> dict[str, Mapping[str, Any]]:
    """Every skill by id. The action gives at most 100 and has no cursor, so a full slice is cut finer: by category,
    then by a letter of the name; a slice still full is said in the log."""
    paths = ctx.config.actions
    limit = action.largest("limit", SLICE_CAP) or SLICE_CAP
    limited = {"limit": limit} if "limit" in action.inputs() else {}
    by_id: dict[str, Mapping[str, Any]] = {}

    def full(cut: Mapping[str, Any]) -> bool:
        skills = _invoke(ctx, backend, action, {**limited, **cut}, paths.skills)
        for skill in skills:
            key = value_at(skill, paths.skill_id) if isinstance(skill, Mapping) else None
            if key is not None:
                by_id[str(key)] = skill
        return len(skills) >= limit

    if full({}):
        for cut in _slices(action):
            if full(cut):
                for finer in _letters(action, cut):
                    if full(finer):
                        ctx.log.warning("experts: at least %d skills for %r; some may be missing", limit, dict(finer))
    return by_id


def _slices(action: Action) -> Sequence[Mapping[str, Any]]:
    categories = _part(action.inputs(), "category").get("enum")
    return [{"category": name} for name in categories] if isinstance(categories, list) else [{}]


def _letters(action: Action, cut: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    if "query" not in action.inputs():
        return [cut]
    return [{**cut, "query": letter} for letter in string.ascii_lowercase + string.digits]


def _experts_for(
    ctx: StreamContext, backend: Backend, actions: Mapping[str, Action], key: str, skill: Mapping[str, Any]
) -> list[dict[str, Any]]:
    paths = ctx.config.actions
    action = actions[paths.search_experts]
    wants_list = _part(action.inputs(), paths.experts_input).get("type") == "array"
    skill_id = value_at(skill, paths.skill_id)
    limit = action.largest("limit", None)
    body: dict[str, Any] = {paths.experts_input: [skill_id] if wants_list else skill_id}
    if limit is not None:
        body["limit"] = limit
    experts = _invoke(ctx, backend, action, body, paths.experts)
    if limit is not None and len(experts) >= limit:
        ctx.log.warning("experts: the action names at most %d people; some may be missing for skill %s", limit, key)
    category = value_at(skill, paths.skill_category)
    return [
        {
            "skill_id": key,
            "skill_name": value_at(skill, paths.skill_name),
            "skill_category": category if isinstance(category, str) else None,
            "expert": expert,
        }
        for expert in experts
    ]
