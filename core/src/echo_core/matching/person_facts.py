"""What features and eligibility rules know about one person, apart from skills."""

from __future__ import annotations

from dataclasses import dataclass

from echo_core.matching.arrays import IntArray


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What preferences and rules know about a person. Column numbers are those of the snapshot's opportunity facts.

    `country` is -1 when unknown (or when no opportunity names it). `languages` are columns the person is known to
    speak; `languages_known` tells "speaks none of them" from "we do not know"; `english` is English's column or -1.

    The `prefers_` fields and `free_from` (a proleptic ordinal) are wishes, None where the person has none: hours a
    week at most, remote or not, countries by column. `counted_in` are the opportunities whose demand counts the person.
    """

    country: int = -1
    country_known: bool = False
    languages: tuple[int, ...] = ()
    languages_known: bool = False
    english: int = -1
    prefers_hours: float | None = None
    prefers_remote: bool | None = None
    prefers_countries: tuple[int, ...] | None = None
    free_from: int | None = None
    counted_in: IntArray | None = None
