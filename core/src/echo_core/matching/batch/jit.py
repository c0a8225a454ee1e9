"""How this room's functions are compiled. Imports numba, which only the extra `batch` installs."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., object])
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
_INSIDE = {**_OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_KEPT = {**_OPTIONS, "cache": True}


def jit(function: _Function) -> _Function:
    """Compiles a function for others of this room to call.

    It holds no lock while it runs, so that threads run side by side, and it counts no references: with a hundred
    arrays in its arguments that alone would take ten times as long as the work. So nothing may be allocated in it.
    """
    compiled: _Function = njit(**_INSIDE)(function)
    return compiled


def jit_entry(function: _Function) -> _Function:
    """The same for what Python calls, with the code kept on disk.

    Numba would keep it for as long as the function's own file stays the same, though it is made of many files, and
    would fail to read what another release kept once a class in it has another name: so the files it is kept in are
    named for the sources of all of them. What is called is a global of the entry: of a closure numba would keep a
    number that each process draws anew, and so find nothing that another process kept.
    """
    entry = FunctionType(_entry.__code__, {"__name__": __name__, "inside": jit(function)})
    entry.__qualname__ = f"{function.__name__}_{sources()}"
    compiled: _Function = njit(**_KEPT)(entry)
    return compiled


def _entry(*arguments: object) -> object:
    return inside(*arguments)  # type: ignore[name-defined]  # noqa: F821  a global of the copy that is compiled


def sources() -> str:
    """A digest of the sources of this room and of those whose constants are compiled in: same digest, same scores."""
    digest = blake2b(digest_size=7)
    here = Path(__file__).parent
    for file in sorted((*here.glob("*.py"), *here.parent.glob("*.py"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()
