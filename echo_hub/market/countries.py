"""Names of countries as offices and job posts write them. Only whole names: "CA" may be Canada or California."""

from __future__ import annotations

COUNTRIES: dict[str, str] = {
    name: code
    for code, names in {
        "AE": "united arab emirates|uae",
        "AR": "argentina",
        "AT": "austria|österreich",
        "AU": "australia",
        "BE": "belgium|belgique|belgië",
        "BG": "bulgaria",
        "BR": "brazil|brasil",
        "CA": "canada",
        "CH": "switzerland|schweiz|suisse|svizzera",
        "CL": "chile",
        "CN": "china|中国",
        "CO": "colombia",
        "CR": "costa rica",
        "CY": "cyprus",
        "CZ": "czechia|czech republic|česko",
        "DE": "germany|deutschland",
        "DK": "denmark|danmark",
        "EE": "estonia|eesti",
        "EG": "egypt",
        "ES": "spain|españa",
        "FI": "finland|suomi",
        "FR": "france",
        "GB": "united kingdom|uk|great britain|england|scotland|wales|northern ireland",
        "GR": "greece",
        "HK": "hong kong",
        "HR": "croatia|hrvatska",
        "HU": "hungary|magyarország",
        "ID": "indonesia",
        "IE": "ireland|éire",
        "IL": "israel",
        "IN": "india",
        "IS": "iceland|ísland",
        "IT": "italy|italia",
        "JP": "japan|日本",
        "KE": "kenya",
        "KR": "south korea|korea|republic of korea|한국",
        "LT": "lithuania|lietuva",
        "LU": "luxembourg",
        "LV": "latvia|latvija",
        "MA": "morocco",
        "MX": "mexico|méxico",
        "MY": "malaysia",
        "NG": "nigeria",
        "NL": "netherlands|the netherlands|nederland",
        "NO": "norway|norge",
        "NZ": "new zealand",
        "PE": "peru|perú",
        "PH": "philippines",
        "PK": "pakistan",
        "PL": "poland|polska",
        "PT": "portugal",
        "RO": "romania|românia",
        "RS": "serbia|srbija",
        "SA": "saudi arabia",
        "SE": "sweden|sverige",
        "SG": "singapore",
        "SI": "slovenia|slovenija",
        "SK": "slovakia|slovensko",
        "TH": "thailand",
        "TR": "turkey|türkiye",
        "TW": "taiwan",
        "UA": "ukraine",
        "US": "united states|united states of america|usa|u.s.|u.s.a.",
        "UY": "uruguay",
        "VN": "vietnam",
        "ZA": "south africa",
    }.items()
    for name in names.split("|")
}
"""Lower-cased name → ISO 3166-1 alpha-2. A name that is not here is not guessed."""

LANGUAGES: dict[str, str] = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nb": "Norwegian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
"""Primary language tag → English name, for sentences and facets."""


_NAMES = {code: name.title() if len(name) > 3 else name.upper() for name, code in reversed(COUNTRIES.items())}


def country_name(code: str) -> str:
    """ "Germany" for "DE"; the code itself where we have no name."""
    return _NAMES.get(code, code)


def language_name(code: str) -> str:
    """ "German" for "de"; the code itself where we have no name."""
    return LANGUAGES.get(code, code)


def primary(code: str) -> str:
    """The primary tag of a BCP 47 code: "pt" for "pt-BR". People and posts are compared on it."""
    return code.replace("_", "-").split("-")[0].strip().lower()
