"""How names and texts are compared: case, punctuation, plurals and brackets do not matter; the signs of "C++" do."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from echo_core.text.normal_form import WORD, comparable

TOKEN = re.compile(rf"{WORD}(?:[.'’]{WORD})*[+#]*|\.net\b")
"""One word of a lower-cased text with its marks. Keeps "c++", "c#", ".net", "node.js" and "driver's" whole."""

_PLAIN = re.compile(r"[a-z0-9 ]+")
_BRACKETED = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_OPENS = frozenset("([{")
_FILLERS = frozenset({
    "skill", "knowledge", "experience", "proficiency", "expertise", "ability", "competence", "competency", "basic",
    "basics", "fundamental", "kenntnisse", "grundkenntnisse", "kunskaper", "kunskap", "connaissance", "conocimiento",
})  # fmt: skip
_NAMING = frozenset({"language", "programming"})
_LEADERS = (
    "knowledge of ",
    "experience with ",
    "experience in ",
    "proficiency in ",
    "understanding of ",
    "ability to ",
    "kenntnisse in ",
    "erfahrung mit ",
    "erfahrung in ",
    "kunskap om ",
    "kunskaper i ",
    "erfarenhet av ",
    "conocimientos de ",
    "experiencia en ",
    "connaissance de ",
    "connaissances en ",
    "expérience en ",
)
_KEEPS_S = ("ss", "us", "sis", "xis", "js", "css", "dns")
_INVARIABLE = frozenset({
    "sales", "news", "series", "analytics", "logistics", "operations", "kubernetes", "windows", "jenkins", "sas", "ios",
})  # fmt: skip


def words(text: str) -> list[str]:
    """The words of a name or text in their normal form, in order."""
    return TOKEN.findall(text.lower() if text.isascii() else comparable(text))


def key(name: str) -> str:
    """The strict key: two names with one key are the same name. Empty when the name has no letter or digit.

    "Node.js", "NodeJS" and "node-js" share "nodejs"; "R&D" and "r and d" share "r and d"; "C", "C++" and "C#" differ.
    """
    text = name.lower()
    if _PLAIN.fullmatch(text) and not text.endswith(" js") and " js " not in text:
        return " ".join(text.split())
    text = comparable(name).replace("&", " and ")
    parts: list[str] = []
    for token in TOKEN.findall(text):
        token = token.replace("'", "")
        if token.endswith(".net"):
            parts += [*([token[:-4]] if len(token) > 4 else []), "dotnet"]
            continue
        plain = token.replace(".", "")
        if plain == "js" and parts:
            parts[-1] += "js"
        else:
            parts.append(plain)
    return " ".join(parts)


def loose_key(name: str) -> str:
    """The forgiving key: brackets dropped, plurals folded, no "knowledge of" before and no "skills" after.

    "SQL (advanced)", "knowledge of SQL" and "SQL skills" share "sql"; "knowledge management" keeps its first word.
    Falls back to the strict key where nothing would be left.
    """
    return " ".join(_loose_words(name)) or key(name)


def name_key(name: str) -> str:
    """The forgiving key of a proper name: also without "fluent" before, "language" and "programming" after it.

    "Python programming language" and "Python" share "python", "fluent Spanish" and "Spanish" share "spanish". Other
    names must not be compared by it: "legal language" is not "legal". Falls back to the strict key.
    """
    kept = _loose_words(name)
    while kept and kept[-1] in _NAMING:
        kept.pop()
    return " ".join(kept[1:] if len(kept) > 1 and kept[0] == "fluent" else kept) or key(name)


def _loose_words(name: str) -> list[str]:
    text = without_brackets(name) or name
    lowered = text.lower()
    if lowered.startswith(_LEADERS):
        text = text[len(next(leader for leader in _LEADERS if lowered.startswith(leader))) :]
    kept = [singular(word) for word in (key(text) or key(name)).split() if word != "and"]
    filled = len(kept)
    while filled and kept[filled - 1] in _FILLERS:
        filled -= 1
    return kept[:filled] if filled else kept


@lru_cache(maxsize=100_000)
def singular(word: str) -> str:
    """A cheap English singular: "databases" gives "database", "policies" gives "policy", "analysis" stays."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(_KEEPS_S) or word in _INVARIABLE:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


def plural(word: str) -> str:
    """A cheap English plural of a singular word, the reverse of `singular` for regular words."""
    if word.endswith("y") and len(word) > 2 and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith(("s", "sh", "ch", "x", "z")):
        return word + "es"
    return word + "s"


def gerund(verb: str) -> str:
    """A cheap English -ing form: "manage" gives "managing", "plan" gives "planning", "lie" is not attempted."""
    if verb.endswith("ee") or not verb.isalpha():
        return verb + "ing"
    if verb.endswith("e"):
        return verb[:-1] + "ing"
    short = (
        len(verb) <= 4
        and len(verb) > 2
        and verb[-1] not in "aeiouwxy"
        and verb[-2] in "aeiou"
        and verb[-3] not in "aeiou"
    )
    return verb + (verb[-1] if short else "") + "ing"


def without_brackets(name: str) -> str:
    """The name without what stands in brackets: "Java (computer programming)" gives "Java"."""
    if _OPENS.isdisjoint(name):
        return name.strip()
    # An opening bracket that nothing closes would be followed to the end of the name, each in vain.
    closed = max(name.rfind(")"), name.rfind("]"), name.rfind("}")) + 1
    parts = _BRACKETED.split(name[:closed])
    parts[-1] += name[closed:]
    return " ".join(part.strip() for part in parts).strip()


def aligned(own: list[str], theirs: list[str]) -> bool:
    """True when the words pair off, each with one that begins alike or differs by a slip of the pen.

    A word more or a word before makes another skill of it ("gas chromatography"), however close the spelling.
    """
    left = list(theirs)
    for word in own:
        partner = next((other for other in left if _same_word(word, other)), None)
        if partner is None:
            return False
        left.remove(partner)
    return not left


def _same_word(word: str, other: str) -> bool:
    if word == other:
        return True
    common = next(
        (at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other))
    )
    if common < 2:
        return False
    longer = max(len(word), len(other))
    return (common >= 0.75 * longer and longer - common <= 3) or (
        abs(len(word) - len(other)) <= 2 and SequenceMatcher(None, word, other).ratio() >= 0.85
    )
