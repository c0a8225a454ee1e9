"""Vectors of texts from models an operator brings: `wordllama` as installed, an ONNX model, or one trained here.

The first two need the optional extra `semantic`; nothing is ever downloaded. Names: "wordllama", "onnx:FOLDER",
"own:FILE" (a file that `own_encoder` wrote).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from hashlib import file_digest
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from echo_core.skills.embeddings.vectors import Encoder

_EXTRA = "install echo-hub-core[semantic] (or echo-hub[semantic])"
_WEIGHTS = "weights/l2_supercat_256.safetensors"
_TOKENS = "tokenizers/l2_supercat_tokenizer_config.json"
_LONGEST = 256
"""Word pieces a sentence model reads of one text when its tokenizer names no limit; more costs time and says little."""
_BATCH = 64


class EncoderError(ValueError):
    """A model cannot be opened: a package or a file is missing, or it is no sentence model. The operator must act."""

    code = "encoder.unavailable"


def open_encoder(spec: str) -> Encoder:
    """Opens the model a setting names.

    Args:
        spec: "wordllama"; "onnx:FOLDER" where the folder holds model.onnx (or onnx/model.onnx) and tokenizer.json; or
            "own:FILE".

    Raises:
        EncoderError: the model or a package it needs is missing; the message says what to do.
    """
    kind, _, place = spec.partition(":")
    if kind == "wordllama" and not place:
        return _WordLlama()
    if kind == "onnx" and place:
        return _Onnx(Path(place).expanduser())
    if kind == "own" and place:
        return _own(Path(place).expanduser())
    raise EncoderError(f"no vectors are called {spec!r}; write wordllama, onnx:FOLDER or own:FILE")


def _own(file: Path) -> Encoder:
    from echo_core.skills.embeddings.own_encoder import OwnEncoder

    try:
        return OwnEncoder.open(file)
    except OSError:
        raise EncoderError(f"there is no trained model at {file}; make one with `echo-hub skills train`") from None
    except ValueError as error:
        raise EncoderError(f"{file} cannot be used ({error}); make it again with `echo-hub skills train`") from None


class _WordLlama:
    """A table of word-piece vectors; a text is the mean of its pieces. Some 50,000 short texts a second."""

    def __init__(self) -> None:
        tokenizers, safetensors = _needed("wordllama", "tokenizers", "safetensors.numpy")
        # The package is not imported: its loader looks in the wrong folder and its import sets up logging for all.
        spec = find_spec("wordllama")
        if spec is None or not spec.submodule_search_locations:
            raise EncoderError(f"vectors from wordllama need the package wordllama: {_EXTRA}")
        folder = Path(next(iter(spec.submodule_search_locations)))
        for file in (_WEIGHTS, _TOKENS):
            if not (folder / file).is_file():
                raise EncoderError(f"the installed wordllama lacks its file {file}; install wordllama 0.4")
        (weights,) = safetensors.load_file(folder / _WEIGHTS).values()
        self._table = weights.astype("float32")
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / _TOKENS))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.name = f"wordllama-{metadata.version('wordllama')}-{self._table.shape[1]}"

    def encode(self, texts: Sequence[str]) -> Any:
        """One unit row per text, see `Encoder.encode`."""
        import numpy as np

        rows = np.zeros((len(texts), self._table.shape[1]), dtype=np.float32)
        encodings = self._tokenizer.encode_batch_fast([text.lower() for text in texts], add_special_tokens=False)
        for at, encoding in enumerate(encodings):
            if encoding.ids:
                rows[at] = self._table[encoding.ids].mean(axis=0)
        return _unit(rows)


class _Onnx:
    """A transformer exported to ONNX. Its last layer is pooled as the model's own 1_Pooling/config.json says, or mean.

    The model file is read at first need, so that opening it for its name alone is quick.
    """

    def __init__(self, folder: Path) -> None:
        self._runtime, tokenizers = _needed("an ONNX model", "onnxruntime", "tokenizers")
        if not folder.is_dir():
            raise EncoderError(f"the folder {folder} does not exist; name the folder that holds model.onnx")
        places = (folder / "model.onnx", folder / "onnx" / "model.onnx")
        model = next((place for place in places if place.is_file()), None)
        if model is None:
            raise EncoderError(f"{folder} holds no model.onnx; export the sentence model to ONNX into this folder")
        words = folder / "tokenizer.json"
        if not words.is_file():
            raise EncoderError(f"{folder} holds no tokenizer.json; copy it there from the model's own folder")
        self._file = model
        self._tokenizer = _read_tokenizer(tokenizers, words)
        self._first_token = _pools_first_token(folder)
        with model.open("rb") as stream:
            digest = file_digest(stream, "sha256")
        digest.update(words.read_bytes())
        self.name = f"{folder.resolve().name}-{digest.hexdigest()[:12]}"

    @cached_property
    def _session(self) -> Any:
        options = self._runtime.SessionOptions()
        options.intra_op_num_threads = _threads()
        options.log_severity_level = 3
        try:
            session = self._runtime.InferenceSession(str(self._file), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise EncoderError(f"{self._file} cannot be opened as an ONNX model ({type(error).__name__})") from error
        unknown = {tensor.name for tensor in session.get_inputs()} - {"input_ids", "attention_mask", "token_type_ids"}
        if unknown:
            raise EncoderError(f"{self._file} is no sentence model: it asks for {', '.join(sorted(unknown))}")
        return session

    def encode(self, texts: Sequence[str]) -> Any:
        """One unit row per text, see `Encoder.encode`. Texts of like length go together, so little is padded."""
        import numpy as np

        names = [tensor.name for tensor in self._session.get_inputs()]
        width = int(self._session.get_outputs()[0].shape[-1])
        rows = np.zeros((len(texts), width), dtype=np.float32)
        encodings = self._tokenizer.encode_batch([text.lower() for text in texts])
        for numbers in _batches([len(encoding.ids) for encoding in encodings]):
            longest = max(len(encodings[at].ids) for at in numbers)
            ids = np.zeros((len(numbers), longest), dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, at in enumerate(numbers):
                token_ids = encodings[at].ids
                ids[row, : len(token_ids)] = token_ids
                mask[row, : len(token_ids)] = 1
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            layer = self._session.run(None, {name: given[name] for name in names})[0]
            rows[numbers] = self._pooled(layer, mask)
        rows[[not text.strip() for text in texts]] = 0.0
        return _unit(rows)

    def _pooled(self, layer: Any, mask: Any) -> Any:
        """One row per text of a texts × pieces × dimensions layer; a model that pools by itself gives rows already."""
        if layer.ndim == 2:
            return layer
        if self._first_token:
            return layer[:, 0]
        shares = mask[:, :, None].astype(layer.dtype)
        return (layer * shares).sum(axis=1) / shares.sum(axis=1).clip(min=1.0)


def _needed(what: str, *modules: str) -> list[Any]:
    """The modules, or one sentence that says which extra brings the missing one."""
    needed = []
    for module in modules:
        try:
            needed.append(import_module(module))
        except ImportError:
            package = module.partition(".")[0]
            raise EncoderError(f"vectors from {what} need the package {package}: {_EXTRA}") from None
    return needed


def _read_tokenizer(tokenizers: Any, file: Path) -> Any:
    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(file))
    except Exception as error:
        raise EncoderError(f"{file} cannot be read as a tokenizer ({type(error).__name__})") from error
    limit = tokenizer.truncation["max_length"] if tokenizer.truncation else _LONGEST
    tokenizer.enable_truncation(min(limit, _LONGEST))
    tokenizer.no_padding()
    return tokenizer


def _pools_first_token(folder: Path) -> bool:
    file = folder / "1_Pooling" / "config.json"
    return file.is_file() and bool(json.loads(file.read_text(encoding="utf-8")).get("pooling_mode_cls_token"))


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]


def _threads() -> int:
    """Cores this process may use; a container's share where the system tells it."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _unit(rows: Any) -> Any:
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1.0)
