"""What a list can be narrowed to: which values a filter knows, and what to say about one it does not."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import ClassVar

from echo_core.text.countries import country_code, country_name
from echo_core.text.language_names import language_code, language_name
from echo_core.text.normal_form import comparable
from echo_hub.services.errors import RequestError
from echo_hub.services.views import Filters
from echo_hub.snapshot.search.facets import ANYWHERE
from echo_hub.snapshot.snapshot import Snapshot

_SOME = 5


class UnknownValueError(RequestError):
    """A filter's `field` has a `value` that nothing can have; the message says what there is."""

    code: ClassVar[str] = "filter.unknown"

    def __init__(self, field: str, value: str, hint: str) -> None:
        super().__init__(f"There is no {field} {value!r} to filter by. {hint}")
        self.field, self.value = field, value


def understood(snapshot: Snapshot, filters: Filters) -> Filters:
    """The filters with their values as the snapshot writes them: "Deutschland" is DE, "k8s" the id of Kubernetes.

    Known are the values of what is listed now and, so that an address kept from another day still works, countries and
    languages with an ISO code, skills of the graph and the departments of people. Blank values count as none.

    Raises:
        UnknownValueError: a value is not known.
    """
    if not filters.active:
        return filters
    meanings = {}
    for field in _ELSEWHERE:
        texts = [text for value in getattr(filters, field) if (text := value.strip())]
        meanings[field] = tuple(dict.fromkeys(_known(snapshot, field, text) for text in texts))
    return filters.model_copy(update=meanings)


def _known(snapshot: Snapshot, field: str, text: str) -> str:
    value = snapshot.facets.value(field, text) or _ELSEWHERE[field](snapshot, text)
    if value is None:
        raise UnknownValueError(field, text, _hint(snapshot, field, text))
    return value


def _department(snapshot: Snapshot, text: str) -> str | None:
    names = {comparable(person.org_unit): person.org_unit for person in snapshot.people if person.org_unit}
    return names.get(comparable(text))


def _skill(snapshot: Snapshot, text: str) -> str | None:
    skill = snapshot.taxonomy.get(text)
    return snapshot.names.meaning(text) if skill is None else snapshot.taxonomy.standing_for(skill.id)


_ELSEWHERE: dict[str, Callable[[Snapshot, str], str | None]] = {
    "country": lambda _, text: ANYWHERE if text.casefold() == ANYWHERE else country_code(text),
    "department": _department,
    "skill": _skill,
    "language": lambda _, text: language_code(text),
}
"""What a value means that nothing listed has, by field; kinds and ways of working are few and fixed in `Filters`."""


def _hint(snapshot: Snapshot, field: str, text: str) -> str:
    labels = snapshot.facets.labels(field)
    if field == "country":
        return f"Give an ISO code such as SE, or a name such as {country_name('SE')}.{_listed('Listed now', labels)}"
    if field == "language":
        return f"Give an ISO code such as de, or a name such as {language_name('de')}.{_listed('Listed now', labels)}"
    folded = {comparable(label): label for label in labels}
    near = [folded[match] for match in get_close_matches(comparable(text), folded, _SOME)]
    return (_listed("Near it", near) or _listed("The most frequent", labels) or " Nothing listed has one.").strip()


def _listed(what: str, labels: list[str]) -> str:
    more = f" and {len(labels) - _SOME} more" if len(labels) > _SOME else ""
    return f" {what}: {', '.join(labels[:_SOME])}{more}." if labels else ""
