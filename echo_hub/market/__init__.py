"""One consistent picture of people and opportunities, built from the store and swapped whole."""

from echo_hub.market.building import build_market
from echo_hub.market.columns import MatchSettings
from echo_hub.market.holder import MarketHolder
from echo_hub.market.listing import Listing
from echo_hub.market.people import MarketPerson
from echo_hub.market.snapshot import Market

__all__ = ["Listing", "Market", "MarketHolder", "MarketPerson", "MatchSettings", "build_market"]
