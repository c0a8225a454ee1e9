"""Reading countries and remote mode from locations as people type them."""

from __future__ import annotations

import pytest

from echo_hub_greenhouse.location import city_of, country_of, read_location


@pytest.mark.parametrize(
    ("text", "countries", "remote"),
    [
        ("London, UK", ("GB",), None),
        ("London, England, United Kingdom", ("GB",), None),
        ("Remote", (), "remote"),
        ("Remote, Italy", ("IT",), "remote"),
        ("Remote (United States)", ("US",), "remote"),
        ("Remote - US", ("US",), "remote"),
        ("US-Remote", ("US",), "remote"),
        ("Remote-India (PEO)", ("IN",), "remote"),
        ("Remote in Germany", ("DE",), "remote"),
        ("Hybrid - Stockholm, Sweden", ("SE",), "hybrid"),
        ("On-site: Tokyo", ("JP",), "on_site"),
        ("Homeoffice, Deutschland", ("DE",), "remote"),
        ("San Francisco, CA | New York City, NY | Seattle, WA", ("US",), None),
        ("London, UK; Ontario, CAN; Remote-Friendly, United States", ("CA", "GB", "US"), "remote"),
        ("Paris or Berlin", ("DE", "FR"), None),
        ("UK & Ireland", ("GB", "IE"), None),
        ("Bosnia and Herzegovina", ("BA",), None),
        ("Atlanta, GA, United States", ("US",), None),
        ("Portland, OR", ("US",), None),
        ("Berlin, DE", ("DE",), None),
        ("Toronto, CA", ("CA",), None),
        ("Bangalore", ("IN",), None),
        ("Cluj-Napoca", ("RO",), None),
        ("NYC", ("US",), None),
        ("", (), None),
    ],
)
def test_location_text_gives_countries_and_mode(text: str, countries: tuple[str, ...], remote: str | None) -> None:
    found = read_location([text])
    assert (found.countries, found.remote) == (countries, remote)


@pytest.mark.parametrize("text", ["Springfield, CA", "Tbilisi, Georgia", "EMEA", "Somewhere, IN", "Georgia", "or"])
def test_ambiguous_or_unknown_places_give_no_country(text: str) -> None:
    assert read_location([text]).countries == ()


def test_one_unreadable_place_among_several_leaves_the_job_open_to_everyone() -> None:
    assert read_location(["London, UK", "Springfield"]).countries == ()


def test_a_bare_remote_beside_an_office_means_anywhere() -> None:
    found = read_location(["Stockholm, Sweden", "Remote"])
    assert (found.countries, found.remote) == ((), "remote")


def test_rows_of_one_post_add_up_sorted_and_without_repeats() -> None:
    assert read_location(["Oslo", "Stockholm, Sweden", "Oslo, Norway"]).countries == ("NO", "SE")


@pytest.mark.parametrize(
    ("text", "city", "country"),
    [
        ("New York, NY, USA", "New York", "US"),
        ("London, England, United Kingdom", "London", "GB"),
        ("Singapore, Singapore", "Singapore", "SG"),
        ("British Columbia, Canada", None, "CA"),
        ("United States", None, "US"),
        ("Remote, Italy", None, "IT"),
        (None, None, None),
    ],
)
def test_an_office_address_gives_its_city_and_country(text: str | None, city: str | None, country: str | None) -> None:
    assert (city_of(text), country_of(text)) == (city, country)


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Remote Canada, Germany, France, UK", ("CA", "DE", "FR", "GB")),
        ("US, Canada", ("CA", "US")),
        ("Sweden, Norway and Denmark", ("DK", "NO", "SE")),
        ("New York, London", ("GB", "US")),
        ("Holland, MI", ("US",)),
        ("Peru, OH", ("US",)),
        ("Perth, WA", ("AU",)),
        ("Seattle, WA", ("US",)),
        ("London, UK", ("GB",)),
        ("London, Ontario, CAN", ("CA",)),
        ("Accra, Ghana", ("GH",)),
        ("Pristina, Kosovo", ("XK",)),
        ("Atlanta, Georgia", ("US",)),
        ("Tbilisi, Georgia", ()),
    ],
)
def test_a_list_of_places_is_all_of_them_and_an_address_is_its_largest_part(text, countries):
    assert read_location([text]).countries == countries


@pytest.mark.parametrize("text", ["Not remote - Oslo", "Oslo (no remote)", "Non-remote, Oslo"])
def test_what_is_not_remote_is_on_site(text):
    assert read_location([text]).remote == "on_site"
    assert read_location([text]).countries == ("NO",)
