"""SQLite on a network drive is refused with advice; drives of this machine are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from echo_hub.store import network_drive as drives
from echo_hub.store.database import open_database
from echo_hub.store.errors import DatabaseUrlError
from echo_hub.store.network_drive import network_drive

LINE = "{number} 1 0:{number} / {place} rw,relatime shared:1 - {kind} source rw\n"


@pytest.fixture
def mounted(tmp_path: Path):
    """Writes a table of mounts: the root as ext4, then each (place, kind)."""

    def write(*mounts: tuple[Path, str]) -> Path:
        table = tmp_path / "mountinfo"
        lines = [LINE.format(number=20, place="/", kind="ext4")]
        for number, (place, kind) in enumerate(mounts, 21):
            lines.append(LINE.format(number=number, place=str(place).replace(" ", r"\040"), kind=kind))
        table.write_text("".join(lines))
        return table

    return write


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "fuse.rclone", "fuse.never-heard-of"])
def test_a_network_drive_is_known_by_its_kind(tmp_path: Path, mounted, kind: str) -> None:
    assert network_drive(tmp_path / "data", mounts=mounted((tmp_path, kind))) == kind


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "overlay", "tmpfs", "fuseblk", "fuse.fuse-overlayfs", "9p"])
def test_a_disk_of_this_machine_is_none(tmp_path: Path, mounted, kind: str) -> None:
    assert network_drive(tmp_path / "data", mounts=mounted((tmp_path, kind))) is None


def test_the_innermost_mount_counts_and_names_are_compared_whole(tmp_path: Path, mounted) -> None:
    table = mounted((tmp_path / "share", "nfs4"), (tmp_path / "share" / "disk", "ext4"), (tmp_path / "a b", "cifs"))
    assert network_drive(tmp_path / "share" / "x", mounts=table) == "nfs4"
    assert network_drive(tmp_path / "share" / "disk", mounts=table) is None
    assert network_drive(tmp_path / "shared", mounts=table) is None
    assert network_drive(tmp_path / "a b" / "c", mounts=table) == "cifs"


def test_of_two_mounts_at_one_place_the_later_one_counts(tmp_path: Path, mounted) -> None:
    assert network_drive(tmp_path, mounts=mounted((tmp_path, "nfs4"), (tmp_path, "ext4"))) is None


def test_a_system_without_such_a_table_is_not_asked(tmp_path: Path) -> None:
    assert network_drive(tmp_path, mounts=tmp_path / "nowhere") is None


@pytest.mark.parametrize("named", [True, False])
def test_a_database_there_is_refused_with_advice(
    tmp_path: Path, mounted, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    table = mounted((tmp_path, "nfs4"))
    monkeypatch.setattr(drives.network_drive, "__kwdefaults__", {"mounts": table})
    with pytest.raises(DatabaseUrlError, match=r"network drive \(nfs4\).*PostgreSQL"):
        open_database(f"sqlite:///{tmp_path}/hub.db" if named else None, tmp_path)
    assert not list(tmp_path.glob("*.db"))
