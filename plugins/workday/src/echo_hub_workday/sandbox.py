"""A strict imitation of Workday's report service and token endpoint, for tests and the demo.

It enforces what the fact sheet documents: sign-in, the report's address, sharing, prompts, JSON only on request, no
paging, about ten calls a second. Where Workday's exact words are unknown (error bodies), the shape is ours.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import html
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import unquote

from echo_core.testing.company import Company
from echo_core.testing.sandbox import FixedWindowLimit, Reply, Request, Sandbox, SandboxConnection
from echo_hub_workday.dressing import MANAGER_ALIAS, language_rows, skill_rows, wid, worker_rows

NOT_AUTHORIZED = "Processing error occurred. The task submitted is not authorized."
TENANT, OWNER, ISU = "echo_demo", "echo_reports", "ISU_Echo_Hub"
CLIENT_UUID = "0f2f9d0e-6a5b-4c3d-8e1f-2a3b4c5d6e7f"
SECRETS = {
    "WORKDAY_PASSWORD": "sandbox-isu-password",
    "WORKDAY_CLIENT_SECRET": "sandbox-client-secret",
    "WORKDAY_REFRESH_TOKEN": "sandbox-refresh-token",
}
"""Invented; good for nothing but this sandbox."""

CALLS_PER_S = 10
TOKEN_LIFE_S = 3600
Prompt = Callable[[Mapping[str, Any], frozenset[str]], bool]
"""Whether a row belongs to the chosen instances of a prompt."""


@dataclass(frozen=True)
class SandboxReport:
    """A custom report.

    Args:
        rows: as Workday would send them.
        shared: with the integration user.
        web_service: enabled as one.
        prompts: by query parameter ("Country!WID"): which rows a set of chosen ids keeps, and the ids there are.
        required: prompts without which the report does not run.
    """

    rows: Sequence[Mapping[str, Any]]
    shared: bool = True
    web_service: bool = True
    prompts: Mapping[str, tuple[Prompt, frozenset[str]]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


class WorkdaySandbox(Sandbox):
    """One tenant with one report owner.

    Args:
        reports: by name.
        sign_in: which way `connection` signs in; the sandbox accepts both.
        clock: seconds, for the call limit and the life of tokens.
    """

    name = "workday"

    def __init__(
        self,
        reports: Mapping[str, SandboxReport],
        *,
        sign_in: Literal["password", "oauth"] = "password",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.reports = dict(reports)
        self.sign_in = sign_in
        self._clock = clock
        self._limit = FixedWindowLimit(CALLS_PER_S, 1.0, clock)
        self._lock = threading.Lock()
        self._tokens: dict[str, float] = {}
        self._minted = 0

    @classmethod
    def from_company(
        cls,
        company: Company,
        *,
        sign_in: Literal["password", "oauth"] = "password",
        clock: Callable[[], float] = time.time,
    ) -> WorkdaySandbox:
        """The three reports of the column contract, filled with a fictional company."""
        countries = frozenset(wid("country", site.country) for site in company.sites)

        def in_country(row: Mapping[str, Any], chosen: frozenset[str]) -> bool:
            return wid("country", row.get("Country_ISO2", "")) in chosen

        people = SandboxReport(worker_rows(company), prompts={"Country!WID": (in_country, countries)})
        reports = {
            "Echo_Workers": people,
            "Echo_Worker_Skills": SandboxReport(skill_rows(company)),
            "Echo_Worker_Languages": SandboxReport(language_rows(company)),
        }
        return cls(reports, sign_in=sign_in, clock=clock)

    def connection(self, url: str) -> SandboxConnection:
        """The settings of a connection to this tenant."""
        config: dict[str, Any] = {
            "host": url.removeprefix("http://").rstrip("/"),
            "tenant": TENANT,
            "report_owner": OWNER,
            "workers": {"columns": {"Manager_Workday_ID": MANAGER_ALIAS}},
            "languages": {"enabled": True},
            "attempts": 4,
            # The sandbox's port changes from start to start; links made from it would change every person each time.
            "profile_url": "https://workday.example/echo_demo/worker/{worker_id}",
        }
        if self.sign_in == "password":
            config |= {"user": ISU, "password": "env:WORKDAY_PASSWORD"}
            names = ["WORKDAY_PASSWORD"]
        else:
            config |= {
                "client_id": base64.b64encode(CLIENT_UUID.encode()).decode(),
                "client_secret": "env:WORKDAY_CLIENT_SECRET",
                "refresh_token": "env:WORKDAY_REFRESH_TOKEN",
            }
            names = ["WORKDAY_CLIENT_SECRET", "WORKDAY_REFRESH_TOKEN"]
        secrets = {name: SECRETS[name] for name in names}
        return SandboxConnection(self.name, "workday", config, secrets, http={"read_timeout_s": 5.0})

    def revoke_tokens(self) -> None:
        """Forgets every access token, as an administrator would."""
        with self._lock:
            self._tokens.clear()

    def handle(self, request: Request) -> Reply:
        """Token endpoint and reports; anything else does not exist."""
        if request.path == f"/ccx/oauth2/{TENANT}/token":
            return self._token(request)
        if not request.path.startswith("/ccx/service/customreport2/"):
            return Reply(404, {"error": "not found"})
        if not self._limit.spend().allowed:
            return Reply(429, {"error": "too many requests"})
        if not self._signed_in(request):
            return Reply(401, {"error": "invalid username or password"}, {"WWW-Authenticate": 'Basic realm="Workday"'})
        if request.method != "GET":
            return Reply(405, {"error": "method not allowed"}, {"Allow": "GET"})
        return self._report(request)

    def _token(self, request: Request) -> Reply:
        """RFC 6749 refresh token grant; the client id must be the UUID itself."""
        form = {name: values[-1] for name, values in request.form().items()}
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        if scheme.lower() == "basic":
            client_id, _, secret = _decoded(credentials).partition(":")
        if request.method != "POST" or form.get("grant_type") != "refresh_token":
            return Reply(400, {"error": "unsupported_grant_type"})
        if unquote(client_id) != CLIENT_UUID or not _same(secret, SECRETS["WORKDAY_CLIENT_SECRET"]):
            return Reply(401, {"error": "invalid_client"})
        if not _same(form.get("refresh_token", ""), SECRETS["WORKDAY_REFRESH_TOKEN"]):
            return Reply(400, {"error": "invalid_grant"})
        with self._lock:
            self._minted += 1
            token = f"sandbox-access-token-{self._minted}"
            self._tokens[token] = self._clock() + TOKEN_LIFE_S
        return Reply(200, {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_LIFE_S})

    def _signed_in(self, request: Request) -> bool:
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            user, _, password = _decoded(credentials).partition(":")
            return user == ISU and _same(password, SECRETS["WORKDAY_PASSWORD"])
        with self._lock:
            return scheme.lower() == "bearer" and self._tokens.get(credentials, 0.0) > self._clock()

    def _report(self, request: Request) -> Reply:
        """One run. A wrong tenant, owner or name looks exactly like a report that is not shared."""
        prefix = f"/ccx/service/customreport2/{TENANT}/{OWNER}/"
        name = request.path.removeprefix(prefix)
        report = self.reports.get(name) if request.path.startswith(prefix) else None
        if report is None or not report.shared or not report.web_service:
            return Reply(500, {"error": NOT_AUTHORIZED})
        rows: list[Mapping[str, Any]] = list(report.rows)
        prompts = {key: values for key, values in request.query.items() if key != "format"}
        if report.required - prompts.keys():
            return _invalid(f"required prompt missing: {', '.join(sorted(report.required - prompts.keys()))}")
        for prompt, values in prompts.items():
            if prompt not in report.prompts:
                return _invalid(f"{prompt} is not a prompt of this report")
            keeps, known = report.prompts[prompt]
            chosen = frozenset("!".join(values).split("!"))
            if not chosen <= known:
                return _invalid(f"{prompt}: invalid instance")
            rows = [row for row in rows if keeps(row, chosen)]
        wanted = request.param("format", "xml")
        if wanted == "json":
            return Reply(200, {"Report_Entry": rows}, content_type="application/json;charset=UTF-8")
        if wanted == "xml":
            return Reply(200, _xml(name, rows), content_type="text/xml;charset=UTF-8")
        return _invalid(f"{wanted} is not an output format")


def _invalid(what: str) -> Reply:
    return Reply(500, {"error": f"Processing error occurred. Validation error: {what}."})


def _decoded(credentials: str) -> str:
    try:
        return base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode(), secret.encode())


def _xml(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """What Workday sends when nobody asks for JSON."""

    def cell(key: str, value: Any) -> str:
        if isinstance(value, list):
            return "".join(cell(key, item) for item in value)
        inner = "".join(cell(*pair) for pair in value.items()) if isinstance(value, dict) else html.escape(str(value))
        return f"<wd:{key}>{inner}</wd:{key}>"

    entries = "".join(cell("Report_Entry", dict(row)) for row in rows)
    return f"<wd:Report_Data xmlns:wd='urn:com.workday.report/{name}'>{entries}</wd:Report_Data>"
