"""What can go wrong when a hub is backed up, restored or upgraded."""

from __future__ import annotations

from typing import ClassVar

from echo_core.connectors.errors import HubError


class BackupError(HubError):
    """The file cannot be written, is damaged, or does not fit this hub or its database. Nothing was changed."""

    code: ClassVar[str] = "backup.file"
    who: ClassVar[str] = "the operator"
