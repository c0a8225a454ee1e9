"""The table `[vendor_tokens]`: the key under which processes share the access tokens of vendors."""

from __future__ import annotations

import base64
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from echo_hub.settings.secrets import base64_size

KEY_BYTES = 32


def _key(value: SecretStr) -> SecretStr:
    if base64_size(value.get_secret_value()) != KEY_BYTES:
        raise ValueError(f"must lead to {KEY_BYTES} bytes in Base64, as `openssl rand -base64 {KEY_BYTES}` makes them")
    return value


Key = Annotated[SecretStr, AfterValidator(_key)]


class VendorTokenSettings(BaseModel):
    """The table `[vendor_tokens]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Key | None = Field(
        None,
        title="32 bytes in Base64 that encrypt vendors' access tokens in the database; none: no process shares its own",
    )
    old_keys: tuple[Key, ...] = Field((), title="Keys that are read with still, while a new one takes their place")

    @model_validator(mode="after")
    def _current(self) -> Self:
        if self.old_keys and self.key is None:
            raise ValueError("old_keys need a key that tokens are encrypted with from now on")
        return self

    @property
    def keys(self) -> tuple[bytes, ...]:
        """The bytes of all keys, the one that encrypts first; empty where none is set."""
        return tuple(base64.b64decode(key.get_secret_value()) for key in (self.key, *self.old_keys) if key is not None)
