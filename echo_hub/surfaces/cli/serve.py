"""`echo-hub serve`: pages and API, with the worker in the same process unless it is told otherwise."""

from __future__ import annotations

import signal
import socket
import sys
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from echo_hub.surfaces.cli.log_lines import log_as_set
from echo_hub.surfaces.cli.output import say
from echo_hub.surfaces.cli.state import chosen, open_hub

if TYPE_CHECKING:
    from echo_hub.application import Hub

LARGEST_HEAD = 32_768
"""Bytes of a request's first line and headers together."""
MOST_CONNECTIONS = 500
"""Connections at once; further ones are answered with 503. Below the 1,024 open files that systems allow by default."""
IDLE_S = 5
"""Seconds until a connection is closed on which nothing is asked any more."""
LAST_ANSWERS_S = 5
"""How long answers under way may take once the server is asked to stop."""


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address of this machine to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen on.")] = 8_080,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Serve only; leave syncs and other tasks.")] = False,
) -> None:
    """Serve the pages and the API, and run schedules and tasks."""
    from echo_hub.settings.sign_in import is_this_machine

    with open_hub(context, lenient=False) as hub:
        if not is_this_machine(host) and not hub.settings.sign_in.is_open_to_others:
            say(
                f"{host} can be reached from other machines, and development sign-in lets whoever reaches it act as "
                "anybody.\nServe on 127.0.0.1, or set up [sign_in] with method oidc or proxy: docs/sign-in.md."
            )
            raise typer.Exit(2)
        with listen(host, port) as listener:
            log_as_set(hub.settings.logging, verbose=chosen(context).verbose)
            run_server(hub, listener, worker=not no_worker)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        ConfigError: the port is taken.
    """
    from echo_core.connectors.errors import ConfigError

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConfigError(
            f"Cannot listen on {host}:{port} ({error.strerror}). Choose another with --port.", code="serve.address"
        ) from None
    return listener


def run_server(hub: Hub, listener: socket.socket, *, worker: bool, landing: str = "/") -> None:
    """Serves until interrupted, and says where."""
    import uvicorn

    from echo_hub.surfaces.patience import PatientProtocol
    from echo_hub.surfaces.web.app import create_app

    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    say(f"Echo Hub is at http://{shown}:{port}{landing}  (Ctrl-C stops it)")
    app = create_app(hub, worker=worker)
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        log_config=None,  # its lines go where ours go
        access_log=False,
        server_header=False,
        proxy_headers=False,  # who is at the other end is never what a header says
        h11_max_incomplete_event_size=LARGEST_HEAD,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=LAST_ANSWERS_S,
    )
    # uvicorn ends at the signal and then raises it anew: what is open here is closed on the way out.
    before = signal.signal(signal.SIGTERM, _terminated)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminated(received: int, _: FrameType | None) -> NoReturn:
    sys.exit(128 + received)
