"""Guesses from a phone number: the time zone and the language of where it was given out."""

from __future__ import annotations

from types import MappingProxyType

import phonenumbers
from babel.core import get_global
from babel.languages import get_official_languages
from phonenumbers import timezone as number_timezone

_NO_ZONE = "Etc/Unknown"
_NO_REGION = "001"
# Where a region has several zones and the number does not tell: the one most people live in.
_MAIN_ZONES = MappingProxyType(
    {
        "AR": "America/Argentina/Buenos_Aires",
        "AU": "Australia/Sydney",
        "BR": "America/Sao_Paulo",
        "CA": "America/Toronto",
        "CD": "Africa/Kinshasa",
        "CL": "America/Santiago",
        "CN": "Asia/Shanghai",
        "CY": "Asia/Nicosia",
        "DE": "Europe/Berlin",
        "EC": "America/Guayaquil",
        "ES": "Europe/Madrid",
        "FM": "Pacific/Pohnpei",
        "GL": "America/Nuuk",
        "ID": "Asia/Jakarta",
        "KI": "Pacific/Tarawa",
        "KZ": "Asia/Almaty",
        "MN": "Asia/Ulaanbaatar",
        "MX": "America/Mexico_City",
        "MY": "Asia/Kuala_Lumpur",
        "NZ": "Pacific/Auckland",
        "PF": "Pacific/Tahiti",
        "PG": "Pacific/Port_Moresby",
        "PT": "Europe/Lisbon",
        "RU": "Europe/Moscow",
        "UA": "Europe/Kyiv",
        "US": "America/New_York",
        "UZ": "Asia/Tashkent",
        "VN": "Asia/Ho_Chi_Minh",
    }
)


def guesses(digits: str) -> tuple[str, str]:
    """An IANA time zone and a BCP 47 locale for a number with country code; "" where unknown."""
    if not digits:
        return "", ""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return "", ""
    region = phonenumbers.region_code_for_number(
        number
    ) or phonenumbers.region_code_for_country_code(number.country_code or 0)
    if not region or region == _NO_REGION or region == "ZZ":
        return "", ""
    return _zone(number, region), _locale(region)


def _zone(number: phonenumbers.PhoneNumber, region: str) -> str:
    zones = [zone for zone in number_timezone.time_zones_for_number(number) if zone != _NO_ZONE]
    main = _MAIN_ZONES.get(region, "")
    if main and (main in zones or not zones):
        return main
    # Numbers of one country code lead to the zones of all its regions; this region's come first.
    own = get_global("territory_zones").get(region, ())
    if len(own) == 1:
        return str(own[0])
    return next((zone for zone in own if zone in zones), zones[0] if zones else "")


def _locale(region: str) -> str:
    languages = get_official_languages(region, regional=False, de_facto=True)
    return f"{languages[0].replace('_', '-')}-{region}" if languages else ""
