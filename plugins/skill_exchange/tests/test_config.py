"""Settings: what is refused, in words, and never with the token in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from echo_hub_skill_exchange.config import SkillExchangeConfig

Make = Callable[..., SkillExchangeConfig]


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"base_url": "http://backstage.corp.example"}, "must be https"),
        ({"base_url": "ftp://backstage.corp.example"}, "must be an http or https address"),
        ({"base_url": ""}, "must be an http or https address"),
        ({"base_url": "https://user:pass@backstage.corp.example"}, "must not hold a user name"),
        ({"annotation_prefix": "not a domain"}, "must be a domain of yours"),
        ({"employee_id_annotation": "a b"}, "must be one annotation key"),
        ({"link_template": "/x/{person}"}, "unknown placeholder 'person'"),
        ({"link_template": "/x/{ref"}, "braces do not match"),
        ({"page_size": 0}, "greater than or equal to 1"),
        ({"search_types": ["gigs"]}, "sources.search is off"),
        ({"field_map": {"colour": "x"}}, "Input should be 'apply-url'"),
        ({"surprise": 1}, "Extra inputs are not permitted"),
    ],
)
def test_refuses_with_a_sentence(make_config: Make, settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        make_config(**settings)


@pytest.mark.parametrize("token", ["short", "has white space", "tab\there-too"])
def test_refuses_a_token_backstage_would_refuse_without_repeating_it(make_config: Make, token: str) -> None:
    with pytest.raises(ValidationError, match="at least 8 characters") as caught:
        make_config(token=token)
    assert token not in str(caught.value)


def test_never_shows_the_token(make_config: Make) -> None:
    config = make_config()
    assert "invented-token-1234" not in repr(config) + str(config) + config.model_dump_json()


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:7007", "http://localhost:7007/", "https://b.example/api/"])
def test_accepts_loopback_over_http_and_trims_what_people_paste(make_config: Make, base_url: str) -> None:
    config = make_config(base_url=base_url)
    assert config.base_url == base_url.rstrip("/").removesuffix("/api")
    assert config.app == config.base_url


def test_derives_annotation_keys_from_the_prefix_unless_named(make_config: Make) -> None:
    config = make_config(annotation_prefix="Talent.Corp.Example/")
    assert config.annotation("status") == "talent.corp.example/status"
    assert config.employee_id_key == "talent.corp.example/employee-id"
    assert make_config(employee_id_annotation="corp.example/hr-id").employee_id_key == "corp.example/hr-id"
    assert make_config(skills_annotation="corp.example/can").skills_key == "corp.example/can"
