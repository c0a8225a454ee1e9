"""What an OpenID provider says of itself, and its keys: read when needed, kept, and read anew when keys change."""

from __future__ import annotations

import ssl
import time
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet
from pydantic import AfterValidator, BaseModel, ValidationError

from echo_hub.settings.sign_in import SignInSettings, is_this_machine
from echo_hub.surfaces.sign_in.problems import ProviderError

PATIENCE = httpx2.Timeout(8.0, connect=4.0)
"""Seconds somebody who signs in waits for the provider."""
KEPT_S = 3_600.0
"""How long what the provider says of itself counts; when it cannot be read then, the old one does."""
KEYS_ANEW_S = 60.0
"""Keys are read anew for a token by an unknown key, but not more often: such tokens cost their sender nothing."""
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Signatures by a key that only the provider has. Never `none`, and no shared secret (RFC 8725, 3.1)."""
AGAIN = "Try again in a minute."


@cache
def certificates() -> ssl.SSLContext:
    """Whom we believe to be the provider; reading the list takes longer than any request."""
    return httpx2.create_ssl_context()


def _endpoint(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_this_machine(parts.hostname)):
        raise ValueError("not https")
    return value


Endpoint = Annotated[str, AfterValidator(_endpoint)]


class Metadata(BaseModel):
    """The discovery document (OpenID Connect Discovery 1.0, section 3), as far as it is used."""

    issuer: str
    authorization_endpoint: Endpoint
    token_endpoint: Endpoint
    jwks_uri: Endpoint
    userinfo_endpoint: Endpoint | None = None
    end_session_endpoint: Endpoint | None = None
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    authorization_response_iss_parameter_supported: bool = False

    @property
    def algorithms(self) -> list[str]:
        """Those it signs with that are accepted here."""
        return sorted(ALGORITHMS.intersection(self.id_token_signing_alg_values_supported))


class Provider:
    """Reads the provider's metadata and keys. One for all requests of a process."""

    def __init__(self, settings: SignInSettings) -> None:
        self._issuer = settings.issuer or ""
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: KeySet | None = None
        self._anew = -KEYS_ANEW_S

    async def metadata(self) -> Metadata:
        """What it says of itself.

        Raises:
            ProviderError: it cannot be reached, or says something that cannot be used.
        """
        if self._metadata is not None and time.monotonic() - self._metadata[0] < KEPT_S:
            return self._metadata[1]
        try:
            # OpenID Connect Discovery 1.0, 4: the path follows the issuer, whose own path stays.
            said = await _read(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            metadata = _checked(said, self._issuer)
        except ProviderError:
            if self._metadata is None:
                raise
            metadata = self._metadata[1]
        self._metadata = (time.monotonic(), metadata)
        return metadata

    async def keys(self) -> KeySet:
        """The keys it signs with, read once.

        Raises:
            ProviderError: they cannot be read.
        """
        if self._keys is None:
            self._keys = await self._read_keys()
        return self._keys

    async def newer_keys(self) -> KeySet | None:
        """The keys read anew, for a token that none of the known ones signed; None where that was done a moment ago."""
        if time.monotonic() - self._anew < KEYS_ANEW_S:
            return None
        self._anew = time.monotonic()
        self._keys = await self._read_keys()
        return self._keys

    async def _read_keys(self) -> KeySet:
        said = await _read((await self.metadata()).jwks_uri)
        listed = said.get("keys")
        keys = []
        for each in listed if isinstance(listed, list) else ():
            # A set may hold keys for other uses, and of kinds nobody here knows; a secret shared by all is no key.
            if not isinstance(each, dict) or each.get("use", "sig") != "sig" or each.get("kty") == "oct":
                continue
            try:
                keys.append(JWKRegistry.import_key(each))
            except (JoseError, ValueError, TypeError, KeyError):
                continue
        if not keys:
            raise ProviderError(
                f"The sign-in provider lists no key that can be used. {AGAIN}", code="sign_in.provider.keys"
            )
        return KeySet(keys)


def _checked(said: dict[str, Any], issuer: str) -> Metadata:
    try:
        metadata = Metadata.model_validate(said)
    except ValidationError as error:
        names = ", ".join(sorted({str(each["loc"][0]) for each in error.errors()}))
        raise ProviderError(
            "The sign-in provider describes itself in a way that cannot be used.",
            code="sign_in.provider.metadata",
            detail=f"missing or not https: {names}",
        ) from None
    if metadata.issuer.rstrip("/") != issuer.rstrip("/"):
        raise ProviderError(
            "The sign-in provider calls itself by another name than the settings do.",
            code="sign_in.provider.issuer",
            detail=f"sign_in.issuer is {issuer}, the provider says {metadata.issuer}",
        )
    if not metadata.algorithms:
        raise ProviderError("The sign-in provider signs in no way that is accepted.", code="sign_in.provider.metadata")
    return metadata


async def _read(address: str) -> dict[str, Any]:
    """The JSON object at an address; follows no redirect."""
    try:
        async with httpx2.AsyncClient(timeout=PATIENCE, verify=certificates()) as client:
            answer = await client.get(address, headers={"accept": "application/json"})
            answer.raise_for_status()
            said = answer.json()
    except httpx2.HTTPError as error:
        raise unreachable(error) from None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise ProviderError(
            f"The sign-in provider answers something that is no JSON. {AGAIN}",
            code="sign_in.provider.answer",
            detail=address,
        )
    return said


def unreachable(error: httpx2.HTTPError) -> ProviderError:
    """The provider does not answer, or with an error; says no more of it than its kind."""
    if isinstance(error, httpx2.HTTPStatusError):
        told = f"HTTP {error.response.status_code} from {error.request.url.copy_with(query=None)}"
    else:
        told = type(error).__name__
    return ProviderError(
        f"The sign-in provider does not answer as it should. {AGAIN}", code="sign_in.provider.unreachable", detail=told
    )
