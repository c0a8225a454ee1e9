"""How people write regions and office cities in a location field, and the ISO 3166-1 code each means.

Only spellings that mean one country are listed. "Georgia" (state or country), a bare "CA" (California or Canada) and
the like are left out on purpose: an unresolved location is open to everyone, a wrong one hides a job.
"""

from __future__ import annotations

from echo_core.text.countries import country_code

_REGIONS = """
US Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Hawaii|Idaho|Illinois|Indiana
US Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana
US Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania
US Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington State|West Virginia
US Wisconsin|Wyoming|District of Columbia|Washington DC|Washington D.C.|Bay Area|San Francisco Bay Area
US CT|DC|FL|HI|IA|KS|MI|NH|NJ|NV|NY|ND|OH|OK|OR|RI|TX|UT|WA|WI|WV|WY
CA Alberta|British Columbia|Manitoba|New Brunswick|Newfoundland and Labrador|Nova Scotia|Ontario|Quebec|Québec
CA Saskatchewan|AB|BC|ON|QC
AU New South Wales|NSW|Queensland|South Australia|Tasmania|Western Australia|Australian Capital Territory
DE Bavaria|Bayern|Hesse|Hessen|Baden-Württemberg|North Rhine-Westphalia|Nordrhein-Westfalen|Saxony|Sachsen
IN Karnataka|Maharashtra|Tamil Nadu|Telangana|Haryana|Uttar Pradesh|Gujarat|Kerala|West Bengal
ES Catalonia|Catalunya|Cataluña|Andalusia|Andalucía;FR Île-de-France|Ile-de-France;BR Minas Gerais
JP Tokyo-to|Kanagawa
"""

_CITIES = """
US New York|New York City|NYC|San Francisco|Los Angeles|Seattle|Chicago|Boston|Austin|Denver|Atlanta|Miami|Brooklyn
US Santa Monica|San Jose CA|Palo Alto|Mountain View|Menlo Park|San Diego|Dallas|Houston|Philadelphia|Nashville
US Salt Lake City|Minneapolis|Detroit|Pittsburgh|Phoenix|Raleigh|Las Vegas
CA Toronto|Montreal|Montréal|Ottawa|Calgary|Kitchener;GB London|Manchester|Edinburgh|Glasgow|Bristol|Leeds|Belfast
IE Dublin|Galway;DE Berlin|Munich|München|Hamburg|Cologne|Köln|Frankfurt|Stuttgart|Düsseldorf|Leipzig
FR Paris|Lyon|Marseille|Toulouse|Bordeaux|Nantes|Lille;ES Madrid|Barcelona|Málaga;PT Lisbon|Lisboa|Porto
IT Milan|Milano|Rome|Roma|Turin|Torino|Bologna;NL Amsterdam|Rotterdam|Utrecht|Eindhoven|The Hague
BE Brussels|Bruxelles|Brussel|Antwerp|Ghent;LU Luxembourg City;CH Zurich|Zürich|Geneva|Genève|Basel|Lausanne
AT Vienna|Wien|Graz;SE Stockholm|Gothenburg|Göteborg|Malmö;NO Oslo|Bergen;DK Copenhagen|København|Aarhus
FI Helsinki|Espoo|Tampere;PL Warsaw|Warszawa|Kraków|Krakow|Wrocław|Wroclaw|Gdańsk|Gdansk|Poznań
CZ Prague|Praha|Brno;HU Budapest;RO Bucharest|București|Cluj-Napoca;BG Sofia;GR Athens|Thessaloniki;RS Belgrade
HR Zagreb;UA Kyiv|Kiev|Lviv;EE Tallinn;LV Riga;LT Vilnius;TR Istanbul|Ankara;IL Tel Aviv|Haifa|Jerusalem
AE Dubai|Abu Dhabi;SA Riyadh;QA Doha;EG Cairo;KE Nairobi;NG Lagos;ZA Cape Town|Johannesburg;MA Casablanca
IN Bangalore|Bengaluru|Mumbai|Delhi|New Delhi|Hyderabad|Chennai|Pune|Gurgaon|Gurugram|Noida|Kolkata|Ahmedabad
SG Singapore;MY Kuala Lumpur;ID Jakarta;TH Bangkok;PH Manila|Makati;VN Hanoi|Ho Chi Minh City
JP Tokyo|Osaka|Kyoto|東京;KR Seoul;TW Taipei;CN Shanghai|Beijing|Shenzhen|Guangzhou|Hangzhou
AU Sydney|Melbourne|Brisbane|Canberra;NZ Auckland;BR São Paulo|Sao Paulo|Rio de Janeiro|Belo Horizonte|Florianópolis
MX Mexico City|Ciudad de México|CDMX|Guadalajara|Monterrey;AR Buenos Aires;CO Bogotá|Bogota|Medellín|Medellin
CL Santiago de Chile;PE Lima;UY Montevideo
"""

_STATES = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA "
    "RI SC SD TN TX UT VT VA WA WV WI WY DC"
)
_STATE_CODES = frozenset(_STATES.split())
"""Two letters that an American reads as a state; most of them are some country's code as well."""


def _table(text: str) -> dict[str, str]:
    entries = (entry for line in text.strip().splitlines() for entry in line.split(";"))
    return {
        spelling.strip().casefold(): code
        for code, _, spellings in (entry.strip().partition(" ") for entry in entries)
        for spelling in spellings.split("|")
    }


REGIONS = _table(_REGIONS)
"""States, provinces and their unambiguous abbreviations: spelling, case-folded, to ISO code."""
CITIES = _table(_CITIES)
"""Cities where offices are; the last resort, after country and region."""
PAIRS = dict.fromkeys(("perth, wa", "fremantle, wa", "mandurah, wa", "bunbury, wa"), "AU")
"""A city and an abbreviation that mean another state together than the abbreviation alone: WA is Washington."""
_WORDS = frozenset(
    {"AM", "AND", "ARM", "AS", "COM", "IOT", "LIE", "MH", "MP", "NU", "PER", "PM", "SUR", "TG", "TON", "YT"}
)
"""Letters that are a word, a time or a state of India or Canada more often than a country."""


def country_of_code(code: str) -> str | None:
    """The country that two or three capital letters mean.

    None when they could be a US state as well ("CA", "DE", "IN") or a word ("AND", "PM").
    """
    return None if code in _STATE_CODES or code in _WORDS else country_code(code)
