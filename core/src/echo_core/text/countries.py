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

COUNTRY_CODES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
    IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
    ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
    TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK
    """.split()  # noqa: SIM905, a list this long reads best as text
)
"""ISO 3166-1 alpha-2, and XK, which is in use for Kosovo."""

LANGUAGE_CODES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el
    en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it
    iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt
    my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl
    sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo
    za zh zu fil yue
    """.split()  # noqa: SIM905, a list this long reads best as text
)
"""ISO 639-1, and two languages of ISO 639-3 that products call by three letters."""

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


def country_code(text: str) -> str | None:
    """The code a code or a name means: "DE" for "de" and for "Deutschland"; None for what is neither."""
    return text.upper() if text.upper() in COUNTRY_CODES else COUNTRIES.get(text.casefold())


def language_code(text: str) -> str | None:
    """The primary tag a tag or an English name means: "pt" for "pt-BR" and for "Portuguese"; None for neither."""
    code = primary(text)
    if code in LANGUAGE_CODES:
        return code
    return next((known for known, name in LANGUAGES.items() if name.casefold() == text.casefold()), None)
