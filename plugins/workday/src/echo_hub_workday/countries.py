"""Countries as reports spell them (names, ISO 3166-1 alpha-2, alpha-3, numeric) to alpha-2."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from echo_hub_workday.folding import fold

_CODES = """
AD AND 020 | AE ARE 784 | AF AFG 004 | AG ATG 028 | AI AIA 660 | AL ALB 008 | AM ARM 051 | AO AGO 024 | AQ ATA
010 | AR ARG 032 | AS ASM 016 | AT AUT 040 | AU AUS 036 | AW ABW 533 | AX ALA 248 | AZ AZE 031 | BA BIH 070 | BB
BRB 052 | BD BGD 050 | BE BEL 056 | BF BFA 854 | BG BGR 100 | BH BHR 048 | BI BDI 108 | BJ BEN 204 | BL BLM 652
| BM BMU 060 | BN BRN 096 | BO BOL 068 | BQ BES 535 | BR BRA 076 | BS BHS 044 | BT BTN 064 | BV BVT 074 | BW BWA
072 | BY BLR 112 | BZ BLZ 084 | CA CAN 124 | CC CCK 166 | CD COD 180 | CF CAF 140 | CG COG 178 | CH CHE 756 | CI
CIV 384 | CK COK 184 | CL CHL 152 | CM CMR 120 | CN CHN 156 | CO COL 170 | CR CRI 188 | CU CUB 192 | CV CPV 132
| CW CUW 531 | CX CXR 162 | CY CYP 196 | CZ CZE 203 | DE DEU 276 | DJ DJI 262 | DK DNK 208 | DM DMA 212 | DO DOM
214 | DZ DZA 012 | EC ECU 218 | EE EST 233 | EG EGY 818 | EH ESH 732 | ER ERI 232 | ES ESP 724 | ET ETH 231 | FI
FIN 246 | FJ FJI 242 | FK FLK 238 | FM FSM 583 | FO FRO 234 | FR FRA 250 | GA GAB 266 | GB GBR 826 | GD GRD 308
| GE GEO 268 | GF GUF 254 | GG GGY 831 | GH GHA 288 | GI GIB 292 | GL GRL 304 | GM GMB 270 | GN GIN 324 | GP GLP
312 | GQ GNQ 226 | GR GRC 300 | GS SGS 239 | GT GTM 320 | GU GUM 316 | GW GNB 624 | GY GUY 328 | HK HKG 344 | HM
HMD 334 | HN HND 340 | HR HRV 191 | HT HTI 332 | HU HUN 348 | ID IDN 360 | IE IRL 372 | IL ISR 376 | IM IMN 833
| IN IND 356 | IO IOT 086 | IQ IRQ 368 | IR IRN 364 | IS ISL 352 | IT ITA 380 | JE JEY 832 | JM JAM 388 | JO JOR
400 | JP JPN 392 | KE KEN 404 | KG KGZ 417 | KH KHM 116 | KI KIR 296 | KM COM 174 | KN KNA 659 | KP PRK 408 | KR
KOR 410 | KW KWT 414 | KY CYM 136 | KZ KAZ 398 | LA LAO 418 | LB LBN 422 | LC LCA 662 | LI LIE 438 | LK LKA 144
| LR LBR 430 | LS LSO 426 | LT LTU 440 | LU LUX 442 | LV LVA 428 | LY LBY 434 | MA MAR 504 | MC MCO 492 | MD MDA
498 | ME MNE 499 | MF MAF 663 | MG MDG 450 | MH MHL 584 | MK MKD 807 | ML MLI 466 | MM MMR 104 | MN MNG 496 | MO
MAC 446 | MP MNP 580 | MQ MTQ 474 | MR MRT 478 | MS MSR 500 | MT MLT 470 | MU MUS 480 | MV MDV 462 | MW MWI 454
| MX MEX 484 | MY MYS 458 | MZ MOZ 508 | NA NAM 516 | NC NCL 540 | NE NER 562 | NF NFK 574 | NG NGA 566 | NI NIC
558 | NL NLD 528 | NO NOR 578 | NP NPL 524 | NR NRU 520 | NU NIU 570 | NZ NZL 554 | OM OMN 512 | PA PAN 591 | PE
PER 604 | PF PYF 258 | PG PNG 598 | PH PHL 608 | PK PAK 586 | PL POL 616 | PM SPM 666 | PN PCN 612 | PR PRI 630
| PS PSE 275 | PT PRT 620 | PW PLW 585 | PY PRY 600 | QA QAT 634 | RE REU 638 | RO ROU 642 | RS SRB 688 | RU RUS
643 | RW RWA 646 | SA SAU 682 | SB SLB 090 | SC SYC 690 | SD SDN 729 | SE SWE 752 | SG SGP 702 | SH SHN 654 | SI
SVN 705 | SJ SJM 744 | SK SVK 703 | SL SLE 694 | SM SMR 674 | SN SEN 686 | SO SOM 706 | SR SUR 740 | SS SSD 728
| ST STP 678 | SV SLV 222 | SX SXM 534 | SY SYR 760 | SZ SWZ 748 | TC TCA 796 | TD TCD 148 | TF ATF 260 | TG TGO
768 | TH THA 764 | TJ TJK 762 | TK TKL 772 | TL TLS 626 | TM TKM 795 | TN TUN 788 | TO TON 776 | TR TUR 792 | TT
TTO 780 | TV TUV 798 | TW TWN 158 | TZ TZA 834 | UA UKR 804 | UG UGA 800 | UM UMI 581 | US USA 840 | UY URY 858
| UZ UZB 860 | VA VAT 336 | VC VCT 670 | VE VEN 862 | VG VGB 092 | VI VIR 850 | VN VNM 704 | VU VUT 548 | WF WLF
876 | WS WSM 882 | YE YEM 887 | YT MYT 175 | ZA ZAF 710 | ZM ZMB 894 | ZW ZWE 716
"""
"""alpha-2, alpha-3 and numeric code of every country."""

_NAMES = """
AD Andorra | AE United Arab Emirates | AF Afghanistan | AG Antigua & Barbuda | AI Anguilla | AL Albania | AM
Armenia | AO Angola | AQ Antarctica | AR Argentina | AS Samoa (American) | AT Austria | AU Australia | AW Aruba
| AX Åland Islands | AZ Azerbaijan | BA Bosnia & Herzegovina | BB Barbados | BD Bangladesh | BE Belgium | BF
Burkina Faso | BG Bulgaria | BH Bahrain | BI Burundi | BJ Benin | BL St Barthelemy | BM Bermuda | BN Brunei | BO
Bolivia | BQ Caribbean NL | BR Brazil | BS Bahamas | BT Bhutan | BV Bouvet Island | BW Botswana | BY Belarus |
BZ Belize | CA Canada | CC Cocos (Keeling) Islands | CD Congo (Dem. Rep.) | CF Central African Rep. | CG Congo
(Rep.) | CH Switzerland | CI Côte d'Ivoire | CK Cook Islands | CL Chile | CM Cameroon | CN China | CO Colombia |
CR Costa Rica | CU Cuba | CV Cape Verde | CW Curaçao | CX Christmas Island | CY Cyprus | CZ Czech Republic | DE
Germany | DJ Djibouti | DK Denmark | DM Dominica | DO Dominican Republic | DZ Algeria | EC Ecuador | EE Estonia
| EG Egypt | EH Western Sahara | ER Eritrea | ES Spain | ET Ethiopia | FI Finland | FJ Fiji | FK Falkland
Islands | FM Micronesia | FO Faroe Islands | FR France | GA Gabon | GB Britain (UK) | GD Grenada | GE Georgia |
GF French Guiana | GG Guernsey | GH Ghana | GI Gibraltar | GL Greenland | GM Gambia | GN Guinea | GP Guadeloupe
| GQ Equatorial Guinea | GR Greece | GS South Georgia & the South Sandwich Islands | GT Guatemala | GU Guam | GW
Guinea-Bissau | GY Guyana | HK Hong Kong | HM Heard Island & McDonald Islands | HN Honduras | HR Croatia | HT
Haiti | HU Hungary | ID Indonesia | IE Ireland | IL Israel | IM Isle of Man | IN India | IO British Indian Ocean
Territory | IQ Iraq | IR Iran | IS Iceland | IT Italy | JE Jersey | JM Jamaica | JO Jordan | JP Japan | KE Kenya
| KG Kyrgyzstan | KH Cambodia | KI Kiribati | KM Comoros | KN St Kitts & Nevis | KP Korea (North) | KR Korea
(South) | KW Kuwait | KY Cayman Islands | KZ Kazakhstan | LA Laos | LB Lebanon | LC St Lucia | LI Liechtenstein
| LK Sri Lanka | LR Liberia | LS Lesotho | LT Lithuania | LU Luxembourg | LV Latvia | LY Libya | MA Morocco | MC
Monaco | MD Moldova | ME Montenegro | MF St Martin (French) | MG Madagascar | MH Marshall Islands | MK North
Macedonia | ML Mali | MM Myanmar (Burma) | MN Mongolia | MO Macau | MP Northern Mariana Islands | MQ Martinique
| MR Mauritania | MS Montserrat | MT Malta | MU Mauritius | MV Maldives | MW Malawi | MX Mexico | MY Malaysia |
MZ Mozambique | NA Namibia | NC New Caledonia | NE Niger | NF Norfolk Island | NG Nigeria | NI Nicaragua | NL
Netherlands | NO Norway | NP Nepal | NR Nauru | NU Niue | NZ New Zealand | OM Oman | PA Panama | PE Peru | PF
French Polynesia | PG Papua New Guinea | PH Philippines | PK Pakistan | PL Poland | PM St Pierre & Miquelon | PN
Pitcairn | PR Puerto Rico | PS Palestine | PT Portugal | PW Palau | PY Paraguay | QA Qatar | RE Réunion | RO
Romania | RS Serbia | RU Russia | RW Rwanda | SA Saudi Arabia | SB Solomon Islands | SC Seychelles | SD Sudan |
SE Sweden | SG Singapore | SH St Helena | SI Slovenia | SJ Svalbard & Jan Mayen | SK Slovakia | SL Sierra Leone
| SM San Marino | SN Senegal | SO Somalia | SR Suriname | SS South Sudan | ST Sao Tome & Principe | SV El
Salvador | SX St Maarten (Dutch) | SY Syria | SZ Eswatini (Swaziland) | TC Turks & Caicos Is | TD Chad | TF
French S. Terr. | TG Togo | TH Thailand | TJ Tajikistan | TK Tokelau | TL East Timor | TM Turkmenistan | TN
Tunisia | TO Tonga | TR Turkey | TT Trinidad & Tobago | TV Tuvalu | TW Taiwan | TZ Tanzania | UA Ukraine | UG
Uganda | UM US minor outlying islands | US United States | UY Uruguay | UZ Uzbekistan | VA Vatican City | VC St
Vincent | VE Venezuela | VG Virgin Islands (UK) | VI Virgin Islands (US) | VN Vietnam | VU Vanuatu | WF Wallis &
Futuna | WS Samoa (western) | YE Yemen | YT Mayotte | ZA South Africa | ZM Zambia | ZW Zimbabwe
"""
"""English short names, as in the public-domain time-zone database."""

_ALSO = {
    "AE": ("UAE", "Emirates"),
    "AS": ("American Samoa",),
    "AT": ("Österreich",),
    "BE": ("België", "Belgique"),
    "BO": ("Bolivia, Plurinational State of",),
    "BL": ("Saint Barthélemy",),
    "BQ": ("Bonaire, Sint Eustatius and Saba", "Bonaire"),
    "BN": ("Brunei Darussalam",),
    "BR": ("Brasil",),
    "CD": ("Democratic Republic of the Congo", "Congo, the Democratic Republic of the", "DR Congo"),
    "CF": ("Central African Republic",),
    "CG": ("Congo", "Republic of the Congo"),
    "CH": ("Schweiz", "Suisse", "Svizzera"),
    "CI": ("Ivory Coast",),
    "CN": ("People's Republic of China", "China (PRC)", "Mainland China"),
    "CV": ("Cabo Verde",),
    "CZ": ("Czechia", "Czech Republic", "Česko"),
    "DE": ("Deutschland", "Federal Republic of Germany"),
    "DK": ("Danmark",),
    "ES": ("España",),
    "FI": ("Suomi",),
    "FK": ("Falkland Islands (Malvinas)",),
    "FM": ("Micronesia, Federated States of",),
    "GB": ("United Kingdom", "UK", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland",
           "United Kingdom of Great Britain and Northern Ireland"),
    "HK": ("Hong Kong SAR", "Hong Kong SAR, China"),
    "IE": ("Republic of Ireland",),
    "IR": ("Iran, Islamic Republic of", "Islamic Republic of Iran"),
    "IT": ("Italia",),
    "KP": ("North Korea", "Korea, Democratic People's Republic of"),
    "KR": ("South Korea", "Korea, Republic of", "Republic of Korea", "Korea"),
    "LA": ("Lao People's Democratic Republic", "Lao PDR"),
    "MD": ("Moldova, Republic of", "Republic of Moldova"),
    "MF": ("Saint Martin (French part)", "Saint Martin"),
    "MK": ("Macedonia", "Republic of North Macedonia"),
    "MM": ("Myanmar", "Burma"),
    "MO": ("Macao", "Macao SAR"),
    "NL": ("The Netherlands", "Nederland", "Holland"),
    "NO": ("Norge",),
    "PL": ("Polska",),
    "PS": ("Palestinian Territories", "State of Palestine", "Palestine, State of"),
    "PT": ("Portugal (Continental)",),
    "RU": ("Russian Federation",),
    "SH": ("Saint Helena, Ascension and Tristan da Cunha",),
    "SE": ("Sverige",),
    "SX": ("Sint Maarten (Dutch part)", "Sint Maarten"),
    "SY": ("Syrian Arab Republic",),
    "SZ": ("Eswatini", "Swaziland"),
    "TC": ("Turks and Caicos Islands",),
    "TF": ("French Southern Territories",),
    "TL": ("Timor-Leste",),
    "TR": ("Türkiye", "Turkiye", "Republic of Türkiye"),
    "TW": ("Taiwan, Province of China", "Taiwan, China"),
    "TZ": ("Tanzania, United Republic of", "United Republic of Tanzania"),
    "UM": ("United States Minor Outlying Islands",),
    "US": ("United States of America", "USA", "U.S.A.", "U.S.", "America"),
    "VA": ("Holy See", "Vatican", "Holy See (Vatican City State)"),
    "VC": ("Saint Vincent and the Grenadines",),
    "VE": ("Venezuela, Bolivarian Republic of",),
    "VG": ("British Virgin Islands", "Virgin Islands, British"),
    "VI": ("US Virgin Islands", "Virgin Islands, U.S.", "Virgin Islands of the United States"),
    "VN": ("Viet Nam",),
    "WS": ("Samoa",),
}  # fmt: skip


_STATE_FORM = re.compile(
    r"^(the )?((federal|islamic|federative|independent|plurinational|bolivarian|eastern|arab) )?"
    r"(republic|kingdom|state|commonwealth|principality|sultanate|union|grand duchy) of (the )?"
)


@cache
def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for entry in _CODES.replace("\n", " ").split("|"):
        alpha2, alpha3, numeric = entry.split()
        table |= {alpha2.lower(): alpha2, alpha3.lower(): alpha2, numeric: alpha2}
    for entry in _NAMES.replace("\n", " ").split("|"):
        alpha2, _, name = entry.strip().partition(" ")
        table[_spelling(name)] = alpha2
    for alpha2, spellings in _ALSO.items():
        table |= {_spelling(spelling): alpha2 for spelling in spellings}
    return table


def is_country(code: str) -> bool:
    """Whether this is an ISO 3166-1 alpha-2 code in upper case."""
    return len(code) == 2 and _table().get(code.lower()) == code


def country_code(text: str | None, extra: Mapping[str, str]) -> str | None:
    """The alpha-2 code of a country written any usual way; None where nobody knows it, never a guess.

    Args:
        text: "FR", "FRA", "250", "4" (a number that lost its zeros), "France" or "Türkiye".
        extra: the company's own spellings, folded, to alpha-2.
    """
    if not text:
        return None
    if own := extra.get(fold(text)):
        return own
    spelling = _spelling(text)
    return _table().get(spelling) or _table().get(_STATE_FORM.sub("", spelling))


def _spelling(text: str) -> str:
    spelling = fold(text)
    if spelling.isdecimal():
        return spelling.zfill(3)
    return re.sub(r"\bsaint\b", "st", spelling)
