"""A strict imitation of the Backstage backend routes this connector uses, over whatever entities it is given.

Same envelopes, refusals and caps as a real backend was seen to give; nothing of Spotify's commercial plug-in, whose
two documented actions are imitated by name and inputs only, with an output of our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from echo_core.testing.sandbox import Reply, Request, Sandbox, SandboxConnection
from echo_hub_skill_exchange.sandbox_actions import SandboxAction, issues, refusal
from echo_hub_skill_exchange.sandbox_catalog import (
    DEFAULT_LIMIT,
    CatalogIndex,
    Entity,
    InputError,
    predicate_of,
    project,
)
from echo_hub_skill_exchange.sandbox_search import SEARCH_PAGE_DEFAULT, Document, SearchIndex

if TYPE_CHECKING:
    from echo_core.testing.company import Company

TOKEN_NAME = "ECHO_HUB_SANDBOX_BACKSTAGE_TOKEN"  # noqa: S105 -- the name of a variable
TOKEN = "sandbox-backstage-token-3f9d"  # noqa: S105 -- invented, opens nothing but this sandbox
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Access:
    """Who a token is and which plug-ins `accessRestrictions` leave it; None: all."""

    subject: str = "echo-hub"
    plugins: tuple[str, ...] | None = None


class BackstageSandbox(Sandbox):
    """One Backstage backend.

    Args:
        entities: full catalog entities with metadata.uid and relations.
        documents: the search index, in rank order.
        actions: registered actions by plug-in id; a plug-in listed with none answers an empty list.
        tokens: known static tokens.
        config: connector settings that `connection` adds to the address and the token.
    """

    name = "backstage"

    def __init__(
        self,
        entities: Iterable[Entity],
        *,
        documents: Sequence[Document] = (),
        actions: Mapping[str, Sequence[SandboxAction]] | None = None,
        tokens: Mapping[str, Access] | None = None,
        config: Mapping[str, Any] | None = None,
    ) -> None:
        self.catalog = CatalogIndex(entities)
        self.search = SearchIndex(documents)
        self.actions = {plugin: tuple(listed) for plugin, listed in (actions or {}).items()}
        self.tokens = dict(tokens) if tokens is not None else {TOKEN: Access()}
        self._config = dict(config or {})

    @classmethod
    def from_company(cls, company: Company) -> BackstageSandbox:
        """The fictional company's Backstage: most people, its units as groups, gigs and mentors as components."""
        from echo_hub_skill_exchange.sandbox_company import dressed

        return dressed(company)

    def connection(self, url: str) -> SandboxConnection:
        """The settings that make the connector read this sandbox."""
        return SandboxConnection(
            name="backstage",
            connector="skill_exchange",
            config={"base_url": url, "token": f"env:{TOKEN_NAME}", **self._config},
            secrets={TOKEN_NAME: next(iter(self.tokens), TOKEN)},
        )

    def handle(self, request: Request) -> Reply:
        """Routes below /api/<plug-in>; refuses tokens first, as Backstage's authentication does."""
        match = re.match(r"^/api/([a-z0-9-]+)(/.*)$", request.path)
        if match is None:
            return Reply(404, b"", content_type="")
        plugin, path = match.groups()
        refused = self._refuse(request, plugin)
        if refused is not None:
            return refused
        try:
            return self._route(request, plugin, path)
        except InputError as error:
            return failure(request, 400, "InputError", str(error), mount=plugin)

    def _refuse(self, request: Request, plugin: str) -> Reply | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return failure(request, 401, "AuthenticationError", "Missing credentials", mount=plugin)
        access = self.tokens.get(token)
        if access is None:
            return failure(request, 401, "AuthenticationError", "Illegal token", mount=plugin)
        if access.plugins is not None and plugin not in access.plugins:
            named = ", ".join(f"'{name}'" for name in access.plugins)
            message = f"This token's access is restricted to plugin(s) {named}"
            return failure(request, 403, "NotAllowedError", message, mount=plugin)
        return None

    def _route(self, request: Request, plugin: str, path: str) -> Reply:
        if path.startswith("/.backstage/actions/v1/actions"):
            return self._actions(request, plugin, path)
        if plugin == "catalog":
            return self._catalog(request, path)
        if plugin == "search" and path == "/query" and request.method == "GET":
            return _json(
                self.search.page(
                    term=request.param("term", "") or "",
                    types=_indexed(request, "types"),
                    limit=_whole(request, "pageLimit", SEARCH_PAGE_DEFAULT),
                    cursor=request.param("pageCursor"),
                    salt=request.target,
                )
            )
        return Reply(404, b"", content_type="")

    def _catalog(self, request: Request, path: str) -> Reply:
        match request.method, path:
            case "GET", "/entities/by-query":
                return _json(self._by_query(request))
            case "POST", "/entities/by-query":
                return _json(self._by_predicate(request))
            case "POST", "/entities/by-refs":
                return _json(self._by_refs(request))
            case "GET", "/entity-facets":
                facets = request.query.get("facet")
                if not facets:
                    raise InputError("request/query must have required property 'facet'")
                return _json({"facets": self.catalog.facets(facets, predicate_of(request.query.get("filter", [])))})
            case "POST", "/validate-entity":
                return _validate(request)
        if request.method == "GET" and (named := re.match(r"^/entities/by-name/([^/]+)/([^/]+)/([^/]+)$", path)):
            kind, namespace, name = named.groups()
            entity = self.catalog.find(f"{kind}:{namespace}/{name}")
            if entity is not None:
                return _json(dict(entity))
            message = f"No entity named '{name}' found, with kind '{kind}' in namespace '{namespace}'"
            return failure(request, 404, "NotFoundError", message, mount="catalog")
        return Reply(404, b"", content_type="")

    def _by_query(self, request: Request) -> dict[str, Any]:
        cursor = request.param("cursor")
        order = [_order_field(text) for text in request.query.get("orderField", [])]
        fields = [name for text in request.query.get("fields", []) for name in text.split(",") if name]
        return self.catalog.page(
            query=predicate_of(request.query.get("filter", [])) if not cursor else {},
            order=order,
            cursor=cursor,
            fields=fields,
            limit=_whole(request, "limit", DEFAULT_LIMIT),
            offset=_whole(request, "offset", 0),
        )

    def _by_predicate(self, request: Request) -> dict[str, Any]:
        body = _body(request)
        order = [(item["field"], item["order"]) for item in body.get("orderBy", [])]
        return self.catalog.page(
            query=body.get("query", {}),
            order=order,
            cursor=body.get("cursor"),
            fields=body.get("fields", []),
            limit=int(body.get("limit", DEFAULT_LIMIT)),
            offset=int(body.get("offset", 0)),
        )

    def _by_refs(self, request: Request) -> dict[str, Any]:
        body = _body(request)
        refs = body.get("entityRefs")
        if not isinstance(refs, list):
            raise InputError("request/body must have required property 'entityRefs'")
        fields = body.get("fields", [])
        entities = [self.catalog.find(str(ref)) for ref in refs]
        return {"items": [_shown(entity, fields) if entity else None for entity in entities]}

    def _actions(self, request: Request, plugin: str, path: str) -> Reply:
        offered = self.actions.get(plugin, ())
        if path == "/.backstage/actions/v1/actions" and request.method == "GET":
            return _json({"actions": [action.listed(plugin) for action in offered]})
        invoked = re.match(r"^/\.backstage/actions/v1/actions/([^/]+)/invoke$", path)
        if invoked is None or request.method != "POST":
            return Reply(404, b"", content_type="")
        action = next((action for action in offered if f"{plugin}:{action.name}" == invoked[1]), None)
        if action is None:
            return failure(request, 404, "NotFoundError", f'Action "{invoked[1]}" not found', mount=plugin)
        body = _body(request)
        if problems := issues(action.input, body):
            message, cause = refusal(invoked[1], problems)
            return failure(request, 400, "InputError", message, mount=plugin, cause=cause)
        return _json({"output": action.run(body)})


def failure(
    request: Request, status: int, name: str, message: str, *, mount: str, cause: Mapping[str, Any] | None = None
) -> Reply:
    """Backstage's error envelope; the URL in it is relative to the plug-in."""
    error: dict[str, Any] = {"name": name, "message": message}
    if cause is not None:
        error["cause"] = dict(cause)
    body = {
        "error": error,
        "request": {"method": request.method, "url": request.target.removeprefix(f"/api/{mount}")},
        "response": {"statusCode": status},
    }
    return Reply(status, body, content_type=JSON)


def _shown(entity: Entity, fields: Sequence[str]) -> dict[str, Any]:
    return project(entity, fields) if fields else dict(entity)


def _json(body: Mapping[str, Any]) -> Reply:
    return Reply(200, dict(body), content_type=JSON)


def _body(request: Request) -> dict[str, Any]:
    try:
        body = request.json() if request.body else {}
    except ValueError as error:
        raise InputError("request/body is not valid JSON") from error
    if not isinstance(body, dict):
        raise InputError("request/body must be object")
    return body


def _whole(request: Request, name: str, default: int) -> int:
    text = request.param(name)
    if text is None:
        return default
    if not text.isdigit():
        raise InputError(f"request/query/{name} must be integer")
    return int(text)


def _order_field(text: str) -> tuple[str, str]:
    field, _, direction = text.partition(",")
    if direction not in {"", "asc", "desc"}:
        raise InputError(f"Invalid order field order '{direction}', must be either 'asc' or 'desc'")
    return field, direction or "asc"


def _indexed(request: Request, name: str) -> list[str]:
    """Values of `name`, `name[]` and `name[0]`, which Backstage reads alike."""
    return [
        value for key, values in request.query.items() if re.fullmatch(rf"{name}(\[\d*\])?", key) for value in values
    ]


def _validate(request: Request) -> Reply:
    """Only the built-in kinds have a processor; anything else is refused in the list form of this route."""
    entity = _body(request).get("entity") or {}
    kind, metadata = str(entity.get("kind", "")), entity.get("metadata") or {}
    if kind in {"User", "Group", "Component", "System", "Domain", "API", "Resource", "Location"}:
        return Reply(200, b"", content_type="")
    ref = f"{kind.lower()}:{metadata.get('namespace', 'default')}/{metadata.get('name', '')}"
    message = f"No processor recognized the entity {ref} as valid, possibly caused by a foreign kind or apiVersion"
    return Reply(400, {"errors": [{"name": "InputError", "message": message}]}, content_type=JSON)
