"""Where a request comes from: the other end of the connection, or what a named proxy says of it.

The connection's own address stays what it is, for sign-in: only logs, limits and the readers of metrics ask here.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

Networks = Sequence[IPv4Network | IPv6Network]
HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""What proxies add."""


def source_address(scope: Scope, proxies: Networks) -> str | None:
    """The address a request comes from; None for a socket of the file system.

    `X-Forwarded-For` is read from its end, where the nearest proxy wrote, past every named proxy; what stands before
    the first other address may be anybody's invention.
    """
    peer: str | None = scope["client"][0] if scope.get("client") else None
    if peer is None or not within(peer, proxies):
        return peer
    for value in reversed(",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")):
        address = value.strip()
        try:
            ip_address(address)
        except ValueError:
            return peer
        if not within(address, proxies):
            return address
        peer = address
    return peer


def within(address: str, networks: Networks) -> bool:
    """Whether an address is in one of the networks; an IPv4 one may be written as IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return any(each in network for network in networks for each in (parsed, mapped) if each is not None)


def is_from_here(scope: Scope) -> bool:
    """Whether a program of this machine asks, and no proxy of this machine for somebody else."""
    if any(name in Headers(scope=scope) for name in HEADERS):
        return False
    try:
        return not scope.get("client") or ip_address(scope["client"][0]).is_loopback
    except ValueError:
        return False
