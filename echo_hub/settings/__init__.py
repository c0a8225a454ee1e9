"""What the operator wrote: connections by name, secrets by reference, and one error that lists every problem."""

from echo_hub.settings.file import DEFAULT_FILE, ConnectionSettings, HubSettings, Settings, read_settings
from echo_hub.settings.problems import Problem, SettingsError
from echo_hub.settings.secrets import resolve_secret

__all__ = [
    "DEFAULT_FILE",
    "ConnectionSettings",
    "HubSettings",
    "Problem",
    "Settings",
    "SettingsError",
    "read_settings",
    "resolve_secret",
]
