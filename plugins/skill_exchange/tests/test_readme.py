"""The README's tables are what the code says, and its snippets work."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from echo_hub_skill_exchange.annotations import CONVENTION
from echo_hub_skill_exchange.config import SkillExchangeConfig
from echo_hub_skill_exchange.entities import Component
from echo_hub_skill_exchange.grants import access_snippet
from echo_hub_skill_exchange.opportunities import read_component
from echo_hub_skill_exchange.streams import streams

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
Make = Callable[..., SkillExchangeConfig]


def block(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", README, re.DOTALL)
    assert found is not None, f"README has no block {name}"
    return found[1]


def full(make_config: Make) -> SkillExchangeConfig:
    return make_config(sources={"search": True, "actions": True}, search_types=["gigs"])


def test_the_field_table_equals_the_declaration(make_config: Make) -> None:
    lines = ["| Stream | Yields | Fields |", "|---|---|---|"]
    for stream in streams(full(make_config)):
        fields = ", ".join(f"`{name}`" for name in stream.fills)
        lines.append(f"| {stream.name} | {', '.join(stream.entities)} | {fields} |")
    assert block("fields") == "\n".join(lines)


def test_the_convention_table_equals_the_code() -> None:
    rows = [f"| `<prefix>/{name}` | {example} | {meaning} |" for name, example, meaning in CONVENTION]
    assert block("convention") == "\n".join(["| Annotation | Example | Meaning |", "|---|---|---|", *rows])


def settings(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings(field.annotation, f"{prefix}{name}.")
            continue
        default = field.get_default(call_default_factory=True)
        if default is PydanticUndefined:
            shown = "required"
        elif isinstance(default, bool):
            shown = f"`{str(default).lower()}`"
        else:
            shown = f"`{default}`" if default or isinstance(default, int) else ""
        yield f"| `{prefix}{name}` | {shown} | {(field.description or '').replace('<', '&lt;')} |"


def test_the_settings_table_equals_the_model() -> None:
    rows = [*settings(SkillExchangeConfig)]
    assert block("settings") == "\n".join(["| Setting | Default | Meaning |", "|---|---|---|", *rows])


def test_the_access_snippet_is_the_one_check_prints(make_config: Make) -> None:
    assert block("access") == f"```yaml\n{access_snippet(full(make_config))}\n```"


def test_the_settings_snippet_is_a_valid_configuration() -> None:
    snippet = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert snippet is not None
    connection = tomllib.loads(snippet[1])["connections"]["backstage"]
    assert connection["connector"] == "skill_exchange"
    assert SkillExchangeConfig.model_validate(connection["config"]).annotation_prefix == "talent.corp.example"


def test_the_annotation_example_is_read_without_a_complaint(make_config: Make) -> None:
    marked = dict(re.findall(r'^    (talent\.corp\.example/[a-z-]+): "?([^"\n]+)"?$', README, re.MULTILINE))
    assert len(marked) == 5
    raw = {"kind": "Component", "metadata": {"name": "loudness-embed", "annotations": marked}, "spec": {}}
    reading = read_component(Component.model_validate(raw), make_config(annotation_prefix="talent.corp.example"))
    assert reading.problems == ()
