"""OpenID Connect, the code flow with PKCE: to the provider, back with a code, and from the code to who it is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.common.urls import add_params_to_uri
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from echo_hub.services.sign_in import Claims
from echo_hub.settings.sign_in import SignInSettings
from echo_hub.surfaces.sign_in.attempt import Attempt
from echo_hub.surfaces.sign_in.gate import SIGNED_OUT
from echo_hub.surfaces.sign_in.problems import AttemptError, ProviderError
from echo_hub.surfaces.sign_in.provider import AGAIN, PATIENCE, Metadata, Provider, certificates, unreachable

CALLBACK = "/sign-in/callback"
LEEWAY_S = 120
"""How far the provider's clock may be from ours."""
_REFUSALS = {
    "access_denied": "The sign-in provider did not let you in: you have no access to Echo Hub there.",
    "login_required": "The sign-in provider wants you to sign in there first.",
    "consent_required": "The sign-in provider wants somebody to agree that Echo Hub may know who you are.",
    "interaction_required": "The sign-in provider wants to ask you something first.",
    "temporarily_unavailable": f"The sign-in provider is not available just now. {AGAIN}",
}
"""Errors that a provider sends back with the browser (RFC 6749, 4.1.2.1; OpenID Connect Core 1.0, 3.1.2.6)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Who signed in, and the token that says so, which only the browser keeps: the provider asks for it at the end."""

    claims: Claims
    id_token: str


class OpenIdConnect:
    """The hub as a client of one provider."""

    def __init__(self, settings: SignInSettings) -> None:
        self._settings = settings
        self._provider = Provider(settings)

    async def begin(self, attempt: Attempt) -> str:
        """The address at the provider where somebody signs in.

        Raises:
            ProviderError: the provider cannot be reached, or says something that cannot be used.
        """
        metadata = await self._provider.metadata()
        async with self._client() as client:
            address, _ = client.create_authorization_url(
                metadata.authorization_endpoint,
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return str(address)

    async def finish(self, attempt: Attempt, said: Mapping[str, str]) -> Answer:
        """Who signed in, after the browser came back with `said` in its address.

        Raises:
            AttemptError: the provider answers without a code.
            ProviderError: it refused, cannot be reached, or says something that cannot be trusted.
        """
        metadata = await self._provider.metadata()
        named = said.get("iss")
        # RFC 9207, 2.4: otherwise a code of another provider could be sent to this one.
        if (named is None and metadata.authorization_response_iss_parameter_supported) or (
            named is not None and named != metadata.issuer
        ):
            raise ProviderError("The answer came from another sign-in provider.", code="sign_in.provider.issuer")
        if refusal := said.get("error"):
            raise ProviderError(
                _REFUSALS.get(refusal, "The sign-in provider refused to sign you in."), code="sign_in.provider.refused"
            )
        if not said.get("code"):
            raise AttemptError(
                "The sign-in provider sent you back without an answer. Start again from the page you wanted."
            )
        token = await self._token(metadata, attempt, said["code"])
        checked = await self._checked(metadata, token, attempt.nonce)
        claims = self._claims(metadata, checked)
        if self._is_thin(claims, checked) and metadata.userinfo_endpoint and token.get("access_token"):
            claims = self._claims(metadata, checked | await self._more(metadata.userinfo_endpoint, token, checked))
        return Answer(claims, str(token["id_token"]))

    async def sign_out_address(self, id_token: str | None) -> str | None:
        """Where the provider ends its own session (OpenID Connect RP-Initiated Logout 1.0); None where it cannot."""
        try:
            metadata = await self._provider.metadata()
        except ProviderError:
            return None
        if metadata.end_session_endpoint is None:
            return None
        said = {
            "client_id": self._settings.client_id,
            "post_logout_redirect_uri": f"{self._settings.public_url}{SIGNED_OUT}",
            "id_token_hint": id_token,
        }
        parameters = [(name, value) for name, value in said.items() if value]
        return str(add_params_to_uri(metadata.end_session_endpoint, parameters))

    def _client(self) -> Any:
        settings = self._settings
        secret = settings.client_secret.get_secret_value() if settings.client_secret else None
        return AsyncOAuth2Client(
            settings.client_id,
            secret,
            token_endpoint_auth_method=settings.client_authentication if secret else "none",
            scope=" ".join(settings.scopes),
            redirect_uri=f"{settings.public_url}{CALLBACK}",
            code_challenge_method="S256",
            timeout=PATIENCE,
            verify=certificates(),
        )

    async def _token(self, metadata: Metadata, attempt: Attempt, code: str) -> Mapping[str, Any]:
        try:
            async with self._client() as client:
                token: Mapping[str, Any] = await client.fetch_token(
                    metadata.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=attempt.verifier,
                    redirect_uri=f"{self._settings.public_url}{CALLBACK}",
                )
        except httpx2.HTTPError as error:
            raise unreachable(error) from None
        except AuthlibBaseError as error:
            raise ProviderError(
                f"The sign-in provider did not accept its own code. {AGAIN}",
                code="sign_in.provider.code",
                detail=f"error {error.error}"[:100],
            ) from None
        except ValueError:
            token = {}
        if not isinstance(token.get("id_token"), str):
            raise ProviderError(
                f"The sign-in provider did not say who you are. {AGAIN}",
                code="sign_in.provider.answer",
                detail="no id_token in the answer of the token endpoint",
            )
        return token

    async def _checked(self, metadata: Metadata, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """What an ID token says, after the checks of OpenID Connect Core 1.0, 3.1.3.7."""
        said, keys = str(token["id_token"]), await self._provider.keys()
        try:
            try:
                read = _read(said, keys, metadata)
            except (InvalidKeyIdError, BadSignatureError):
                newer = await self._provider.newer_keys()
                if newer is None:
                    raise
                read = _read(said, newer, metadata)
            claims = CodeIDToken(
                read.claims,
                read.header,
                {
                    "iss": {"essential": True, "value": metadata.issuer},
                    "aud": {"essential": True, "value": self._settings.client_id},
                    "sub": {"essential": True},
                },
                {"nonce": nonce, "client_id": self._settings.client_id, "access_token": token.get("access_token")},
            )
            claims.validate(now=int(time.time()), leeway=LEEWAY_S)
        except ExpiredTokenError:
            raise ProviderError(
                "What the sign-in provider says of you is too old. Its clock and the hub's may differ.",
                code="sign_in.provider.expired",
            ) from None
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            # Told apart in the log only: which check failed helps whoever forges tokens, and nobody who signs in.
            raise ProviderError(
                "What the sign-in provider says of you cannot be trusted, so nobody was signed in.",
                code="sign_in.provider.token",
                detail=f"{type(error).__name__}: {error}"[:200],
            ) from None
        return dict(claims)

    async def _more(self, endpoint: str, token: Mapping[str, Any], checked: Mapping[str, Any]) -> dict[str, Any]:
        """What the provider says at its userinfo endpoint, for those that keep their ID tokens thin."""
        try:
            async with httpx2.AsyncClient(timeout=PATIENCE, verify=certificates()) as client:
                answer = await client.get(endpoint, headers={"authorization": f"Bearer {token['access_token']}"})
                answer.raise_for_status()
                said = answer.json()
        except httpx2.HTTPError as error:
            raise unreachable(error) from None
        except ValueError:
            said = None
        # OpenID Connect Core 1.0, 5.3.2: of somebody else it says nothing that counts.
        if not isinstance(said, dict) or said.get("sub") != checked["sub"]:
            raise ProviderError(
                "The sign-in provider speaks of somebody else the second time.", code="sign_in.provider.answer"
            )
        return {name: value for name, value in said.items() if name not in ("iss", "sub", "aud")}

    def _claims(self, metadata: Metadata, said: Mapping[str, Any]) -> Claims:
        settings = self._settings
        groups = said.get(settings.group_claim)
        return Claims(
            issuer=metadata.issuer,
            subject=str(said["sub"]),
            email=_text(said.get(settings.email_claim)),
            # It speaks of the claim `email` alone. Some providers write booleans as texts.
            email_verified=settings.email_claim == "email" and said.get("email_verified") in (True, "true", "True"),
            employee_id=_text(said.get(settings.employee_id_claim)),
            groups=tuple(str(each) for each in (groups if isinstance(groups, list) else [groups] if groups else ())),
        )

    def _is_thin(self, claims: Claims, checked: Mapping[str, Any]) -> bool:
        """Whether an ID token leaves out what is needed; Okta's do, beside an access token."""
        named = claims.email if self._settings.match_by == "email" else claims.employee_id
        return not named or (bool(self._settings.roles) and self._settings.group_claim not in checked)


def _read(said: str, keys: KeySet, metadata: Metadata) -> jwt.Token:
    registry = JWSRegistry(algorithms=metadata.algorithms, strict_check_header=False)
    return jwt.decode(said, keys, registry=registry)


def _text(value: object) -> str | None:
    """An employee id may come as a number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None
