"""What the operator wrote: connections by name, secrets by reference, and one error that lists every problem."""

from echo_hub.settings.file import DEFAULT_FILE, ConnectionSettings, HubSettings, Settings, read_settings
from echo_hub.settings.problems import Problem, SettingsError
from echo_hub.settings.secrets import resolve_secret
from echo_hub.settings.sign_in import SignInSettings

__all__ = [
    "DEFAULT_FILE",
    "ConnectionSettings",
    "HubSettings",
    "Problem",
    "Settings",
    "SettingsError",
    "SignInSettings",
    "read_settings",
    "resolve_secret",
]
