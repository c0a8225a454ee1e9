"""What can be wrong with a request, in words for the person who made it."""

from __future__ import annotations

from typing import ClassVar

from echo_core.model.message import Message
from echo_hub.services.views import PersonView


class RequestError(LookupError):
    """Something asked for is not there, or not one thing. `message` is a whole sentence to show."""

    code: ClassVar[str] = "request.not_found"
    why: Message | None = None
    """What to say beside the message, where there is more to say."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UnknownPersonError(RequestError):
    """Nobody is called that. `candidates` have similar names."""

    code: ClassVar[str] = "person.unknown"

    def __init__(self, text: str, candidates: tuple[PersonView, ...] = ()) -> None:
        hint = f" Did you mean {_listed(candidates)}?" if candidates else ""
        super().__init__(f"There is no person {text!r}.{hint}")
        self.candidates = candidates


class AmbiguousPersonError(RequestError):
    """Several people, `count` of them, are meant by that. `candidates` are the first."""

    code: ClassVar[str] = "person.ambiguous"

    def __init__(self, text: str, candidates: tuple[PersonView, ...], count: int) -> None:
        super().__init__(f"{text!r} fits {count} people: {_listed(candidates)}. Use an id or an e-mail address.")
        self.candidates = candidates
        self.count = count


class UnknownOpportunityError(RequestError):
    """No listed opportunity has this id. `why` says which rule hides it, when one does."""

    code: ClassVar[str] = "opportunity.unknown"

    def __init__(self, opportunity_id: str, rule: str | None = None) -> None:
        super().__init__(f"There is no listed opportunity {opportunity_id!r}.")
        self.why = None if rule is None else Message(f"hidden-{rule.replace('_', '-')}")


class KindOffError(UnknownOpportunityError):
    """It is listed, and its kind is switched off for whoever asks."""

    def __init__(self, opportunity_id: str) -> None:
        super().__init__(opportunity_id)
        self.why = Message("kind-switched-off")


class NotMatchedError(RequestError):
    """Nothing says how an opportunity fits a person: matching, or its kind, is off for them. `why` says who said so."""

    code: ClassVar[str] = "matching.off"
    why: Message

    def __init__(self, message: str, why: Message) -> None:
        super().__init__(message)
        self.why = why


class ChoiceError(RequestError):
    """What is wanted cannot be done; the message says why and what can."""

    code: ClassVar[str] = "decision.impossible"


class UnknownSkillError(RequestError):
    """No skill has this id or name."""

    code: ClassVar[str] = "skill.unknown"


class UnknownTokenError(RequestError):
    """No service token has this number."""

    code: ClassVar[str] = "token.unknown"

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no service token {number}.")


def _listed(people: tuple[PersonView, ...]) -> str:
    shown = ", ".join(f"{person.name} ({person.id})" for person in people[:5])
    return shown + (f" and {len(people) - 5} more" if len(people) > 5 else "")
