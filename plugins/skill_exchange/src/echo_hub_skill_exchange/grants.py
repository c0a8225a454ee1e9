"""What an administrator of Backstage has to grant, in words and as the app-config lines to paste."""

from __future__ import annotations

from echo_core.connectors import AuthError, ConfigError, ContractError, HubError, NotPermitted
from echo_hub_skill_exchange.config import SkillExchangeConfig

CATALOG = "catalog"
SEARCH = "search"


def plugins_needed(config: SkillExchangeConfig) -> tuple[str, ...]:
    """The Backstage plug-ins the switched-on sources read, catalog first (the health probe uses it too)."""
    needed = [CATALOG]
    if config.sources.search:
        needed.append(SEARCH)
    if config.sources.actions:
        needed.append(config.plugin_id)
    return tuple(needed)


def access_snippet(config: SkillExchangeConfig) -> str:
    """The app-config.yaml lines that give the hub's token exactly what the switched-on sources need."""
    lines = [
        "backend:",
        "  auth:",
        "    externalAccess:",
        "      - type: static",
        "        options:",
        "          token: ${ECHO_HUB_TOKEN}",
        "          subject: echo-hub",
        "        accessRestrictions:",
    ]
    for plugin in plugins_needed(config):
        lines.append(f"          - plugin: {plugin}")
        if plugin == CATALOG:
            lines += ["            permissionAttribute:", "              action: read"]
    return "\n".join(lines)


def explained(error: AuthError, plugin: str) -> AuthError:
    """The client's refusal in words an administrator of Backstage can act on.

    Backstage answers 401 to a missing or unknown token and 403 to a known token that `accessRestrictions` keeps
    away from a plug-in; the latter's message may be empty, so only the status counts.
    """
    if isinstance(error, NotPermitted):
        return NotPermitted(
            f"Backstage knows the token but does not let it read the plug-in {plugin!r}; "
            f"ask for an entry `plugin: {plugin}` under its accessRestrictions.",
            detail=error.detail,
        )
    return AuthError(
        "Backstage does not know the token: it was rotated, mistyped, or is not under backend.auth.externalAccess.",
        detail=error.detail,
        code=error.error_code,
    )


def advice(error: HubError, config: SkillExchangeConfig) -> str:
    """What to do about an error met by `check`."""
    if isinstance(error, AuthError):
        return f"Put this into Backstage's app-config.yaml and restart its backend:\n{access_snippet(config)}"
    if isinstance(error, ContractError) and error.error_code == "source.not_json":
        return (
            "A sign-on page answered instead of Backstage. Set base_url to the backend's own address, or let the "
            "sign-on proxy pass requests to /api that carry a bearer token."
        )
    if isinstance(error, ConfigError) and error.error_code == "source.not_found":
        return "Check base_url (without /api) and that the plug-in is installed in this Backstage."
    return error.detail
