"""Cities and names of zones that people say, and the IANA zone each lies in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from services.ai.local.languages.lexicon import folded

_CITIES = {
    "Europe/Lisbon": "lisbon lisboa porto portugal",
    "Europe/London": "london edinburgh manchester leeds glasgow uk england scotland british bst",
    "Europe/Dublin": "dublin ireland",
    "Europe/Madrid": "madrid barcelona valencia seville spain",
    "Europe/Paris": "paris lyon marseille nice france",
    "Europe/Berlin": "berlin munich hamburg frankfurt cologne germany",
    "Europe/Rome": "rome milan naples turin italy",
    "Europe/Brussels": "brussels antwerp belgium",
    "Europe/Amsterdam": "amsterdam rotterdam netherlands",
    "Europe/Zurich": "zurich geneva basel bern switzerland",
    "Europe/Vienna": "vienna austria",
    "Europe/Prague": "prague",
    "Europe/Warsaw": "warsaw krakow poland",
    "Europe/Stockholm": "stockholm sweden",
    "Europe/Oslo": "oslo norway",
    "Europe/Copenhagen": "copenhagen denmark",
    "Europe/Helsinki": "helsinki finland",
    "Europe/Athens": "athens greece",
    "Europe/Budapest": "budapest hungary",
    "Europe/Bucharest": "bucharest romania",
    "Europe/Kyiv": "kyiv kiev ukraine",
    "Europe/Istanbul": "istanbul ankara turkey",
    "Europe/Moscow": "moscow",
    "Africa/Cairo": "cairo egypt",
    "Africa/Lagos": "lagos nigeria",
    "Africa/Nairobi": "nairobi kenya",
    "Africa/Johannesburg": "johannesburg capetown durban",
    "Africa/Casablanca": "casablanca morocco",
    "Asia/Dubai": "dubai abudhabi",
    "Asia/Jerusalem": "jerusalem telaviv israel",
    "Asia/Riyadh": "riyadh jeddah",
    "Asia/Karachi": "karachi lahore pakistan",
    "Asia/Kolkata": "mumbai delhi bangalore chennai kolkata india ist",
    "Asia/Dhaka": "dhaka bangladesh",
    "Asia/Bangkok": "bangkok thailand",
    "Asia/Jakarta": "jakarta",
    "Asia/Makassar": "bali",
    "Asia/Singapore": "singapore",
    "Asia/Kuala_Lumpur": "kualalumpur malaysia",
    "Asia/Manila": "manila philippines",
    "Asia/Hong_Kong": "hongkong",
    "Asia/Shanghai": "shanghai beijing shenzhen china",
    "Asia/Taipei": "taipei taiwan",
    "Asia/Seoul": "seoul korea",
    "Asia/Tokyo": "tokyo osaka kyoto japan",
    "Australia/Sydney": "sydney canberra",
    "Australia/Melbourne": "melbourne",
    "Australia/Brisbane": "brisbane",
    "Australia/Perth": "perth",
    "Pacific/Auckland": "auckland wellington newzealand",
    "Pacific/Honolulu": "honolulu hawaii",
    "America/New_York": "newyork boston washington miami atlanta philadelphia eastern est edt et",
    "America/Chicago": "chicago dallas houston austin central cst cdt",
    "America/Denver": "denver saltlakecity mountain mst mdt",
    "America/Phoenix": "phoenix arizona",
    "America/Los_Angeles": "losangeles sanfrancisco seattle sandiego portland lasvegas california "
    "pacific pst pdt pt",
    "America/Toronto": "toronto ottawa montreal",
    "America/Vancouver": "vancouver",
    "America/Mexico_City": "mexicocity mexico",
    "America/Bogota": "bogota colombia",
    "America/Lima": "lima peru",
    "America/Santiago": "santiago chile",
    "America/Sao_Paulo": "saopaulo riodejaneiro rio brasilia",
    "America/Argentina/Buenos_Aires": "buenosaires argentina",
    "Etc/UTC": "utc gmt zulu",
}
_ZONES: Mapping[str, str] = MappingProxyType(
    {city: zone for zone, cities in _CITIES.items() for city in cities.split()}
    | {
        "centraleuropeantime": "Europe/Berlin",
        "cet": "Europe/Berlin",
        "centraleuropean": "Europe/Berlin",
    }
)
_IANA = re.compile(
    r"\b(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)/[\w/+-]+", re.I
)
_LONGEST = 3


def zone_of(text: str) -> str:
    """The zone that a text names, "" when it names none that is known."""
    if match := _IANA.search(text):
        return "/".join(
            "_".join(word[:1].upper() + word[1:] for word in part.split("_"))
            for part in match.group().split("/")
        )
    words = re.findall(r"[a-z]+", folded(text.lower()))
    for length in range(_LONGEST, 0, -1):
        for first in range(len(words) - length + 1):
            zone = _ZONES.get("".join(words[first : first + length]))
            if zone is not None:
                return zone
    return ""
