"""Whether a folder lies on a network drive, where SQLite's locks and its shared memory do not work.

SQLite's own word: "All processes using a database must be on the same host computer; WAL does not work over a network
filesystem" (sqlite.org/wal.html), and locks over NFS lose databases (sqlite.org/howtocorrupt.html, section 2.1).
"""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
"""What is mounted where on Linux (proc_pid_mountinfo(5)); other systems have no such file and are not asked."""
NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "gpfs", "beegfs")
)
LOCAL_FUSE = frozenset(
    ("fuse-overlayfs", "mergerfs", "bindfs", "gocryptfs", "encfs", "cryfs", "ntfs-3g", "ntfs", "exfat", "zfs", "portal")
)
"""Kinds of user-space file systems over a disk of this machine; of any other it cannot be said."""


def network_drive(folder: Path, *, mounts: Path = MOUNTS) -> str | None:
    """The kind of network drive that a folder lies on, such as "nfs4"; None for a disk of this machine."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    place = folder.resolve()
    kind, longest = "", -1
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = Path(_unescaped(fields[4]))
        # Of two mounts at one place the later one is seen.
        if place.is_relative_to(point) and len(point.parts) >= longest:
            kind, longest = after.split(" ")[0], len(point.parts)
    return kind if _is_network(kind) else None


def _is_network(kind: str) -> bool:
    family, _, member = kind.partition(".")
    return kind in NETWORK or (family == "fuse" and member not in LOCAL_FUSE)


def _unescaped(text: str) -> str:
    """Blanks and backslashes of a path stand as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda escape: chr(int(escape[1], 8)), text)
