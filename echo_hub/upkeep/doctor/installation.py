"""Mistakes of the installation: folders, packages that the settings ask for, and who can reach the hub."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from echo_core.http.auth import TokenAuth
from echo_hub.settings import ConnectionSettings, Settings
from echo_hub.settings.sign_in import is_this_machine
from echo_hub.upkeep.doctor.finding import Finding, advice, wrong


def installation_findings(settings: Settings, host: str) -> Iterator[Finding]:
    """What is wrong around the settings."""
    yield from _folder(settings.data_dir)
    yield from _packages(settings)
    yield from _sign_in(settings, host)
    yield from _vendor_tokens(settings)


def _folder(folder: Path) -> Iterator[Finding]:
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        yield wrong("folder.not_writable", str(place), "A file is where the data folder is to lie.", "Move it.")
    elif not os.access(place, os.W_OK | os.X_OK):
        yield wrong(
            "folder.not_writable",
            str(place),
            "The user that runs this command may not write there, and the data folder must be writable.",
            f"chown it to the user that runs the hub, or set data_dir; run this command as that user. ({folder})",
        )


def _packages(settings: Settings) -> Iterator[Finding]:
    kind = (settings.vectors or "").partition(":")[0]
    package = {"wordllama": "wordllama", "onnx": "onnxruntime"}.get(kind)
    if package is not None and find_spec(package) is None:
        yield wrong(
            "extra.missing",
            f"{settings.file}: matching.vectors",
            f"The setting needs the package {package}, which is not installed.",
            'pip install "echo-hub[semantic]", or take the line out.',
        )
    if kind == "own" and not (settings.data_dir / "vectors" / "own.npz").exists():
        yield wrong(
            "vectors.untrained",
            f"{settings.file}: matching.vectors",
            "The hub's own vectors have not been trained yet.",
            "Import a taxonomy, then run echo-hub skills train.",
        )


def _sign_in(settings: Settings, host: str) -> Iterator[Finding]:
    sign_in, where = settings.sign_in, f"{settings.file}: sign_in"
    if sign_in.is_open_to_others:
        if "hr_operations" not in sign_in.roles:
            yield advice(
                "sign_in.nobody_operates",
                f"{where}.roles",
                "No group makes anybody HR operations: nobody can decide what waits for a person.",
                "Name the groups under [sign_in.roles]; docs/sign-in.md says how.",
            )
    elif not is_this_machine(host):
        yield wrong(
            "sign_in.open",
            f"--host {host}",
            "Other machines could reach the hub there, and development sign-in lets anybody act as anybody.",
            "Set up [sign_in] with method oidc or proxy (docs/sign-in.md), or serve on 127.0.0.1.",
        )
    elif settings.serve.proxies or settings.serve.base_path or sign_in.public_url:
        yield wrong(
            "sign_in.open",
            where,
            "The hub is set up behind a proxy, and development sign-in refuses everybody who comes through one.",
            "Set up [sign_in] with method oidc or proxy: docs/sign-in.md.",
        )


def _vendor_tokens(settings: Settings) -> Iterator[Finding]:
    minting = [connection.name for connection in settings.connections if _mints_tokens(connection)]
    if minting and not settings.vendor_tokens.keys:
        yield advice(
            "vendor_tokens.not_shared",
            f"{settings.file}: vendor_tokens.key",
            f"Every process asks for access tokens of its own ({', '.join(minting)}), and some vendors end the one "
            "before with each: a check logs a sync out.",
            "Set a key, such as openssl rand -base64 32 makes; docs/operations.md says how.",
        )


def _mints_tokens(connection: ConnectionSettings) -> bool:
    with suppress(Exception):  # what else is wrong with a plug-in is said elsewhere
        if connection.connector.http is not None:
            return isinstance(connection.connector.http_settings(connection.config).auth, TokenAuth)
    return False
