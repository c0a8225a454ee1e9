"""Parts of a job text that speak about the employer, not about the work: they name no skills anyone asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

_EQUAL = re.compile(
    r"equal[ -](?:employment |opportunit)|equal employer|regardless of (?:race|gender|age|your|"
    r"colou?r|background|who)|"
    r"without regard to|protected (?:veteran|status|characteristic|class|categor)|reasonable accommodation|"
    r"sexual orientation|gender identity|veteran status|we celebrate diversity|drug[- ]free|e-verify|"
    r"privacy (?:notice|"
    r"policy|statement)|applicant data|chancengleich|unabhängig von (?:geschlecht|alter|herkunft)|"
    r"igualdad de oportunidades|"
    r"égalité des chances|oavsett kön|parental leave|health insurance|401\(?k|paid time off|dental|"
    r"stock options|registered "
    r"trademark|base salary|salary range|pay range|recruit(?:ing|ment) (?:fraud|scam)"
)
_BENEFITS = re.compile(
    r"\W*(?:our |the |your |key |employee |full[- ]time )*(?:benefits|perks|what we offer|"
    r"what's in it for you|what you "
    r"(?:get|will get|can expect)|we offer|compensation|salary|pay (?:range|transparency)|total rewards|equal |eeo\b|"
    r"diversity|privacy|accommodations?|e-verify|how [\w' ]+ supports?\b|wir bieten|"
    r"was wir (?:dir )?bieten|das bieten wir|"
    r"unser angebot|deine vorteile|ihre vorteile|ofrecemos|qué ofrecemos|beneficios|nous offrons|ce que nous offrons|"
    r"avantages|vi erbjuder|förmåner|country hiring|logistics\b|our commitment|guidance on)"
)
_NAMES_BENEFITS = re.compile(r"\b(?:employee|team|company) (?:benefits|perks)\b")
_EMPLOYER = re.compile(
    r"\W*(?:about (?!the (?:role|job|position|team|work|opportunity)|you\b|your|this|our team)|"
    r"who we are|our (?:values|culture|"
    r"mission|story|company)|culture\b|life at|why (?:join|work|us)|company (?:overview|description)|"
    r"über uns|wer wir sind|"
    r"om oss|sobre nosotros|quiénes somos|à propos d|qui sommes|how we're different|come work with us)"
)
_WORK = re.compile(
    r"\W*(?:(?:what|who) you|you(?:'ll| will| have| are| may|r\b)|your |the (?:role|job|opportunity|"
    r"position)|about the|about you|"
    r"(?:key |main |core |job |minimum |preferred |basic |required |desired |must)*[- ]*(?:responsibilit|requirement|"
    r"qualification|competenc|skills?\b|experience|duties|tasks|have)|nice to have|bonus|"
    r"job (?:summary|description|purpose)|"
    r"what we(?:'re| are) looking|we(?:'re| are) looking|role\b|an overview|overview|strong candidates|in this role|"
    r"deine? |ihre? |aufgaben|anforderungen|profil|requisitos|responsabilidades|funciones|"
    r"missions?\b|votre |compétences|"
    r"dina |arbetsuppgifter|kvalifikationer|vi söker|you may be)"
)
_ADDRESSES = re.compile(r"\b(?:you|your|role|position|responsib\w+|experience|seeking|looking for|hiring|we need)\b")
_LINE = re.compile(r"[^\n]+")
_BEGINS = re.compile(r"[^\s•]")
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")
_HEADING_LENGTH = 90
_LONG_LINE = 500
_LONG_TEXT = 2_000
_LONG_PARAGRAPH = 200
_TOO_MUCH = 0.85


def quiet_ranges(text: str) -> list[tuple[int, int]]:
    """Where a lower-cased text speaks of equal opportunity, benefits or the employer, as (start, end), in order.

    A section starts at a heading (a short line) and lasts until the next heading about the work. When headings would
    silence most of the text they are not believed, and only the sentences that give themselves away stay silent.
    """
    sections = list(_sections(text)) if "\n" in text else []
    if sum(end - start for start, end in sections) > _TOO_MUCH * len(text):
        sections = []
    sections += _opening(text)
    if _EQUAL.search(text):
        sections += _sentences(text)
    return sorted(sections)


def _sections(text: str) -> Iterator[tuple[int, int]]:
    start: int | None = None
    until_any_heading = False
    for line in _LINE.finditer(text):
        said = line[0].strip()
        if not said or len(said) > _HEADING_LENGTH or said[0] in "•-*·" or said[-1] in ".;,":
            continue
        employer = bool(_EMPLOYER.match(said))
        if employer or _BENEFITS.match(said) or _NAMES_BENEFITS.search(said):
            if start is None:
                start = line.start()
            until_any_heading = employer
        elif start is not None and (_WORK.match(said) or until_any_heading):
            yield start, line.start()
            start = None
    if start is not None:
        yield start, len(text)


def _opening(text: str) -> Iterator[tuple[int, int]]:
    """The first paragraph of a long text when it speaks to nobody: there a company introduces itself."""
    if len(text) < _LONG_TEXT:
        return
    for line in _LINE.finditer(text):
        begins = _BEGINS.search(text, *line.span())
        if begins and line.end() - begins.start() >= _LONG_PARAGRAPH and line.end() < len(text):
            if not _ADDRESSES.search(text, begins.start(), line.end()):
                yield begins.start(), line.end()
            return


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for line in _LINE.finditer(text):
        if not _EQUAL.search(line[0]):
            continue
        if len(line[0]) <= _LONG_LINE:
            yield line.span()
            continue
        for sentence in _SENTENCE.finditer(text, line.start(), line.end()):
            if _EQUAL.search(sentence[0]):
                yield sentence.span()
