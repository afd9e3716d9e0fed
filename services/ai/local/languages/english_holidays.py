"""What holidays are called in English, by their name in `temporal.holidays`."""

# Data: phrases stay on one line with what they mean.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

ENGLISH_HOLIDAYS: dict[Any, str] = {
    "christmas": "christmas; xmas; christmas day; xmas day; x - mas; x mas",
    "christmas_eve": "christmas eve; xmas eve; the night before christmas; christmas 's eve; "
    "xmas 's eve",
    "boxing": "boxing day; st stephen 's day",
    "new_year": "new year; new years; new year 's; new year 's day; new years day; "
    "new year day; the new year",
    "new_years_eve": "new year 's eve; new years eve; new year eve; nye",
    "epiphany": "epiphany; three kings day",
    "groundhog": "groundhog day; groundhogs day",
    "valentine": "valentine 's day; valentines day; valentine day; valentine 's; valentines",
    "patrick": "st patrick 's day; saint patrick 's day; st . patrick 's day; st paddy 's day; "
    "saint paddy 's day; saint paddys day; st patricks day; saint patricks day",
    "fools": "april fool 's day; april fools day; april fools; april fool 's; april fools'",
    "earth": "earth day",
    "labor_may": "may day; international workers day; international workers' day",
    "cinco": "cinco de mayo",
    "juneteenth": "juneteenth",
    "independence": "independence day; fourth of july; 4th of july weekend",
    "bastille": "bastille day",
    "halloween": "halloween; hallowe'en; all hallows eve",
    "all_saints": "all saints day; all saints' day",
    "all_souls": "all souls day; all souls' day",
    "veterans": "veterans day; veteran 's day; veterans' day",
    "armistice": "armistice day; remembrance day",
    "guy_fawkes": "guy fawkes night; bonfire night; guy fawkes day",
    "mlk": "mlk day; martin luther king day; martin luther king 's day; "
    "martin luther king jr . day; martin luther kings day; civil rights day; idaho human rights day",
    "presidents": "presidents day; president 's day; presidents' day; washington 's birthday",
    "mothers": "mother 's day; mothers day; mothers' day",
    "memorial": "memorial day; decoration day",
    "fathers": "father 's day; fathers day; fathers' day",
    "labor": "labor day; labour day",
    "columbus": "columbus day; indigenous peoples day",
    "thanksgiving": "thanksgiving; thanksgiving day; turkey day",
    "black_friday": "black friday",
    "cyber_monday": "cyber monday",
    "mardi_gras": "mardi gras; shrove tuesday; pancake day; pancake tuesday; fat tuesday",
    "ash_wednesday": "ash wednesday",
    "palm_sunday": "palm sunday; branch sunday",
    "maundy_thursday": "maundy thursday; holy thursday; covenant thursday",
    "good_friday": "good friday; great friday",
    "holy_saturday": "holy saturday; black saturday; easter eve",
    "easter": "easter; easter sunday; easter day",
    "easter_monday": "easter monday; easter mon",
    "ascension": "ascension day; ascension",
    "pentecost": "pentecost; whit sunday; white sunday; whitsunday",
    "whit_monday": "whit monday; pentecost monday",
    "boss": "boss 's day; bosses day; boss day; bosses' day",
    "kings_nl": "king 's day; koningsdag",
    "womens": "international women 's day; women 's day; womens day",
    "trinity": "trinity sunday; feast of trinity; trinity feast",
    "arabic_language": "arabic language day; world arabic language day",
    "grandparents": "grandparents day; grandparents' day; national grandparents day",
    "corpus_christi": "corpus christi",
}
