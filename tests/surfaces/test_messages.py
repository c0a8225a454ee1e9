"""Catalogues: a language of its own, English where it lacks a sentence, and the language a reader asks for."""

from __future__ import annotations

import ast
from contextvars import copy_context
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

import echo_core.matching
import echo_hub.services
from echo_core.model.message import Message
from echo_hub.services.views import Gate, Sentence
from echo_hub.snapshot.directory.identity import REASONS
from echo_hub.surfaces.cli.app import run
from echo_hub.surfaces.messages.catalogue import HERE, Catalogue, catalogue
from echo_hub.surfaces.messages.locales import accepted_locale, current_locale
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.web.language import ReaderLanguage

GERMAN = """
gate-country = { $who ->
    [you] Offen in { TERRITORIES($countries) }; du bist in { TERRITORY($country) }.
   *[they] Offen in { TERRITORIES($countries) }; die Person ist in { TERRITORY($country) }.
 }
reason-start = Beginnt am { DAY($day) }
reason-crowded = { $people ->
    [one] Eine weitere Person passt
   *[other] { $people } weitere Personen passen
 }
reason-assumed = { $not_there }
"""


@pytest.fixture
def words(tmp_path: Path) -> Catalogue:
    """English as it ships, and a few sentences of German."""
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "some.ftl").write_text(GERMAN, encoding="utf-8")
    return Catalogue((HERE, tmp_path))


def test_a_language_has_its_own_words_names_dates_numbers_and_plurals(words: Catalogue) -> None:
    assert words.locales() == ("de", "en")
    place = Message("gate-country", {"who": "you", "countries": ("SE", "DE"), "country": "CH"})
    assert words.render(place, "de") == "Offen in Schweden und Deutschland; du bist in Schweiz."
    assert words.render(place) == "Is open in Sweden and Germany; you are in Switzerland."
    assert words.render(Message("reason-start", {"day": "2026-11-02"}), "de") == "Beginnt am 02.11.2026"
    crowd = [Message("reason-crowded", {"people": people, "free": 1}) for people in (1, 1234)]
    assert [words.render(one, "de") for one in crowd] == ["Eine weitere Person passt", "1.234 weitere Personen passen"]
    assert words.render(crowd[1]) == "About 1,234 other people fit, 1 place is left"


@pytest.mark.parametrize("tag", ["de", "de-AT", "fr"])
def test_a_sentence_a_language_lacks_is_said_in_english(words: Catalogue, tag: str) -> None:
    assert words.render(Message("gate-closed"), tag) == "Is no longer open."
    assumed = Message("reason-assumed", {"who": "you", "skill": "Kafka", "title": "Engineer", "confidence": 0.8})
    assert words.render(assumed, tag).startswith("Kafka is assumed from your title Engineer (confidence 0.8)")


def test_what_no_catalogue_knows_is_shown_as_it_came(words: Catalogue) -> None:
    unknown = Message("reason-of-a-later-release", {"skill": "Kafka"})
    assert words.render(unknown) == "reason-of-a-later-release (skill: Kafka)"
    assert words.problems(unknown) == ("en has no sentence reason-of-a-later-release",)
    assert words.problems(Message("reason-avoids", {"who": "you"})) == ("Unknown external: skill",)


def test_views_are_worded_in_the_language_of_the_reader(words: Catalogue) -> None:
    gate = Gate(name="open", passed=False, message=Message("gate-closed"))
    start = Sentence(message=Message("reason-start", {"who": "you", "day": "2026-11-02"}))
    said = worded((gate, (start,)), words, "de")
    assert (said[0].text, said[1][0].text) == ("Is no longer open.", "Beginnt am 02.11.2026")
    assert gate.text == "", "the view that came in stays as it was"


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,en;q=0.5", "de"),
        ("fr;q=0.9, en;q=0.3, DE;q=0.8", "de"),
        ("de;q=0, en", "en"),
        ("nonsense;;q=x, de;q=0.1", "de"),
    ],
)
def test_the_best_accepted_language_with_sentences_is_taken(header: str, tag: str) -> None:
    assert accepted_locale(header, ("de", "en")) == tag


def test_nobody_is_called_he_or_she() -> None:
    for path in sorted(HERE.glob("*/*.ftl")):
        said = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        spoken = {word.strip(".,;:()").casefold() for line in said for word in line.split()}
        assert not spoken & {"he", "she", "his", "her", "hers", "him"}, path


def test_core_and_services_hand_no_words_to_a_message_or_a_view_of_one() -> None:
    """An id and facts go into a message; a text with spaces in it would be a sentence, which has no language there."""
    found = []
    for package in (echo_core.matching, echo_hub.services):
        for path in sorted(Path(str(package.__file__)).parent.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node) in _SAYING:
                    values = [*node.args, *(one.value for one in node.keywords)]
                    found += [f"{path.name}:{node.lineno}" for value in values if _has_words(value)]
    assert not found


_SAYING = (
    "Message",
    "Said",
    "Sentence",
    "Reason",
    "Gap",
    "Gate",
    "Raise",
    "PairReason",
    "PairNote",
    "_message",
    "_said",
)


def _name(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _has_words(value: ast.expr) -> bool:
    texts = [one.value for one in ast.walk(value) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return any(" " in text for text in texts)


def test_every_sentence_of_english_can_be_read() -> None:
    ids = catalogue().ids()
    assert len(ids) > 90
    for path in sorted((HERE / "en").glob("*.ftl")):
        body = FluentParser().parse(path.read_text(encoding="utf-8")).body
        assert not [entry.content for entry in body if isinstance(entry, Junk)], path


def test_a_request_is_answered_in_the_language_it_accepts(words: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("echo_hub.surfaces.web.language.catalogue", lambda: words)
    gate = Sentence(message=Message("reason-start", {"who": "you", "day": "2026-11-02"}))

    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(worded(gate, words).text)

    web = TestClient(ReaderLanguage(Starlette(routes=[Route("/", answer)])))
    assert web.get("/", headers={"Accept-Language": "de-CH, en;q=0.5"}).text == "Beginnt am 02.11.2026"
    own = TestClient(ReaderLanguage(Starlette(routes=[Route("/", answer)]), default="de"))
    assert own.get("/", headers={"Accept-Language": "fr"}).text == "Beginnt am 02.11.2026"
    assert own.get("/", headers={"Accept-Language": "en"}).text.startswith("Starts on")
    assert web.get("/", headers={"Accept-Language": "fr"}).text == "Starts on 2 Nov 2026, when you are free"


def test_a_command_takes_its_language_from_an_option() -> None:
    def chosen() -> str:
        assert run(["--locale", "de", "schedule", "--help"]) == 0
        return current_locale()

    assert copy_context().run(chosen) == "de"
    assert current_locale() == "en"


def test_a_command_without_the_option_takes_the_language_of_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "echo-hub.toml"
    file.write_text('[hub]\nlocale = "de"\n', encoding="utf-8")

    def chosen(*options: str) -> str:
        assert run(["--config", str(file), *options, "runs"]) == 0
        return current_locale()

    assert copy_context().run(chosen) == "de"
    assert copy_context().run(chosen, "--locale", "en") == "en"


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_why_an_account_is_joined_to_nobody_has_a_sentence(reason: str) -> None:
    assert catalogue().problems(Message(f"identity-{reason.replace('_', '-')}")) == ()
