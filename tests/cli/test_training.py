"""`echo-hub skills train`: from the built-in names to vectors the hub uses, and back without the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from echo_core.connectors.errors import ConfigError
from echo_hub.application import Hub
from echo_hub.surfaces.cli import main


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "echo-hub.toml"
    file.write_text('[hub]\ndata_dir = "data"\n[matching]\nvectors = "own"\n', encoding="utf-8")
    return file


def test_a_trained_model_is_what_the_setting_names(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(settings), "--no-plugins", "skills", "train", "--passes", "0.1"]) == 0
    told = capsys.readouterr().out
    kept = settings.parent / "data" / "vectors" / "own.npz"
    assert str(kept) in told
    with Hub.open(settings, no_plugins=True) as hub:
        encoder = hub.encoder
        assert encoder is not None
        assert told.startswith(f"{encoder.name} learned in")
        assert encoder.encode(["Python", ""]).shape == (2, 128)
        bridge = hub.bridge(hub.taxonomy())
        assert bridge is not None
        assert bridge.occupations("Data Engineer")[0].occupation_id == "starter:role/data-engineer"


def test_without_the_model_the_setting_says_what_to_do(settings: Path) -> None:
    with Hub.open(settings, no_plugins=True) as hub, pytest.raises(ConfigError, match="echo-hub skills train"):
        assert hub.encoder
