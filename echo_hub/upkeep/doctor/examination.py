"""Everything the doctor looks at, in the order in which it would fail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from echo_core.connectors.loader import load_plugins
from echo_hub.settings import SettingsError, read_settings
from echo_hub.sync.connection import utc_now
from echo_hub.upkeep.doctor.database import database_findings
from echo_hub.upkeep.doctor.finding import Finding
from echo_hub.upkeep.doctor.installation import installation_findings
from echo_hub.upkeep.doctor.network import network_findings
from echo_hub.upkeep.doctor.settings_file import settings_findings


def examine(
    file: Path,
    *,
    no_plugins: bool = False,
    host: str = "127.0.0.1",
    online: bool = False,
    now: Callable[[], datetime] = utc_now,
) -> list[Finding]:
    """What is wrong with a set-up; writes nothing, and asks no other machine but the database's unless `online`.

    Args:
        file: the settings file.
        host: the address `echo-hub serve` is to listen on.
        online: also ask every connection's host, without a credential.
    """
    registry = load_plugins(no_plugins=no_plugins)
    findings: list[Finding] = []
    try:
        settings = read_settings(file, registry.connectors, broken=registry.broken)
        put_aside = [problem for problems in settings.unusable.values() for problem in problems]
        findings += settings_findings(file, put_aside)
    except SettingsError as error:
        findings += settings_findings(file, error.problems)
        try:
            settings = read_settings(file, registry.connectors, broken=registry.broken, lenient=True)
        except SettingsError:
            return findings
    findings += installation_findings(settings, host)
    findings += database_findings(settings, now())
    if online:
        findings += network_findings(settings, now)
    return findings
