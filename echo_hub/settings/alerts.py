"""The table `[alerts]`: what counts as broken, and who is told."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from echo_hub.settings.secrets import base64_size
from echo_hub.settings.sign_in import is_address, is_this_machine

MAIL, SLACK = "mail", "slack"
"""What the two channels without a name of their own are called."""
SIGNING_PREFIX = "whsec_"
"""How a signing secret begins (Standard Webhooks, "Signature scheme")."""
SIGNING_BYTES = range(24, 65)
"""How many bytes such a secret may have (Standard Webhooks, "Signature scheme")."""


def _address(value: SecretStr) -> SecretStr:
    is_address(value.get_secret_value())
    return value


def _signing(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    size = base64_size(text.removeprefix(SIGNING_PREFIX))
    if not text.startswith(SIGNING_PREFIX) or size not in SIGNING_BYTES:
        raise ValueError("must lead to whsec_ and 24 to 64 bytes in Base64, as `openssl rand -base64 32` makes them")
    return value


def _mailbox(value: str) -> str:
    if not value.isprintable() or " " in value or not value.isascii():
        raise ValueError("must be a mail address such as hub@yourcompany.example")
    return value


Address = Annotated[SecretStr, AfterValidator(_address)]
"""Where something is posted. Many such addresses are a secret by themselves, so all are taken for one."""
Mailbox = Annotated[str, Field(pattern=r"^[^@<>,;]+@[^@<>,;]+$", max_length=254), AfterValidator(_mailbox)]


class MailSettings(BaseModel):
    """The table `[alerts.mail]`: the server that takes mail, and whom it goes to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, title="The mail server (SMTP)")
    port: int = Field(587, ge=1, le=65_535, title="Its port")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", title="starttls, tls from the first byte, or none: on this machine only"
    )
    user: str | None = Field(None, title="Who signs in there; nobody unless given")
    password: SecretStr | None = Field(None, title="The password of that user")
    sender: Mailbox = Field(title="From whom the mail is")
    to: tuple[Mailbox, ...] = Field(min_length=1, title="Whom it goes to")

    @model_validator(mode="after")
    def _guarded(self) -> Self:
        if self.security == "none" and not is_this_machine(self.host):
            raise ValueError("security none is for a server on this machine; write starttls or tls")
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together")
        return self


class WebhookSettings(BaseModel):
    """One table `[[alerts.webhooks]]`: an address that takes signed JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern="^[a-z0-9][a-z0-9-]{0,62}$", title="What the channel is called here")
    url: Address = Field(title="Where it is posted")
    secret: Annotated[SecretStr, AfterValidator(_signing)] = Field(title="What it is signed with, whsec_ and Base64")


class AlertSettings(BaseModel):
    """The table `[alerts]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mail: MailSettings | None = Field(None, title="The mail server and whom mail goes to")
    slack: Address | None = Field(None, title="A Slack incoming webhook's address")
    webhooks: tuple[WebhookSettings, ...] = Field((), title="Further addresses, which get signed JSON")
    stale_after: int = Field(3, ge=1, le=100, title="Data is out of date after so many missed moments of its schedule")
    throttled_runs: int = Field(3, ge=2, le=20, title="A source throttles when it made so many runs in a row wait")
    throttled_s: float = Field(300.0, gt=0, title="From how many seconds on a run counts as made to wait")
    fill_drop: float = Field(0.2, gt=0, le=1, title="A field is filled less often when its share fell by so much")

    @model_validator(mode="after")
    def _names(self) -> Self:
        if len(set(self.channels)) < len(self.channels):
            raise ValueError("two channels have one name; mail and slack are names too")
        return self

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of all channels."""
        return (
            *([MAIL] if self.mail else []),
            *([SLACK] if self.slack else []),
            *(webhook.name for webhook in self.webhooks),
        )
