"""One Backstage backend: every plug-in answers below /api/<plug-in>, with one error envelope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from echo_core.connectors import AuthError, ConfigError, ContractError, ResumeExpired, StreamContext
from echo_hub_skill_exchange.grants import explained

Query = Sequence[tuple[str, str]]


class Backend:
    """Reads JSON objects from plug-ins and turns Backstage's refusals into the hub's errors.

    The envelope is `{error: {name, message}, request, response}`; only `error.name` is looked at, messages change.
    """

    def __init__(self, ctx: StreamContext) -> None:
        self._http = ctx.http

    def get(self, plugin: str, path: str, params: Query = (), *, cursor: str | None = None) -> Mapping[str, Any]:
        """The JSON object at /api/<plugin>/<path>.

        Args:
            cursor: the paging cursor among `params`; a 400 InputError then means that Backstage no longer reads it.

        Raises:
            AuthError: 401 or 403, in words for Backstage's administrator.
            ConfigError: 404, the plug-in is not installed here.
            ResumeExpired: the cursor was refused.
            ContractError: anything else that is not a JSON object.
        """
        try:
            answer = self._http.get(f"{plugin}/{path}", params=list(params)).json()
        except AuthError as error:
            raise explained(error, plugin) from error
        except ConfigError as error:
            raise _missing(error, plugin) from error
        except ContractError as error:
            if cursor is not None and error.status == 400 and error_name(error) == "InputError":
                raise ResumeExpired(
                    f"Backstage no longer reads the page cursor of {plugin}; the walk starts again.",
                    detail="400 InputError for a request with a cursor",
                ) from error
            raise
        return _object(answer, plugin, path)

    def post(self, plugin: str, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer to a read that Backstage wants as POST (an action); repeated on a time-out like a GET.

        Raises:
            AuthError, ConfigError, ContractError: as `get` does.
        """
        try:
            answer = self._http.post(f"{plugin}/{path}", json=dict(body), idempotent=True).json()
        except AuthError as error:
            raise explained(error, plugin) from error
        except ConfigError as error:
            raise _missing(error, plugin) from error
        return _object(answer, plugin, path)


def error_name(error: ContractError) -> str:
    """The `error.name` of Backstage's envelope behind a refused request; "" when there is none."""
    body = error.body_json
    inner = body.get("error") if isinstance(body, Mapping) else None
    name = inner.get("name") if isinstance(inner, Mapping) else None
    return name if isinstance(name, str) else ""


def _missing(error: ConfigError, plugin: str) -> ConfigError:
    if error.error_code != "source.not_found":
        return error
    return ConfigError(
        f"This Backstage has no plug-in {plugin!r} at /api/{plugin}, or the address is not its backend.",
        detail=error.detail,
        code="source.not_found",
    )


def _object(answer: Any, plugin: str, path: str) -> Mapping[str, Any]:
    if not isinstance(answer, Mapping):
        raise ContractError(
            f"Backstage answered {plugin} with something that is not a JSON object.",
            detail=f"{path}: {type(answer).__name__}",
        )
    return answer


def listed(answer: Mapping[str, Any], key: str, plugin: str) -> list[Any]:
    """The list under a key of an answer: objects, unless one is broken, which the caller hands on to be set aside.

    Raises:
        ContractError: no list stands there.
    """
    listed = answer.get(key)
    if not isinstance(listed, list):
        raise ContractError(
            f"Backstage answered {plugin} without the list {key!r}.", detail=f"{key} is {type(listed).__name__}"
        )
    return listed


def resumed(resume: Any, key: str) -> str | None:
    """The text under `key` of a resume value, None when there is no resume value.

    Raises:
        ResumeExpired: the value has another shape (an older version wrote it).
    """
    if resume is None:
        return None
    value = resume.get(key) if isinstance(resume, Mapping) else None
    if not isinstance(value, str) or not value:
        raise ResumeExpired("The stored position has another form; the walk starts again.", detail=f"no {key!r}")
    return value


def unseen(cursor: str | None, visited: set[str], plugin: str) -> None:
    """Remember a next cursor.

    Raises:
        ContractError: it was followed before in this walk, so the walk would never end.
    """
    if cursor is None:
        return
    if cursor in visited:
        raise ContractError(
            f"Backstage's {plugin} repeats a page cursor; the walk would never end.",
            detail=f"cursor number {len(visited) + 1} was followed before",
            code="source.page_repeats",
        )
    visited.add(cursor)
