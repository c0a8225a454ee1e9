"""One consistent view of people and opportunities, built from the store and swapped whole."""

from echo_hub.snapshot.build import build_snapshot
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.directory.people import DirectoryPerson
from echo_hub.snapshot.holder import SnapshotHolder
from echo_hub.snapshot.ranking.columns import MatchSettings
from echo_hub.snapshot.snapshot import Snapshot

__all__ = ["DirectoryPerson", "Listing", "MatchSettings", "Snapshot", "SnapshotHolder", "build_snapshot"]
