"""What a Workday connection needs to know: where the tenant is, how to sign in, which reports to read."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Self
from urllib.parse import quote
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from echo_hub_workday.reports import LanguagesReport, PathSegment, SkillsReport, WorkersReport
from echo_hub_workday.value_options import Values

_LOOPBACK = re.compile(r"^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$")
_VENDOR_HOST = re.compile(r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(workday|myworkday)\.com$")


class WorkdayConfig(BaseModel):
    """One Workday tenant.

    Sign in either as an integration system user (`user`, `password`) or with an API client for integrations
    (`client_id`, `client_secret`, `refresh_token`), not both.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(
        ...,
        title="Services host",
        description="Host of the web services, a bare name such as wd5-services1.myworkday.com, as shown by View API "
        "Clients or by a report's View URLs. It must end in .workday.com or .myworkday.com; a loopback host:port is "
        "accepted for sandboxes.",
    )
    tenant: PathSegment = Field(..., title="Tenant", description="Name of the tenant, as in the address of Workday.")
    report_owner: PathSegment = Field(
        ...,
        title="Report owner",
        description="User name of the reports' owner, as in their web service address.",
    )
    user: str | None = Field(
        None, title="ISU name", description="Integration system user, for sign-in by name and password."
    )
    password: SecretStr | None = Field(None, title="ISU password", description="Password of the ISU.")
    client_id: str | None = Field(
        None,
        title="API client id",
        description="Client id of the API client for integrations, as Workday shows it. Workday may show the Base64 "
        "of a UUID; both forms are tried.",
    )
    client_secret: SecretStr | None = Field(None, title="API client secret", description="Its client secret.")
    refresh_token: SecretStr | None = Field(
        None,
        title="Refresh token",
        description="From Manage Refresh Tokens for Integrations, for the ISU; best one that does not expire.",
    )
    workers: WorkersReport = Field(
        default_factory=WorkersReport, title="People report", description="One row per worker."
    )
    skills: SkillsReport = Field(
        default_factory=SkillsReport, title="Skills report", description="One row per worker and skill."
    )
    languages: LanguagesReport = Field(
        default_factory=LanguagesReport,
        title="Languages report",
        description="One row per worker, language and ability.",
    )
    values: Values = Field(
        default_factory=Values,
        title="Values",
        description="How this company's reports write dates, countries, levels and the like.",
    )
    keep_leavers_days: int = Field(
        90,
        ge=0,
        title="Keep leavers (days)",
        description="People who left longer ago than this are not taken over, and deleted where they were.",
    )
    profile_url: str | None = Field(
        None,
        title="Profile link",
        description="Address of a worker's profile with {workday_id} or {worker_id} in it. Without it, the link "
        "opens the tenant's home page.",
    )
    read_timeout_s: float = Field(
        1800.0,
        gt=0,
        title="Read timeout (seconds)",
        description="How long Workday may stay silent. A report is computed before its first byte is sent, and that "
        "may take many minutes; Workday itself ends a run after 30.",
    )
    attempts: int = Field(
        2,
        ge=1,
        le=5,
        title="Attempts",
        description="How often a report is asked for when Workday is busy or breaks off. A long run loads the tenant, "
        "so it is repeated only once unless this says otherwise.",
    )
    max_body_mb: int = Field(
        500, gt=0, le=4000, title="Largest report (MB)", description="A larger answer is refused; slice the report."
    )

    @field_validator("host")
    @classmethod
    def _workday_host(cls, host: str) -> str:
        host = host.strip().lower()
        if _LOOPBACK.match(host) or _VENDOR_HOST.match(host):
            return host
        raise ValueError(
            "must be a bare host name ending in .workday.com or .myworkday.com, without https:// and path, "
            "e.g. wd5-services1.myworkday.com"
        )

    @field_validator("profile_url")
    @classmethod
    def _template(cls, template: str | None) -> str | None:
        if template is None:
            return None
        if set(re.findall(r"\{[^}]*\}?", template)) - {"{workday_id}", "{worker_id}"}:
            raise ValueError("only {workday_id} and {worker_id} may stand in braces")
        if not template.startswith("https://"):
            raise ValueError("must start with https://")
        return template

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        by_password = [self.user, self.password]
        by_client = [self.client_id, self.client_secret, self.refresh_token]
        if any(by_password) and any(by_client):
            raise ValueError("give user and password, or client_id, client_secret and refresh_token, not both")
        if not (all(by_password) or all(by_client)):
            raise ValueError(
                "sign-in is incomplete: give user and password, or client_id, client_secret and refresh_token"
            )
        return self

    @property
    def origin(self) -> str:
        """Scheme and host of the web services; http for loopback sandboxes only."""
        scheme = "http" if _LOOPBACK.match(self.host) else "https"
        return f"{scheme}://{self.host}"

    @property
    def token_url(self) -> str:
        """The token endpoint. Source: fact sheet section 1, as copied from View API Clients."""
        return f"{self.origin}/ccx/oauth2/{self.tenant}/token"

    @property
    def reports_url(self) -> str:
        """Where the owner's reports lie."""
        return f"{self.origin}/ccx/service/customreport2/{self.tenant}/{self.report_owner}/"

    @property
    def home_url(self) -> str:
        """The tenant's page for people: services hosts carry a "services1" part the browser's host does not have."""
        host = re.sub(r"-?services\d*(?=\.)", "", self.host).lstrip(".")
        return f"{self.origin.split('://')[0]}://{host}/{self.tenant}/d/home.htmld"

    def source_url(self, workday_id: str, worker_id: str | None) -> str:
        """The address that opens a worker in Workday, or the tenant's home page when no profile link is set."""
        if self.profile_url is None:
            return self.home_url
        filled = self.profile_url.replace("{workday_id}", quote(workday_id, safe=""))
        return filled.replace("{worker_id}", quote(worker_id or "", safe=""))

    def client_id_forms(self) -> tuple[str, ...]:
        """The client id in the forms to try, in order: the UUID behind a Base64 text, then the text itself."""
        if self.client_id is None:
            return ()
        try:
            decoded = base64.b64decode(self.client_id, validate=True).decode("ascii")
            UUID(decoded)
        except (binascii.Error, ValueError):
            return (self.client_id,)
        return (decoded, self.client_id)
