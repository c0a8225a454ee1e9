"""The table `[sign_in]`: how people prove who they are, and which of their groups make them more than employees."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from echo_core.model.record import CountryCode

GivenRole = Literal["hr_operations", "integration_engineer", "auditor"]
"""Access roles that a group can give; the others follow from what the connected systems say."""
_NEEDED = {
    "development": (),
    "oidc": ("public_url", "issuer", "client_id"),
    "proxy": ("public_url", "header", "proxies"),
}
"""What each method cannot do without."""


def is_this_machine(host: str | None) -> bool:
    """Whether a name or address means the machine itself."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def is_address(value: str) -> str:
    """An address to talk to: https, or http on this machine. Raises ValueError for anything else."""
    parts = urlsplit(value)
    # Parsing drops line ends and tabs without a word.
    plain = value.isprintable() and " " not in value
    if not plain or parts.scheme not in ("https", "http") or not parts.hostname or parts.fragment or parts.username:
        raise ValueError("must be an address such as https://echo.yourcompany.example")
    if parts.scheme == "http" and not is_this_machine(parts.hostname):
        raise ValueError("must begin with https://; http:// is for this machine only")
    return value


def _origin(value: str) -> str:
    if urlsplit(value).path not in ("", "/") or urlsplit(value).query:
        raise ValueError("must be an address without a path, such as https://echo.yourcompany.example")
    return value.rstrip("/")


def _narrow(network: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    if network.prefixlen == 0:
        raise ValueError("names every address there is; name the proxy's own")
    return network


Network = Annotated[IPv4Network | IPv6Network, AfterValidator(_narrow)]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")]


class ScopedRoleSettings(BaseModel):
    """One table `[[sign_in.scoped_roles]]`: a role for some countries or units.

    An integration engineer's work belongs to no country, so that role is given for all or not at all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Literal["hr_operations", "auditor"] = Field(title="hr_operations or auditor")
    groups: tuple[str, ...] = Field(min_length=1, title="Groups that give it")
    countries: tuple[CountryCode, ...] = Field((), title="Counts for people and opportunities of these countries (ISO)")
    units: tuple[str, ...] = Field((), title="And for those of these units, with the units below them")

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not self.countries and not self.units:
            raise ValueError("names no country and no unit; a role for everybody stands under [sign_in.roles]")
        return self


class SignInSettings(BaseModel):
    """The table `[sign_in]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: Literal["development", "oidc", "proxy"] = Field(
        "development", title="oidc, proxy (one in front of the hub signs people in), or development: this machine only"
    )
    public_url: Annotated[str, AfterValidator(is_address), AfterValidator(_origin)] | None = Field(
        None, title="The address people open, https"
    )
    contact: str | None = Field(None, max_length=300, title="Whom people ask, as pages say it")
    idle_minutes: int = Field(120, ge=5, le=10_080, title="Minutes without a request that end a session")
    longest_hours: float = Field(12, gt=0, le=720, title="Hours after which a session ends in any case")
    match_by: Literal["email", "employee_id"] = Field(
        "email", title="What joins an account to a person, once: the work e-mail or the employee id"
    )
    issuer: Annotated[str, AfterValidator(is_address)] | None = Field(None, title="The provider, as its tokens name it")
    client_id: str | None = Field(None, min_length=1, title="The hub's id at the provider")
    client_secret: SecretStr | None = Field(None, title="The hub's secret at the provider; none for a public client")
    client_authentication: Literal["client_secret_basic", "client_secret_post"] = Field(
        "client_secret_basic", title="How the secret is sent to the provider"
    )
    scopes: tuple[str, ...] = Field(("openid", "email", "profile"), title="What the hub asks the provider for")
    email_claim: str = Field("email", title="The claim that holds the work e-mail")
    email_is_verified: bool = Field(
        False, title="The provider lets nobody choose their e-mail: take it without email_verified"
    )
    employee_id_claim: str = Field("employee_id", title="The claim that holds the employee id")
    group_claim: str = Field("groups", title="The claim that holds the groups")
    header: HeaderName | None = Field(None, title="The header in which the proxy names the person")
    group_header: HeaderName | None = Field(None, title="The header in which it names the groups, with commas between")
    proxies: tuple[Network, ...] = Field((), title="Addresses or networks of the proxy; nobody else is believed")
    sign_out_url: Annotated[str, AfterValidator(is_address)] | None = Field(
        None, title="Where the proxy signs people out"
    )
    roles: dict[GivenRole, tuple[str, ...]] = Field(
        default_factory=dict, title="Groups that give an access role: hr_operations, integration_engineer, auditor"
    )
    scoped_roles: tuple[ScopedRoleSettings, ...] = Field(
        (), title="Groups that give an access role for some countries or units: tables of their own"
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [name for name in _NEEDED[self.method] if not getattr(self, name)]
        if missing:
            raise ValueError(f"the method {self.method} needs {', '.join(missing)} too")
        if self.method == "oidc" and "openid" not in self.scopes:
            raise ValueError("scopes must contain openid: without it a provider says nothing of who signed in")
        return self

    @property
    def is_open_to_others(self) -> bool:
        """Whether people on other machines can prove who they are, so that the hub may be served to them."""
        return self.method != "development"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach the hub over https, so that cookies may be kept to that."""
        return (self.public_url or "").startswith("https://")

    @property
    def public_host(self) -> str | None:
        """Host and port as a browser sends them; None where nothing but this machine's own names is answered."""
        return urlsplit(self.public_url).netloc.lower() if self.public_url else None

    def roles_of(self, groups: tuple[str, ...]) -> tuple[GivenRole, ...]:
        """The access roles that somebody's groups give."""
        return tuple(role for role, names in self.roles.items() if not set(names).isdisjoint(groups))

    def scoped_roles_of(self, groups: tuple[str, ...]) -> tuple[ScopedRoleSettings, ...]:
        """The roles for some countries or units that somebody's groups give."""
        return tuple(scoped for scoped in self.scoped_roles if not set(scoped.groups).isdisjoint(groups))

    def telling(self, groups: tuple[str, ...]) -> tuple[str, ...]:
        """Those of somebody's groups that give a role; the others are nobody's business here."""
        given = (*self.roles.values(), *(scoped.groups for scoped in self.scoped_roles))
        named = {name for names in given for name in names}
        return tuple(sorted(named.intersection(groups)))
