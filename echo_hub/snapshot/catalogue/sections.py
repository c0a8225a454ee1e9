"""Which part of a job text a sentence stands in: what is asked, what would be nice, what is offered.

A skill named under "What you bring" is asked for; one under "Our benefits" (yoga, English classes) is not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Literal

Section = Literal["asked", "nice", "offered", "other"]

_HEADINGS: tuple[tuple[Section, str], ...] = (
    (
        "nice",
        r"(?:nice|good|great)[ -]to[ -]have|would be (?:nice|great|a plus)|ideally|"
        r"bonus|(?:it'?s |is )?a plus|preferred (?:qualifications|skills|experience)|"
        r"desirable|von vorteil|"
        r"wünschenswert|un plus|souhaité|deseable|se valora|meriterande|pré|diferencia(?:l|is)",
    ),
    (
        "offered",
        r"benefits?|perks|what we (?:offer|provide)|we offer|our offer|compensation|"
        r"about (?:us|the company|our company)|"
        r"who we are|why (?:join|work)|equal opportunit|diversity|"
        r"wir bieten|was wir bieten|unser angebot|über uns|das bieten wir|"
        r"nous offrons|nos avantages|à propos|avantages|qui sommes|ofrecemos|beneficios|sobre nosotros|"
        r"vi erbjuder|om oss|wij bieden|over ons|offriamo|oferecemos|benefícios|oferujemy",
    ),
    (
        "asked",
        r"requirements?|qualifications?|what you(?:'ll| will)? (?:bring|need)|must[ -]haves?|"
        r"who you are|about you|your (?:profile|skills|experience)|you have|skills(?: (?:and|&) .{0,30})?|"
        r"what we(?:'re| are) looking for|minimum .{0,20}|experience(?: required)?|basic qualifications|"
        r"anforderungen|dein profil|ihr profil|das bringst du mit|was du mitbringst|voraussetzungen|"
        r"profil(?: recherché)?|vos compétences|ton profil|votre profil|compétences|"
        r"requisitos|perfil|tu perfil|qué buscamos|kvalifikationer|din profil|vi söker|krav|"
        r"det här har du med dig|qué aportas|o que você traz|"
        r"functie-eisen|wat breng je mee|jouw profiel|requisiti|il tuo profilo|wymagania",
    ),
    (
        "other",
        r"responsibilit(?:y|ies)|what you(?:'ll| will) do|your (?:role|tasks|mission)|"
        r"the role|about the (?:role|job|team)|"
        r"duties|deine aufgaben|ihre aufgaben|aufgaben|vos missions|missions?|tus funciones|funciones|"
        r"arbetsuppgifter|dina uppgifter|"
        r"det här gör du|qué harás|o que você fará|taken|om teamet|über das team|"
        r"sobre el equipo|l'équipe|sobre o time|description|location|how to apply|the team",
    ),
)
_BEFORE_HEADING, _AFTER_HEADING = " \t#*•-–—_", " \t:*_?!.…"
_KNOWN = [
    (section, re.compile(rf"(?:our |the |some |your )?(?:{words})\b", re.IGNORECASE)) for section, words in _HEADINGS
]
_LETTER = re.compile(r"[^\n]")
_LONGEST_HEADING = 60


class Sections:
    """The sections of one text, by their headings: short lines that start with words job posts use as headings."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        self._names: list[Section] = ["other"]
        self._ends = [0]
        end = -1
        for line in text.split("\n"):
            start, end = end + 1, end + 1 + len(line)
            heading = line.lstrip(_BEFORE_HEADING).rstrip(_AFTER_HEADING).strip()
            if len(heading) > _LONGEST_HEADING or heading.count(" ") > 7:
                continue
            for section, words in _KNOWN:
                if words.match(heading):
                    self._starts.append(start)
                    self._names.append(section)
                    self._ends.append(end)
                    break

    def at(self, position: int) -> Section:
        """The section a character stands in."""
        return self._names[bisect_right(self._starts, position) - 1]

    def is_heading(self, position: int) -> bool:
        """Whether a character stands in the heading of a section."""
        return position < self._ends[bisect_right(self._starts, position) - 1]

    def without(self, section: Section) -> str:
        """The text with blanks in place of these sections, so that every other character stays where it is."""
        ends = [*self._starts[1:], len(self._text)]
        parts = [self._text[start:end] for start, end in zip(self._starts, ends, strict=True)]
        return "".join(
            _LETTER.sub(" ", part) if name == section else part for name, part in zip(self._names, parts, strict=True)
        )
