"""Several things of one request that cannot be done, told together."""

from __future__ import annotations

from collections.abc import Sequence

from echo_hub.services.errors import ChoiceError, RequestError


class SeveralWrongError(ChoiceError):
    """Nothing was stored. `sentences` say what is wrong with each of the things that cannot be done."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def several_wrong(errors: Sequence[RequestError]) -> RequestError:
    """The only error itself, or one that tells all of them."""
    return errors[0] if len(errors) == 1 else SeveralWrongError(tuple(error.message for error in errors))


def sentences(error: RequestError) -> tuple[str, ...]:
    """What is wrong, a sentence for each thing."""
    return error.sentences if isinstance(error, SeveralWrongError) else (error.message,)
