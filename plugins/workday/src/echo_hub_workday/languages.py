"""Languages as reports name them to BCP 47 tags, and the level of one language from its abilities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from echo_hub_workday.folding import fold

_NAMES = """
af Afrikaans|sq Albanian|am Amharic|ar Arabic|hy Armenian|as Assamese|az Azerbaijani|eu Basque|be Belarusian
bn Bengali,Bangla|bs Bosnian|bg Bulgarian|my Burmese|ca Catalan|zh Chinese,中文|hr Croatian,Hrvatski|cs Czech,Čeština
da Danish,Dansk|nl Dutch,Nederlands,Flemish|en English|et Estonian|fo Faroese|fi Finnish,Suomi
fr French,Français|gl Galician|ka Georgian|de German,Deutsch|el Greek,Modern Greek|gu Gujarati
ht Haitian Creole|ha Hausa
he Hebrew|hi Hindi|hu Hungarian,Magyar|is Icelandic|ig Igbo|id Indonesian,Bahasa Indonesia|ga Irish,Irish Gaelic
it Italian,Italiano|ja Japanese,日本語
jv Javanese|kn Kannada|kk Kazakh|km Khmer|rw Kinyarwanda|ko Korean,한국어|ku Kurdish
ky Kyrgyz|lo Lao|lv Latvian|lt Lithuanian|lb Luxembourgish|mk Macedonian|mg Malagasy
ms Malay,Bahasa Malaysia,Bahasa Melayu|ml Malayalam|mt Maltese|mi Maori|mr Marathi|mn Mongolian|ne Nepali
no Norwegian,Norsk|nb Norwegian Bokmål,Bokmål|nn Norwegian Nynorsk,Nynorsk|or Odia,Oriya|ps Pashto
fa Persian,Farsi|pl Polish,Polski|pt Portuguese,Português|pa Punjabi|qu Quechua|ro Romanian|ru Russian
sm Samoan|gd Scottish Gaelic|sr Serbian|sn Shona|sd Sindhi|si Sinhala,Sinhalese|sk Slovak|sl Slovenian,Slovene
so Somali|es Spanish,Español,Castilian|sw Swahili|sv Swedish,Svenska|tl Tagalog|fil Filipino|tg Tajik
ta Tamil|tt Tatar|te Telugu|th Thai|bo Tibetan|ti Tigrinya|tr Turkish,Türkçe|tk Turkmen|uk Ukrainian|ur Urdu
ug Uyghur|uz Uzbek|vi Vietnamese|cy Welsh|wo Wolof|xh Xhosa|yi Yiddish|yo Yoruba|zu Zulu
yue Cantonese,Chinese Cantonese,Cantonese Chinese|zh Mandarin,Mandarin Chinese,Chinese Mandarin
zh-Hans Simplified Chinese,Chinese Simplified|zh-Hant Traditional Chinese,Chinese Traditional
pt-BR Brazilian Portuguese,Portuguese Brazil,Portuguese Brazilian|pt-PT Portuguese Portugal,European Portuguese
en-US English US,English United States,American English|en-GB English UK,English United Kingdom,British English
fr-CA French Canada,Canadian French|fr-FR French France|es-MX Spanish Mexico|es-ES Spanish Spain|de-AT German Austria
es-419 Latin American Spanish,Spanish Latin America|de-CH Swiss German,German Switzerland|de-DE German Germany
ase American Sign Language|bfi British Sign Language
"""

_TAG = re.compile(r"^[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|\d{3}))?$")


def _entries() -> list[tuple[str, str]]:
    lines = [entry.strip().partition(" ") for entry in _NAMES.strip().replace("\n", "|").split("|")]
    return [(tag, names) for tag, _, names in lines]


@cache
def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for tag, names in _entries():
        table |= {fold(name): tag for name in names.split(",")}
    return table


@cache
def _primary_tags() -> frozenset[str]:
    return frozenset(tag.split("-")[0] for tag in _table().values())


def language_name(tag: str) -> str:
    """The English name of a language, or the tag itself where there is none."""
    return next((names.split(",")[0] for code, names in _entries() if code == tag), tag)


def is_tag(text: str) -> bool:
    """Whether the text is a BCP 47 tag of language, optional script and optional region, e.g. "pt-BR"."""
    return _TAG.match(text) is not None


def language_tag(name: str | None, extra: Mapping[str, str]) -> str | None:
    """The BCP 47 tag of a language written as a name or a tag; None where nobody knows it.

    Args:
        name: "French", "Portuguese (Brazil)", "Chinese - Mandarin", "Deutsch", "pt_BR".
        extra: the company's own names, folded, to tags.
    """
    if not name:
        return None
    spelling = fold(name)
    if known := extra.get(spelling) or _table().get(spelling):
        return known
    match = _TAG.match(name.strip())
    if match and re.split(r"[-_]", name.strip())[0].lower() in _primary_tags():
        primary, *rest = re.split(r"[-_]", name.strip())
        return "-".join([primary.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])
    base = re.split(r"[(\-–,/]", name, maxsplit=1)[0]
    return _table().get(fold(base))


def spoken_level(native: bool, abilities: Iterable[tuple[str, int | None]]) -> int | None:
    """One level for a language with several abilities: what counts at work is to speak it.

    A native speaker has 5. Otherwise an overall or speaking ability decides; without one, the lowest of the others,
    so that a reader of a language is not taken for a speaker.
    """
    if native:
        return 5
    rated = [(fold(ability), level) for ability, level in abilities if level is not None]
    for word in ("overall", "speak", "oral", "spoken"):
        spoken = [level for ability, level in rated if word in ability]
        if spoken:
            return max(spoken)
    return min((level for _, level in rated), default=None)
