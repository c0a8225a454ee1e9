"""Messages as sentences of a language, from `.ftl` files: one folder per language, English complete.

The format is Project Fluent (https://projectfluent.org/fluent/guide/); plural rules, numbers, dates, lists and the
names of countries and languages come from the CLDR through Babel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from echo_core.model.message import Message, Value
from echo_hub.surfaces.messages.locales import ENGLISH

if TYPE_CHECKING:
    from fluent.runtime import FluentBundle
    from fluent.runtime.types import FluentType

HERE = Path(__file__).parent
_REGIONS = {ENGLISH: "en-GB"}
"""How a language without a region writes dates and lists."""


class Catalogue:
    """Sentences by message id and language.

    Args:
        folders: each holds one folder per language, named as its tag ("de", "pt-BR"), with `.ftl` files. A later
            folder adds languages and sentences to an earlier one.
    """

    def __init__(self, folders: Sequence[Path] = (HERE,)) -> None:
        self._folders = folders
        self._bundles: dict[str, FluentBundle] = {}

    def locales(self) -> tuple[str, ...]:
        """The languages there are sentences in."""
        return tuple(sorted({path.parent.name for folder in self._folders for path in folder.glob("*/*.ftl")}))

    def render(self, message: Message, locale: str = ENGLISH) -> str:
        """The sentence in a language; in English where the language has it not, or a value it holds is missing.

        A message that English has not either (from a newer release) is shown as its id and values.
        """
        for bundle in self._chain(locale):
            text, problems = self._formatted(bundle, message, locale)
            if text is not None and not problems:
                return text
        return f"{message.id} ({', '.join(f'{name}: {value}' for name, value in message.values.items())})"

    def problems(self, message: Message, locale: str = ENGLISH) -> tuple[str, ...]:
        """What keeps a language from saying a message: no sentence, or a value that the sentence lacks."""
        text, problems = self._formatted(self._bundle(locale), message, locale)
        return (f"{locale} has no sentence {message.id}",) if text is None else tuple(map(str, problems))

    def ids(self, locale: str = ENGLISH) -> frozenset[str]:
        """Every id a language has, those of shared pieces among them."""
        from fluent.syntax import FluentParser
        from fluent.syntax.ast import Message as Entry

        parser, message_ids = FluentParser(), set()
        for path in self._files(locale):
            body = parser.parse(path.read_text(encoding="utf-8")).body
            message_ids |= {entry.id.name for entry in body if isinstance(entry, Entry)}
        return frozenset(message_ids)

    def _formatted(self, bundle: FluentBundle, message: Message, locale: str) -> tuple[str | None, Sequence[Exception]]:
        if not bundle.has_message(message.id):
            return None, ()
        pattern = bundle.get_message(message.id).value
        if pattern is None:
            return None, ()
        values = {name: self._argument(value, locale) for name, value in message.values.items()}
        text, problems = bundle.format_pattern(pattern, values)
        return str(text), problems

    def _argument(self, value: Value, locale: str) -> str | int | float:
        """A value as Fluent takes it, which knows no lists: they travel joined, and `LIST` takes them apart."""
        if isinstance(value, tuple):
            return _SEPARATOR.join(part if isinstance(part, str) else self.render(part, locale) for part in value)
        return value

    def _chain(self, locale: str) -> Iterator[FluentBundle]:
        for tag in dict.fromkeys((locale, locale.split("-")[0], ENGLISH)):
            yield self._bundle(tag)

    def _bundle(self, locale: str) -> FluentBundle:
        bundle = self._bundles.get(locale)
        if bundle is None:
            bundle = self._bundles[locale] = self._read(locale)
        return bundle

    def _read(self, locale: str) -> FluentBundle:
        # Babel and its data take a tenth of a second, which no command that says no sentence pays.
        from fluent.runtime import FluentBundle, FluentResource

        tag = _REGIONS.get(locale, locale)
        bundle = FluentBundle([tag], functions=_functions(tag), use_isolating=False)
        for path in self._files(locale):
            bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")), allow_overrides=True)
        return bundle

    def _files(self, locale: str) -> list[Path]:
        return [path for folder in self._folders for path in sorted((folder / locale).glob("*.ftl"))]


@lru_cache(1)
def catalogue() -> Catalogue:
    """The sentences that come with the hub, read once."""
    return Catalogue()


_SEPARATOR = "\x1f"


def _functions(tag: str) -> dict[str, Callable[[Any], FluentType]]:
    """What sentences may call: `DAY`, `LIST`, `QUOTED`, `TERRITORY`, `TERRITORIES`, `LANGUAGE`, `LANGUAGES`."""
    from babel import Locale
    from babel.dates import format_date
    from babel.lists import format_list

    locale = Locale.parse(tag, sep="-")

    def listed(names: Sequence[str], style: str) -> str:
        return format_list(list(names), style=style, locale=locale)  # type: ignore[arg-type]  # checked by Babel

    def territory(code: str) -> str:
        return str(locale.territories.get(code, code))

    def language(code: str) -> str:
        return str(locale.languages.get(code, code))

    def day(value: str) -> str:
        return format_date(date.fromisoformat(str(value)), format="medium", locale=locale)

    def each(name: Callable[[str], str]) -> Callable[..., str]:
        def said(codes: str, style: str = "standard") -> str:
            return listed([name(code) for code in str(codes).split(_SEPARATOR)], str(style))

        return said

    def quoted(names: str) -> str:
        return listed([f"“{name}”" for name in str(names).split(_SEPARATOR)], "unit")

    functions: dict[str, Any] = {
        "DAY": day,
        "TERRITORY": lambda code: territory(str(code)),
        "LANGUAGE": lambda code: language(str(code)),
        "LIST": each(str),
        "QUOTED": quoted,
        "TERRITORIES": each(territory),
        "LANGUAGES": each(language),
    }
    return functions  # whose results are text, which Fluent takes as it takes its own types
