"""Which language a text is written in, guessed from its smallest words. Coarse, and enough to choose labels by."""

from __future__ import annotations

import re

_SMALL_WORDS = {
    "en": "the and of to in for with you your we our is are will be as on that this have or from",
    "de": "der die das und von zu mit für du ihr wir unser ist sind wird als auf dass eine einen oder im den dem bei",
    "es": "el los las y del con para tu nuestro nuestra es son será como en que una un o por se más al sus",
    "fr": "le les et des du avec pour vous votre nous notre est sont sera comme sur que une un ou dans au aux vos",
    "sv": "och att det som en ett för med du vi vår är kommer på av till har eller den din inom hos oss ditt",
    "nl": "de het een en van je voor met wij ons is zijn wordt als op dat of bij jouw onze aan je naar",
    "it": "il gli le e del della con per tu nostro è sono sarà come su che una un o nel alla dei delle",
    "pt": "os as e do da com para você nosso é são será como em que uma um ou no na dos das ao",
    "pl": "i w z na do dla jest są oraz się nie jako przez lub od po naszym twoje będzie",
    "da": "og at det som en et for med du vi vores er på af til har eller den din hos os ikke",
}
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _listed in _SMALL_WORDS.items():
    for _word in set(_listed.split()):
        _LANGUAGES_OF.setdefault(_word, []).append(_language)

_WORD = re.compile(r"[^\W\d_]+")


def guess_language(text: str, *, look_at: int = 4000) -> str | None:
    """The ISO 639-1 code of the text's language, or None with too little to go by (fewer than 3 small words)."""
    counts = dict.fromkeys(_SMALL_WORDS, 0.0)
    for word in _WORD.findall(text[:look_at].lower()):
        if languages := _LANGUAGES_OF.get(word):
            for language in languages:
                counts[language] += 1.0 / len(languages)
    (best, most), (_, second) = sorted(counts.items(), key=lambda item: -item[1])[:2]
    return best if most >= 3.0 and most > 1.2 * second else None
