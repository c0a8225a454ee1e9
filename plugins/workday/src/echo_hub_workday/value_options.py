"""How a company's reports write dates, countries, levels and the like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from echo_core.text.countries import is_country
from echo_hub_workday.folding import fold
from echo_hub_workday.languages import is_tag
from echo_hub_workday.time_zones import is_zone

T = TypeVar("T")


class Values(BaseModel):
    """How this company's reports write dates, countries, levels and the like."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date_order: Literal["month_first", "day_first"] | None = Field(
        None,
        title="Order of dates",
        description="How to read 10/05/2020. Without it only year-first dates (2020-10-05) are accepted; a date that "
        "could be read two ways is refused, not guessed.",
    )
    fte: Literal["auto", "percent", "fraction"] = Field(
        "auto",
        title="Unit of FTE",
        description="percent: 80 means 0.8. fraction: 0.8 means 0.8. auto: above 2 it is a percentage.",
    )
    worker_types: dict[str, Literal["employee", "contingent"]] = Field(
        default_factory=dict,
        title="Words for worker types",
        description='The company\'s own words, e.g. { "Associate" = "employee" }.',
    )
    levels: dict[str, Annotated[int, Field(ge=1, le=5)]] = Field(
        default_factory=dict,
        title="Words for levels",
        description="The company's own proficiency words or numbers to 1 (aware) to 5 (expert), "
        'e.g. { "Black belt" = 5 }.',
    )
    countries: dict[str, str] = Field(
        default_factory=dict,
        title="Names of countries",
        description='Own spellings to ISO 3166-1 alpha-2 codes, e.g. { "UK & Ireland HQ" = "GB" }.',
    )
    languages: dict[str, str] = Field(
        default_factory=dict,
        title="Names of languages",
        description='Own spellings to BCP 47 tags, e.g. { "Schwiizerdütsch" = "gsw" }.',
    )
    time_zones: dict[str, str] = Field(
        default_factory=dict,
        title="Time zones by city",
        description='Cities to IANA time zone names, e.g. { "Sophia Antipolis" = "Europe/Paris" }.',
    )
    work_email_domains: tuple[str, ...] = Field(
        (),
        title="Domains of work e-mail",
        description="When given, only addresses of these domains are taken; every other address is dropped.",
    )

    @field_validator("worker_types", "levels", "countries", "languages", "time_zones", mode="after")
    @classmethod
    def _one_spelling(cls, table: dict[str, T]) -> dict[str, T]:
        return {fold(word): value for word, value in table.items()}

    @field_validator("countries")
    @classmethod
    def _known_countries(cls, table: dict[str, str]) -> dict[str, str]:
        return _only(table, is_country, "an ISO 3166-1 alpha-2 code such as FR")

    @field_validator("languages")
    @classmethod
    def _known_languages(cls, table: dict[str, str]) -> dict[str, str]:
        return _only(table, is_tag, "a BCP 47 tag such as pt-BR")

    @field_validator("time_zones")
    @classmethod
    def _known_zones(cls, table: dict[str, str]) -> dict[str, str]:
        return _only(table, is_zone, "an IANA time zone such as Europe/Paris")

    @field_validator("work_email_domains")
    @classmethod
    def _bare_domains(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(domain.strip().lower().lstrip("@") for domain in domains)


def _only(table: dict[str, str], known: Callable[[str], bool], wanted: str) -> dict[str, str]:
    if wrong := sorted(value for value in table.values() if not known(value)):
        raise ValueError(f"{', '.join(wrong)} is not {wanted}")
    return table
