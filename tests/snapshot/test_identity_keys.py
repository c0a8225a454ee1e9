"""One person's key however a system writes it."""

from __future__ import annotations

import pytest

from echo_hub.snapshot.directory.keys import identity_key, mail_key


@pytest.mark.parametrize(
    "written",
    ["lz@example.org", "LZ@Example.org", " lz@example.org ", "lz@example.org\u00a0", "\ufefflz@example.org\u200b",
     "Łukasz <lz@example.org>", '"Żółć, Łukasz" <LZ@example.org>', "mailto:lz@example.org"],
)  # fmt: skip
def test_an_address_is_the_same_however_it_is_written(written: str) -> None:
    assert mail_key(written) == "lz@example.org"


def test_an_address_is_another_with_another_tag_or_apostrophe_elsewhere() -> None:
    assert mail_key("ak+lms@example.org") != mail_key("ak@example.org")
    assert mail_key("o’brien@example.org") == mail_key("o'brien@example.org")


@pytest.mark.parametrize("written", ["000130", "000130 ", "000130\u00a0", "\u200b000130"])
def test_an_employee_id_is_the_same_whatever_surrounds_it_and_keeps_its_zeros(written: str) -> None:
    assert identity_key(written) == "000130"
    assert identity_key("130") != identity_key(written)


@pytest.mark.parametrize("written", [None, "", "  ", "\u200b", "\u00a0", "Nobody <>"])
def test_nothing_is_no_key(written: str | None) -> None:
    assert mail_key(written) is None
