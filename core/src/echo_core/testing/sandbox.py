"""Vendor sandboxes: strict imitations of a vendor's API, served over real HTTP on loopback.

A vendor's plug-in subclasses `Sandbox`; `SandboxServer` serves it, keeps a log of requests and, when asked, has bad
days. Only the standard library is used.
"""

from __future__ import annotations

import contextlib
import select
import socket
import socketserver
import struct
import sys
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from echo_core.testing.exchange import Headers, Reply, Request
from echo_core.testing.faults import FaultKind, Faults
from echo_core.testing.window_limit import FixedWindowLimit, Quota

__all__ = [
    "Exchange",
    "FaultKind",
    "Faults",
    "FixedWindowLimit",
    "Headers",
    "Quota",
    "Reply",
    "Request",
    "Sandbox",
    "SandboxConnection",
    "SandboxServer",
]


@dataclass(frozen=True, slots=True)
class SandboxConnection:
    """What the settings file says to talk to a sandbox.

    Args:
        name: the connection's name, e.g. "greenhouse".
        connector: the connector's name.
        config: its configuration; a secret is a reference, "env:NAME".
        secrets: the invented secrets behind those references, by NAME.
        http: fields of `HttpSettings` to override, e.g. {"read_timeout_s": 2.0}.
    """

    name: str
    connector: str
    config: dict[str, Any]
    secrets: dict[str, str] = field(default_factory=dict)
    http: dict[str, Any] = field(default_factory=dict)


class Sandbox(ABC):
    """One vendor's API. `handle` is called from several threads at once."""

    name: str

    @abstractmethod
    def handle(self, request: Request) -> Reply:
        """Answers one request as the vendor would: routing, authentication, documented rules, error bodies."""

    @abstractmethod
    def connection(self, url: str) -> SandboxConnection:
        """How to reach this sandbox when it is served at `url` ("http://127.0.0.1:PORT")."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One line of the server's log. `status` is None where no answer was given."""

    request: Request
    status: int | None
    fault: FaultKind | None = None


class SandboxServer:
    """Serves a sandbox on loopback while the `with` block runs.

    An exception inside `Sandbox.handle` is answered with 500, kept in `errors` and raised again when the block ends:
    a broken imitation must not look like a vendor's bad day.

    Args:
        faults: what goes wrong; nothing by default.
        port: 0 picks a free one.
    """

    def __init__(self, sandbox: Sandbox, *, faults: Faults | None = None, port: int = 0) -> None:
        self.sandbox = sandbox
        self.faults = faults or Faults.none()
        self.errors: list[Exception] = []
        self.log: list[Exchange] = []
        self.stopping = threading.Event()
        self._http = _LoopbackServer(("127.0.0.1", port), self)
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, name=f"sandbox-{port}", daemon=True
        )

    @property
    def url(self) -> str:
        """Where it listens: "http://127.0.0.1:PORT"."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def requests(self) -> list[Request]:
        """Every request received so far, in order of arrival at the handler, faulty ones included."""
        return [line.request for line in self.log]

    @property
    def connection(self) -> SandboxConnection:
        """The settings of a connection to this server."""
        return self.sandbox.connection(self.url)

    def start(self) -> Self:
        """Listens and returns at once."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stops within milliseconds: hanging requests are let go, open connections closed. Safe to call twice."""
        self.stopping.set()
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.drop_connections()
        self._http.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if kind is None and self.errors:
            raise self.errors[0]

    def answer(self, request: Request) -> Reply:
        """The sandbox's reply; an exception becomes a 500 and is remembered."""
        try:
            return self.sandbox.handle(request)
        except Exception as error:  # noqa: BLE001 -- whatever an imitation raises is reported by __exit__
            self.errors.append(error)
            return Reply(500, {"sandbox_error": type(error).__name__})


class _LoopbackServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], owner: SandboxServer) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        self._abrupt: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # HTTPServer.server_bind looks up the machine's full name, which can take seconds without a name server.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
            abrupt = request in self._abrupt
            self._abrupt.discard(request)
        if abrupt:
            # Without lingering, close answers with RST; the orderly shutdown of the base class would send FIN first.
            request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def reset_when_done(self, connection: socket.socket) -> None:
        """The client of this connection shall see a reset instead of an orderly end."""
        with self._open_lock:
            self._abrupt.add(connection)

    def drop_connections(self) -> None:
        """Wakes the threads that wait for the next request on a kept-alive connection."""
        with self._open_lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 -- called by position
        """A client that hangs up in the middle is an everyday event; anything else is a fault of this module."""
        error = sys.exception()
        if isinstance(error, Exception) and not isinstance(error, OSError):
            self.owner.errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _LoopbackServer

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 -- the same

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the standard library's argument name
        """Quiet: the log is `SandboxServer.log`."""

    def _serve(self) -> None:
        request = Request.parse(self.command, self.path, self.headers.items(), self._read_body())
        owner = self.server.owner
        fault = owner.faults.next(request.method, request.path, request.target)
        if fault in ("hang", "reset"):
            owner.log.append(Exchange(request, None, fault))
            if fault == "hang":
                self._hang(owner)
            self.server.reset_when_done(self.connection)
            self.close_connection = True
            return
        reply = _refusal(fault, owner.faults.retry_after_s) or owner.answer(request)
        owner.log.append(Exchange(request, reply.status, fault))
        self._send(reply, half=fault == "half_body")

    def _read_body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            chunks = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _send(self, reply: Reply, *, half: bool) -> None:
        body = reply.content()
        bodiless = self.command == "HEAD" or reply.status in (204, 304)
        head = [f"HTTP/1.1 {reply.status} {_phrase(reply.status)}"]
        if reply.content_type and not (bodiless and not body):
            head.append(f"Content-Type: {reply.content_type}")
        head.extend(f"{name}: {value}" for name, value in reply.headers.items())
        if reply.status != HTTPStatus.NO_CONTENT:
            head.append(f"Content-Length: {len(body)}")
        raw = ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")
        if bodiless:
            self.wfile.write(raw)
        elif half:
            self.wfile.write(raw + body[: len(body) // 2])
            self.close_connection = True
        else:
            self.wfile.write(raw + body)

    def _hang(self, owner: SandboxServer) -> None:
        """Holds the request until the client gives up, the server stops or `hang_s` is over."""
        waited_s, step_s = 0.0, 0.02
        while waited_s < owner.faults.hang_s and not owner.stopping.wait(step_s):
            waited_s += step_s
            readable, _, _ = select.select([self.connection], [], [], 0)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return


def _phrase(status: int) -> str:
    with contextlib.suppress(ValueError):
        return HTTPStatus(status).phrase
    return "Status"


def _refusal(fault: FaultKind | None, retry_after_s: int) -> Reply | None:
    match fault:
        case "http_429":
            return Reply(429, {"message": "Too many requests"}, {"Retry-After": str(retry_after_s)})
        case "http_500":
            return Reply(500, "<html><body>Internal Server Error</body></html>", content_type="text/html")
        case "http_503":
            return Reply(503, {"message": "Service unavailable"})
        case _:
            return None
