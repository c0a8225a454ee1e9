"""HTTP settings and the check of one connection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from echo_core.connectors import Budget, HttpSettings
from echo_core.connectors.declaration import CheckResult, StreamContext, Window
from echo_core.connectors.errors import AuthError, ConfigError, HubError
from echo_core.http.auth import BasicAuth, BearerAuth, ClientCredentials
from echo_hub_lxp.config import LxpConfig
from echo_hub_lxp.dialect import StreamRecord
from echo_hub_lxp.engine import first_request, placed
from echo_hub_lxp.paging import items, walk
from echo_hub_lxp.report import order
from echo_hub_lxp.strategies import OAuthClientCredentials
from echo_hub_lxp.windows import Span, bounds

if TYPE_CHECKING:
    import httpx

_GLANCE = timedelta(hours=1)


def http_settings(config: LxpConfig) -> HttpSettings:
    """Base URL, authentication and budget. The token may be issued by another host than the API's."""
    dialect = config.record
    base = config.base_url or dialect.base_url
    assert base is not None, "the configuration is refused without one"
    return HttpSettings(
        base_url=base if base.endswith("/") else f"{base}/",
        auth=auth(config),
        headers=dict(dialect.headers),
        budget=None if dialect.budget is None else Budget(dialect.budget[0], dialect.budget[1]),
    )


def auth(config: LxpConfig) -> httpx.Auth:
    """The dialect's way in, with this connection's credentials."""
    way = config.way_in
    if isinstance(way, OAuthClientCredentials):
        token_url = config.token_url or way.token_url
        assert token_url is not None, "way_in has seen it"
        assert config.client_id is not None, "way_in has seen it"
        assert config.client_secret is not None, "way_in has seen it"
        return ClientCredentials(
            token_url,
            config.client_id,
            config.client_secret,
            body=way.body,
            client_auth=way.client_auth,
            scope=config.scope or way.scope,
            skew_s=way.skew_s,
        )
    if way.kind == "basic":
        assert config.user is not None, "way_in has seen it"
        assert config.password is not None, "way_in has seen it"
        return BasicAuth(config.user, config.password)
    assert config.token is not None, "way_in has seen it"
    return BearerAuth(config.token)


def check(ctx: StreamContext) -> Iterator[CheckResult]:
    """One small question per stream: the first page of the last hour, or the order of such a report."""
    config: LxpConfig = ctx.config
    host = urlsplit(config.base_url or config.record.base_url or "").hostname
    for name, stream in config.record.streams.items():
        try:
            message = _glance(ctx, stream)
        except AuthError as error:
            advice = f"Grant {stream.scope}." if stream.scope else "Check the credentials and what they may read."
            yield CheckResult(name, ok=False, message=error.message, advice=advice)
        except ConfigError as error:
            advice = f"Check base_url ({host}) and organisation."
            yield CheckResult(name, ok=False, message=error.message, advice=advice)
        except HubError as error:
            yield CheckResult(name, ok=False, message=error.message, advice="Try again later, then ask the platform.")
        else:
            yield CheckResult(name, ok=True, message=message)


def _glance(ctx: StreamContext, stream: StreamRecord) -> str:
    config: LxpConfig = ctx.config
    window = Window(ctx.now() - _GLANCE, ctx.now())
    span = Span(window.since, window.until)
    if stream.job is not None:
        order(ctx.http, stream.job, placed(stream.job.post, config), bounds(span, stream.window))
        return "a report can be ordered"
    rule = stream.page.model_copy(update={"limit": 1}) if stream.page.kind != "single" else stream.page
    first = next(iter(walk(ctx.http, rule, first_request(config.record, stream, config, span))))
    count = len(items(first.body, stream.records))
    return f"readable, {first.total if first.total is not None else count} listed"
