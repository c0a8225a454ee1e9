"""Where a record is opened: its page in Backstage, and the configured place to register interest."""

from __future__ import annotations

from urllib.parse import quote

from echo_hub_skill_exchange.config import SkillExchangeConfig
from echo_hub_skill_exchange.entities import Entity
from echo_hub_skill_exchange.text import safe_link


def entity_page(entity: Entity, config: SkillExchangeConfig) -> str:
    """The entity's page in Backstage's catalog: /catalog/<namespace>/<kind>/<name>."""
    parts = (entity.metadata.namespace, entity.kind, entity.metadata.name)
    return f"{config.app}/catalog/" + "/".join(quote(part.lower(), safe="") for part in parts)


def interest_link(config: SkillExchangeConfig, *, ref: str, id_: str, title: str) -> str | None:
    """The link template with its values percent-encoded; None without a template or when it is no web address."""
    if not config.link_template:
        return None
    filled = config.link_template.format(ref=quote(ref, safe=""), id=quote(id_, safe=""), title=quote(title, safe=""))
    return safe_link(filled, config.app)
