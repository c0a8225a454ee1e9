"""Actions of the sandbox: JSON Schema inputs checked as Backstage's registry checks them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DRAFT_07 = "http://json-schema.org/draft-07/schema#"
CATEGORIES = ("DISCIPLINE", "FRAMEWORKS", "INFRASTRUCTURE", "LANGUAGES", "TECHNIQUES")
"""Categories Spotify documents for search-skills."""
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


@dataclass(frozen=True, slots=True)
class SandboxAction:
    """One registered action. `input` and `output` are JSON Schema objects, `run` answers a valid input."""

    name: str
    title: str
    description: str
    input: Mapping[str, Any]
    output: Mapping[str, Any]
    run: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    read_only: bool = True
    examples: tuple[Mapping[str, Any], ...] = field(default=())

    def listed(self, plugin: str) -> dict[str, Any]:
        """How the registry lists it."""
        return {
            "id": f"{plugin}:{self.name}",
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "pluginId": plugin,
            "attributes": {"destructive": False, "idempotent": True, "readOnly": self.read_only},
            "schema": {"input": {**self.input, "$schema": DRAFT_07}, "output": {**self.output, "$schema": DRAFT_07}},
        }


def issues(schema: Mapping[str, Any], value: Any) -> list[dict[str, Any]]:
    """What is wrong with an input, in the form of the issues Backstage passes on."""
    if not isinstance(value, Mapping):
        return [_issue("invalid_type", [], "Expected object", expected="object", received=type(value).__name__)]
    issues = [
        _issue("invalid_type", [name], "Required", received="undefined")
        for name in schema.get("required", ())
        if name not in value
    ]
    for name, rule in schema.get("properties", {}).items():
        if name in value:
            issues += _value_issues(rule, value[name], name)
    return issues


def _value_issues(rule: Mapping[str, Any], value: Any, name: str) -> list[dict[str, Any]]:
    expected = str(rule.get("type", ""))
    wanted = _TYPES.get(expected, (object,))
    if not isinstance(value, wanted) or (expected == "number" and isinstance(value, bool)):
        return [_issue("invalid_type", [name], f"Expected {expected}", expected=expected)]
    if "enum" in rule and value not in rule["enum"]:
        options = " | ".join(f"'{option}'" for option in rule["enum"])
        return [_issue("invalid_enum_value", [name], f"Invalid enum value. Expected {options}", received=value)]
    if "maximum" in rule and value > rule["maximum"]:
        most = rule["maximum"]
        text = f"Number must be less than or equal to {most}"
        return [_issue("too_big", [name], text, maximum=most, type="number", inclusive=True, exact=False)]
    if "minimum" in rule and value < rule["minimum"]:
        least = rule["minimum"]
        text = f"Number must be greater than or equal to {least}"
        return [_issue("too_small", [name], text, minimum=least, type="number", inclusive=True, exact=False)]
    return []


def _issue(code: str, path: list[str], message: str, **more: Any) -> dict[str, Any]:
    return {"code": code, **more, "message": message, "path": path}


def refusal(action_id: str, issues: list[dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    """Message and cause of the InputError for an input that does not fit."""
    text = json.dumps(issues, indent=2)
    cause = {"issues": issues, "name": "ZodError", "message": text}
    return f'Invalid input to action "{action_id}"; caused by {text}', cause


def skill_exchange_actions(
    skills: Sequence[Mapping[str, Any]], experts: Mapping[int, Sequence[Mapping[str, Any]]]
) -> tuple[SandboxAction, ...]:
    """`search-skills` over a list of skills and `search-experts` over experts by skill id; outputs are invented."""

    def search_skills(query: Mapping[str, Any]) -> dict[str, Any]:
        text, category = str(query.get("query", "")).lower(), query.get("category")
        matching = [
            skill for skill in skills if text in str(skill["name"]).lower() and category in (None, skill["category"])
        ]
        return {"skills": [dict(skill) for skill in matching[: int(query.get("limit", 50))]]}

    def search_experts(query: Mapping[str, Any]) -> dict[str, Any]:
        matching = {expert["entityRef"]: expert for key in query.get("skillIds", []) for expert in experts.get(key, ())}
        return {"experts": [dict(expert) for expert in matching.values()]}

    skill = _object(id={"type": "number"}, name={"type": "string"}, category={"type": "string"})
    expert = _object(entityRef={"type": "string"}, level={"type": "number"}, mentors={"type": "boolean"})
    return (
        SandboxAction(
            "search-skills",
            "Search skills",
            "Discover skills",
            _object(
                query={"type": "string"},
                category={"type": "string", "enum": list(CATEGORIES)},
                limit={"type": "number", "minimum": 1, "maximum": 100, "default": 50},
                relatedToSkillIds={"type": "array", "items": {"type": "number"}},
            ),
            {**_object(skills={"type": "array", "items": skill}), "required": ["skills"]},
            search_skills,
        ),
        SandboxAction(
            "search-experts",
            "Search experts",
            "Find experts by skill",
            _object(skillIds={"type": "array", "items": {"type": "number"}}),
            {**_object(experts={"type": "array", "items": expert}), "required": ["experts"]},
            search_experts,
        ),
    )


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}
