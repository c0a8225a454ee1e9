"""What a connection to a learning platform needs to know."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from echo_core.connectors.errors import ConfigError
from echo_hub_lxp.converters import MapContext
from echo_hub_lxp.dialect import Dialect, load_dialect
from echo_hub_lxp.people import AccountScheme, LoginScheme, PeopleContext
from echo_hub_lxp.strategies import Auth, OAuthClientCredentials, StaticBearer

ContentKind = Literal[
    "path", "course", "video", "book", "article", "event", "assessment", "certification", "other"
]  # fmt: skip


class PersonField(BaseModel):
    """A field of the platform's completion rows that names the person better than the platform's own login."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: str = Field(title="Field", description='Path of the field in a row, e.g. "employeeId".')
    scheme: Literal["employee_id", "email", "user_name", "source"] = Field(
        title="Scheme", description="What the field holds."
    )


class LxpConfig(BaseModel):
    """One connection to one learning platform, spoken to in one dialect."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dialect: str = Field(
        title="Dialect",
        description="Which platform it is: the name of a dialect, or the path of a dialect file (.toml).",
    )
    base_url: str | None = Field(
        default=None, title="Base URL", description="Where the API answers; the dialect's own address when left out."
    )
    organisation: str | None = Field(
        default=None, title="Organisation id", description="The organisation's id at the platform, where it needs one."
    )
    token: SecretStr | None = Field(default=None, title="Token", description="A service account's bearer token.")
    token_url: str | None = Field(
        default=None, title="Token URL", description="Where tokens are issued, when not where the dialect says."
    )
    client_id: str | None = Field(default=None, title="Client id", description="OAuth client id.")
    client_secret: SecretStr | None = Field(default=None, title="Client secret", description="OAuth client secret.")
    scope: str | None = Field(
        default=None,
        title="Scope",
        description="OAuth scopes, when other than the dialect's; as the platform writes them.",
    )
    user: str | None = Field(default=None, title="User", description="User for HTTP Basic.")
    password: SecretStr | None = Field(default=None, title="Password", description="Password for HTTP Basic.")
    locales: tuple[str, ...] = Field(
        default=("en",),
        min_length=1,
        title="Languages",
        description="Preferred languages of titles and texts, best first.",
    )
    object_kinds: dict[str, ContentKind] = Field(
        default={},
        title="Content kinds",
        description='What the platform\'s content types are, against the dialect: "Linked Content" = "course".',
    )
    accounts: dict[str, AccountScheme] = Field(
        default={},
        title="Account home pages",
        description="For statements: what the account name at a home page is, e.g. employee_id.",
    )
    login: LoginScheme = Field(
        default="auto",
        title="Login",
        description="What a login is; auto: an address when it holds @, else a user name.",
    )
    person: PersonField | None = Field(
        default=None, title="Person field", description="A custom field of completion rows that names the person."
    )
    catalogue: Literal["snapshot", "changes"] = Field(
        default="snapshot",
        title="Catalogue",
        description="snapshot: read everything, absent means removed. changes: only what changed; nothing is removed.",
    )
    details: bool = Field(
        default=True, title="Details", description="Ask for what needs one more request per record, such as tags."
    )
    history_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        default=730,
        title="History",
        description="How many days back the first run asks, where the platform wants a start.",
    )
    span_days: Annotated[int, Field(ge=1, le=3650)] | None = Field(
        default=None,
        title="Span",
        description="Longest span of days asked for at once, where the platform itself sets no limit.",
    )
    report_poll_s: Annotated[float, Field(ge=0, le=300)] = Field(
        default=5.0, title="Report poll", description="Seconds between two questions whether a report is ready."
    )
    report_wait_s: Annotated[float, Field(gt=0, le=14400)] = Field(
        default=1800.0,
        title="Report wait",
        description="Seconds until a report that is not ready counts as unavailable.",
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        try:
            record = load_dialect(self.dialect)
        except ConfigError as error:
            raise ValueError(str(error)) from None
        lacking = [name for name in record.requires if getattr(self, name) is None]
        if record.base_url is None and self.base_url is None and "base_url" not in lacking:
            lacking.append("base_url")
        if lacking:
            raise ValueError(f"{record.title} needs {', '.join(lacking)}")
        self.way_in  # noqa: B018 -- raises when no credentials are complete
        return self

    @property
    def record(self) -> Dialect:
        """The dialect this connection speaks."""
        return load_dialect(self.dialect)

    @property
    def way_in(self) -> Auth:
        """The first of the dialect's ways to authenticate for which the credentials are here.

        Raises:
            ValueError: none is complete; the message lists them.
        """
        for way in self.record.auth:
            if all(getattr(self, name) is not None for name in credentials(way)):
                return way
        choices = " or ".join(" and ".join(credentials(way)) for way in self.record.auth)
        raise ValueError(f"{self.record.title} needs {choices}")

    @cached_property
    def map_context(self) -> MapContext:
        """What conversions may know of this connection."""
        kinds = {word.casefold(): kind for word, kind in self.object_kinds.items()}
        return MapContext(self.locales, self.record.folded_words, kinds)

    @cached_property
    def people_context(self) -> PeopleContext:
        """What person rules may know of this connection."""
        return PeopleContext(self.login, {home.rstrip("/"): scheme for home, scheme in self.accounts.items()})


def credentials(way: Auth) -> tuple[str, ...]:
    """The settings a way to authenticate needs."""
    if isinstance(way, OAuthClientCredentials):
        return ("client_id", "client_secret") if way.token_url else ("client_id", "client_secret", "token_url")
    return ("token",) if isinstance(way, StaticBearer) else ("user", "password")
