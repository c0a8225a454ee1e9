"""Which hosts a connection may talk to. Links, redirects and token requests all pass here."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

import httpx

from echo_core.connectors.errors import ConfigError, ContractError
from echo_core.connectors.redaction import redact

DEFAULT_PORTS = {"https": 443, "http": 80}


def is_loopback(host: str) -> bool:
    """True for "localhost", 127.0.0.0/8 and ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_of(url: httpx.URL) -> str:
    """The URL's host as budgets and messages name it: the port only when it is not the scheme's own."""
    return url.host if url.port is None else f"{url.host}:{url.port}"


def host_and_path(url: httpx.URL) -> str:
    """Host and path for messages. The query is left out: it may hold keys or a person's mail address."""
    return redact(f"{host_of(url)}{url.path}")


class AllowedHosts:
    """Lets pass what stays on the connection's hosts, over https (http on loopback only).

    Args:
        base_url: the connection's base URL; its host is always inside.
        others: further hosts, "host" or "host:port"; or whole URLs, of which the host counts (token endpoints).
    """

    def __init__(self, base_url: str, others: Iterable[str] = ()) -> None:
        self._base = _setting(base_url)
        self._inside = {_key(self._base)}
        for other in others:
            self._inside.add(_key(_setting(other if "://" in other else f"https://{other}")))

    @property
    def host(self) -> str:
        """The base URL's host."""
        return host_of(self._base)

    def resolve(self, path_or_url: str) -> httpx.URL:
        """A path below the base URL ("jobs" and "/jobs" are the same), or an absolute URL checked and kept verbatim.

        Raises:
            ContractError: code "source.foreign_host" on another host, "source.bad_link" when it is no URL.
        """
        if path_or_url.lower().startswith(("http://", "https://")):
            return self.check(_link(path_or_url))
        base = str(self._base).rstrip("/")
        return self.check(_link(f"{base}/{path_or_url.lstrip('/')}" if path_or_url else base))

    def follow(self, link: str, seen_at: str) -> httpx.URL:
        """A link found at the URL `seen_at`, absolute or relative to it, checked like `resolve`."""
        address, there = _link(seen_at), _link(link)
        try:
            joined = address.join(there)
        except httpx.InvalidURL:  # each is a URL, and together they are too long for one
            raise _bad_link(len(seen_at) + len(link)) from None
        return self.check(joined)

    def check(self, url: httpx.URL) -> httpx.URL:
        """`url` itself when it is inside.

        Raises:
            ContractError: code "source.foreign_host".
        """
        if url.userinfo or _key(url) not in self._inside or not _is_safe(url):
            raise ContractError(
                f"{self.host} pointed to another address, {host_of(url)}, which this connection may not talk to. "
                "Nothing was sent there.",
                detail=f"allowed are {', '.join(sorted(f'{host}:{port}' for host, port in self._inside))} over https",
                code="source.foreign_host",
            )
        return url


def with_params(url: httpx.URL, params: Sequence[tuple[str, Any]]) -> httpx.URL:
    """The address with these parameters added.

    Raises:
        ContractError: code "source.bad_link", the address is too long with them, such as with an endless resume value.
    """
    try:
        return url.copy_merge_params(list(params))
    except httpx.InvalidURL:
        length = sum(len(str(value)) for _, value in params)
    raise _bad_link(length)


def _key(url: httpx.URL) -> tuple[str, int]:
    return url.host, DEFAULT_PORTS.get(url.scheme, 0) if url.port is None else url.port


def _is_safe(url: httpx.URL) -> bool:
    return url.scheme == "https" or (url.scheme == "http" and is_loopback(url.host))


def _link(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
        _key(url)  # decoding an international name can fail as late as here, with an error that is no InvalidURL
        return url
    except (httpx.InvalidURL, ValueError):
        length = len(text)
    raise _bad_link(length)


def _bad_link(length: int) -> ContractError:
    return ContractError(
        "The source gave a link that is not a valid address.", detail=f"{length} characters", code="source.bad_link"
    )


def _setting(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
        named = bool(url.host)
    except (httpx.InvalidURL, ValueError):
        url, named = httpx.URL(), False
    if not named or not _is_safe(url) or url.userinfo:
        shown = f"{url.scheme}://{host_of(url)}" if named else "no valid address"
        raise ConfigError(
            "The address of a source must begin with https:// and hold no user name or password "
            f"(http:// only for this machine itself); this one is {shown}.",
            code="config.address",
        )
    return url
