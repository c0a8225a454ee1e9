"""Mistakes on the way to the connected systems: a host without address, nobody there, a clock that is off."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from echo_hub.settings import ConnectionSettings, Settings
from echo_hub.upkeep.doctor.finding import Finding, wrong

WAIT_S = 5.0
MOST_SKEW_S = 60
"""Tokens are refused by some providers from a minute's difference on; `Date` itself counts whole seconds."""


def network_findings(settings: Settings, now: Callable[[], datetime]) -> Iterator[Finding]:
    """Asks each host once, without a credential; whatever it answers, it is there."""
    origins: set[str] = set()
    for connection in settings.connections:
        if connection.connector.http is None:
            continue
        try:
            address = connection.connector.http_settings(connection.config).base_url
        except Exception as error:  # noqa: BLE001 -- a plug-in's bug is one more thing that is wrong
            mend = "Run echo-hub connections check, which says more."
            yield wrong("plugin.broken", connection.name, f"It does not name its host ({type(error).__name__}).", mend)
            continue
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}/"
        if origin not in origins:
            origins.add(origin)
            yield from _ask(connection, origin, now)


def _ask(connection: ConnectionSettings, origin: str, now: Callable[[], datetime]) -> Iterator[Finding]:
    where = f"{connection.name}: {origin}"
    try:
        answer = httpx.head(origin, timeout=WAIT_S)
    except httpx.HTTPError as error:
        yield _not_there(where, error)
        return
    try:
        skew = (now() - parsedate_to_datetime(answer.headers["date"])).total_seconds()
    except (KeyError, ValueError, TypeError):
        return
    if abs(skew) > MOST_SKEW_S:
        yield wrong(
            "clock.skew",
            where,
            f"This machine's clock is {abs(skew):.0f} seconds {'ahead of' if skew > 0 else 'behind'} that host's: "
            "tokens are refused and changes are missed.",
            "Let the machine keep its time by NTP (systemd-timesyncd or chrony).",
        )


def _not_there(where: str, error: httpx.HTTPError) -> Finding:
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    if any(isinstance(each, socket.gaierror) for each in causes):
        mend = "Correct the host in the connection's settings, or the name server of this machine."
        return wrong("host.unknown", where, "The host's name has no address.", mend)
    if any(isinstance(each, ssl.SSLError) for each in causes):
        mend = "Where a proxy of the company breaks TLS, name its authority in SSL_CERT_FILE."
        return wrong("host.certificate", where, "The host's certificate is not trusted here.", mend)
    if any(isinstance(each, ConnectionRefusedError) for each in causes):
        mend = "Correct host and port, or have the firewall opened; through a proxy, set HTTPS_PROXY."
        return wrong("host.refused", where, "Nobody answers at that port.", mend)
    mend = "Have the firewall opened for this machine; through a proxy, set HTTPS_PROXY."
    return wrong("host.silent", where, f"The host does not answer ({type(error).__name__}).", mend)
