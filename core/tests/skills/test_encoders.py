"""Models an operator brings: what is missing is said in one sentence, and large batches are encoded once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from echo_core.skills.embeddings import encoders
from echo_core.skills.embeddings.encoders import EncoderError, open_encoder
from echo_core.skills.embeddings.vector_cache import KeptVectors


class Counting:
    """Rows that say how often they were asked for."""

    name = "counting/1"

    def __init__(self) -> None:
        self.calls = 0

    def encode(self, texts: Any) -> Any:
        self.calls += 1
        return np.full((len(texts), 3), self.calls, dtype=np.float32)


def requirements(package: str) -> None:
    """Skips where the optional extra is not installed; never on the build server, which has it."""
    if os.environ.get("CI") == "true":
        return
    pytest.importorskip(package)


@pytest.mark.parametrize("spec", ["", "glove", "onnx:", "wordllama:large"])
def test_an_unknown_model_is_refused_with_the_valid_ones(spec):
    with pytest.raises(EncoderError, match="write wordllama"):
        open_encoder(spec)


@pytest.mark.parametrize("spec", ["wordllama", "onnx:somewhere"])
def test_a_missing_package_is_named_with_the_extra_that_brings_it(spec, monkeypatch):
    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(encoders, "import_module", refuse)
    with pytest.raises(EncoderError, match=r"need the package (tokenizers|onnxruntime): install .*\[semantic\]"):
        open_encoder(spec)


def test_a_folder_that_is_no_model_is_refused_with_what_it_lacks(tmp_path: Path):
    requirements("onnxruntime")
    with pytest.raises(EncoderError, match="does not exist"):
        open_encoder(f"onnx:{tmp_path / 'none'}")
    with pytest.raises(EncoderError, match=r"holds no model\.onnx"):
        open_encoder(f"onnx:{tmp_path}")
    (tmp_path / "model.onnx").write_bytes(b"no model")
    with pytest.raises(EncoderError, match=r"holds no tokenizer\.json"):
        open_encoder(f"onnx:{tmp_path}")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(EncoderError, match="cannot be read as a tokenizer"):
        open_encoder(f"onnx:{tmp_path}")


def test_wordllama_gives_unit_rows_without_a_network_and_ignores_case():
    requirements("wordllama")
    encoder = open_encoder("wordllama")
    rows = encoder.encode(["Software developer", "SOFTWARE DEVELOPER", "programmer of software", "midwife", ""])
    assert rows.dtype == np.float32
    assert rows.shape == (5, 256)
    assert np.linalg.norm(rows[:4], axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert not rows[4].any()
    assert np.allclose(rows[0], rows[1])
    assert rows[0] @ rows[2] > rows[0] @ rows[3]
    assert encoder.name.startswith("wordllama-")


def test_a_taxonomy_is_encoded_once_and_queries_are_not_kept(tmp_path: Path):
    texts = [f"skill {number}" for number in range(600)]
    first = Counting()
    rows = KeptVectors(first, tmp_path / "vectors").encode(texts)
    second = Counting()
    again = KeptVectors(second, tmp_path / "vectors")
    assert np.array_equal(again.encode(texts), rows)
    assert second.calls == 0
    again.encode(texts[:10])
    again.encode([*texts, "one more"])
    assert second.calls == 2
    assert len(list((tmp_path / "vectors").iterdir())) == 2


def test_a_broken_file_of_vectors_is_made_again(tmp_path: Path):
    texts = [f"skill {number}" for number in range(600)]
    KeptVectors(Counting(), tmp_path).encode(texts)
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"half a file")
    encoder = Counting()
    assert KeptVectors(encoder, tmp_path).encode(texts).shape == (600, 3)
    assert encoder.calls == 1
