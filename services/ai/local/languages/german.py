"""German words of time."""

# Data: phrases stay on one line with what they mean.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

from services.ai.local.languages.lexicon import Entries

_SMALL = [
    "null",
    "eins",
    "zwei",
    "drei",
    "vier",
    "funf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwolf",
    "dreizehn",
    "vierzehn",
    "funfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
]
_TENS = {20: "zwanzig", 30: "dreissig", 40: "vierzig", 50: "funfzig"}
_STEMS = {1: "erst", 3: "dritt", 7: "siebt", 8: "acht"}


def _plain(text: str) -> str:
    """Also without umlauts spelled as two letters."""
    return text.replace("funf", "fuenf").replace("zwolf", "zwoelf")


def _numbers() -> dict[Any, str]:
    words = {(number, 0): word for number, word in enumerate(_SMALL)}
    words[(1, 0)] = "eins; ein; eine; einer; einem; einen"
    words[(2, 0)] = "zwei; zwo"
    for ten, word in _TENS.items():
        words[(ten, 0)] = word
        for number in range(1, 10):
            unit = "ein" if number == 1 else _SMALL[number]
            words[(ten + number, 0)] = f"{unit}und{word}"
    return {
        key: word if _plain(word) == word else f"{word}; {_plain(word)}"
        for key, word in words.items()
    }


def _ordinals() -> dict[Any, str]:
    stems = {number: _STEMS.get(number, _SMALL[number] + "t") for number in range(1, 20)}
    for ten, word in ((20, "zwanzig"), (30, "dreissig")):
        stems[ten] = word + "st"
        for number in range(1, 10):
            if ten + number > 31:
                break
            unit = "ein" if number == 1 else _SMALL[number]
            stems[ten + number] = f"{unit}und{word}st"
    words: dict[Any, str] = {}
    for number, stem in stems.items():
        forms = [stem + ending for ending in ("e", "er", "en", "es", "em")]
        forms += [_plain(form) for form in forms if _plain(form) != form]
        forms += [f"{number} te", f"{number} ten", f"{number} ter", f"{number} sten"]
        words[number] = "; ".join(forms)
    words[-1] = "letzte; letzter; letzten; letztes"
    return words


_WORDS: dict[str, dict[Any, str]] = {
    "NUM": _numbers(),
    "ORD": _ordinals(),
    "MONTH": {
        1: "januar; janner; jan; jan .",
        2: "februar; feb; feb .; feber",
        3: "marz; maerz; mrz; mar; marz .",
        4: "april; apr; apr .",
        5: "mai",
        6: "juni; jun; jun .; juno",
        7: "juli; jul; jul .; julei",
        8: "august; aug; aug .",
        9: "september; sept; sep; sept .; sep .",
        10: "oktober; okt; okt .",
        11: "november; nov; nov .",
        12: "dezember; dez; dez .",
    },
    "DOW": {
        0: "montag; mo; mo .; montags",
        1: "dienstag; di; di .; dienstags",
        2: "mittwoch; mi; mi .; mittwochs",
        3: "donnerstag; do; do .; donnerstags",
        4: "freitag; fr; fr .; freitags",
        5: "samstag; sa; sa .; sonnabend; samstags; sam",
        6: "sonntag; so .; sonntags",
    },
    "DOWS": {
        0: "montags",
        1: "dienstags",
        2: "mittwochs",
        3: "donnerstags",
        4: "freitags",
        5: "samstags; sonnabends",
        6: "sonntags",
    },
    "DOWPART": {
        (day, part): f"{name}{word}; {name}{word}s; {name} {word}"
        for day, name in enumerate(
            ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"]
        )
        for part, word in (
            ("morning", "morgen"),
            ("morning", "vormittag"),
            ("noon", "mittag"),
            ("afternoon", "nachmittag"),
            ("evening", "abend"),
            ("night", "nacht"),
        )
    },
    "UNIT": {
        ("second", 1): "sekunde; sekunden; sek; s",
        ("minute", 1): "minute; minuten; min; mins; '",
        ("hour", 1): "stunde; stunden; std; h; std .",
        ("day", 1): "tag; tage; tagen; tages",
        ("week", 1): "woche; wochen",
        ("month", 1): "monat; monate; monaten; monats",
        ("quarter", 1): "quartal; quartale; quartals; quartalen",
        ("year", 1): "jahr; jahre; jahren; jahres",
    },
    "SOME": {2: "ein paar; paar", 3: "einige; mehrere; wenige"},
    "HALFA": {1: "halbe; halben; eine halbe; einer halben; ein halbes; einem halben; halber"},
    "QUARTERS": {
        15: "viertel; eine viertel; einer viertel; ein viertel",
        45: "drei viertel; dreiviertel",
    },
    "QUARTERHOUR": {
        15: "viertelstunde; eine viertelstunde; einer viertelstunde; viertel stunde",
        45: "dreiviertelstunde; eine dreiviertelstunde; einer dreiviertelstunde",
        30: "halbstunde",
    },
    "ANDAHALF": {
        90: "anderthalb; eineinhalb; einundeinhalb",
        150: "zweieinhalb; zwei einhalb",
        210: "dreieinhalb",
    },
    "HALFTO": {30: "halb"},
    "CLOCKPLUS": {},
    "PAST": {0: "nach"},
    "TOM": {0: "vor"},
    "PART": {
        "early_morning": "fruhmorgens; am fruhen morgen; fruhen morgen; in der fruh; fruh am morgen; "
        "fruh morgens; am fruhen vormittag",
        "morning": "morgens; vormittag; vormittags; am vormittag; am morgen; fruh; in der fruhe; "
        "diesen morgen; am morgen",
        "noon": "mittag; mittags; am mittag; zu mittag; zur mittagszeit; mittagszeit",
        "lunch": "mittagessen; zum mittagessen; mittagspause",
        "early_afternoon": "fruher nachmittag; am fruhen nachmittag; fruhen nachmittag",
        "afternoon": "nachmittag; nachmittags; am nachmittag; diesen nachmittag",
        "late_afternoon": "spaten nachmittag; am spaten nachmittag; spater nachmittag; spatnachmittag",
        "early_evening": "fruhen abend; am fruhen abend; fruher abend",
        "evening": "abend; abends; am abend; diesen abend; zu abend",
        "late_evening": "spaten abend; am spaten abend; spat abends; spater abend; spatabends",
        "night": "nacht; nachts; in der nacht; zur nacht; diese nacht",
        "late_night": "spat in der nacht; spat nachts; spate nacht",
    },
    "TONIGHT": {
        "morning": "heute morgen; heut morgen; heute fruh",
        "evening": "heute abend; heut abend",
        "tonight": "heute nacht; heut nacht",
        "late_tonight": "heute spatabend; spat heute abend; spat heute nacht; heute spat; "
        "heute spat in der nacht",
    },
    "AMPM": {
        "am": "morgens; vormittags; am morgen; am vormittag; fruh; in der fruh; am; uhr morgens; "
        "uhr vormittags; uhr fruh; uhr am morgen; a . m .; nachts; in der nacht",
        "pm": "nachmittags; abends; am nachmittag; am abend; pm; uhr nachmittags; uhr abends; "
        "uhr am nachmittag; uhr am abend; mittags; p . m .",
    },
    "NOON": {12: "mittag; mittags; am mittag; 12 uhr mittags; zwolf uhr mittags"},
    "MIDNIGHT": {0: "mitternacht; um mitternacht; 0 uhr"},
    "OCLOCK": {0: "uhr; h; uhr genau; uhr punkt"},
    "ISH": {0: "in etwa; ungefahr; circa; herum; genau; punkt"},
    "RELDAY": {
        0: "heute; heut; heutigen tag",
        1: "morgen; am nachsten tag; am folgenden tag",
        2: "ubermorgen; uebermorgen",
        -1: "gestern",
        -2: "vorgestern",
        -3: "vorvorgestern",
    },
    "NOW": {
        0: "jetzt; nun; sofort; gerade; genau jetzt; gerade eben; in diesem moment; "
        "im moment; umgehend; gleich jetzt"
    },
    "THIS": {
        0: "diese; dieser; diesen; dieses; diesem; aktuelle; aktuellen; laufende; laufenden; "
        "der aktuellen"
    },
    "NEXT": {
        1: "nachste; nachsten; nachster; nachstes; nachstem; naechste; naechsten; naechster; "
        "naechstes; folgende; folgenden; folgender; kommende; kommenden; kommender; kommendes; kommendem; bevorstehenden"
    },
    "LAST": {
        -1: "letzte; letzten; letzter; letztes; letztem; vergangene; vergangenen; vergangener; "
        "vergangenes; vorige; vorigen; voriger; voriges; vorherige; vorherigen"
    },
    "AFTERNEXT": {2: "nach dem nachsten; nach der nachsten"},
    "BEFORENEXT": {
        2: "ubernachste; ubernachsten; ubernachster; ubernachstes; uebernachste; uebernachsten"
    },
    "WEEKEND": {0: "wochenende; wochenendes; we; wochenenden"},
    "AGOBEFORE": {-1: "vor; vor etwa; vor zirka; vor rund"},
    "AGO": {-1: "zuvor; fruher; her"},
    "HENCE": {1: "spater; danach; ab jetzt; von jetzt an; ab heute; von heute an; von jetzt"},
    "IN": {
        1: "in; in zirka; in etwa; in circa; in ungefahr; in den nachsten; in rund; in ca .; in ca"
    },
    "WITHIN": {1: "innerhalb von; binnen; innerhalb; innerhalb der nachsten"},
    "AT": {
        0: "um; gegen; ab; zirka; circa; ungefahr; etwa; ca; ca .; um zirka; um etwa; um circa; um ungefahr; "
        "um ca; um ca .; so gegen; @; von zirka; bis um"
    },
    "ON": {0: "am; den; dem; der"},
    "THE": {0: "der; den; dem; das; die"},
    "ONTHE": {0: "am; der; den; dem; vom; zum; bis zum; ab dem; auf den"},
    "DAYWORD": {0: "tag; der tag"},
    "OF": {0: "der; des; von; im; in; vom; in der; dieser"},
    "FROM": {
        0: "von; vom; zwischen; ab; seit; von der; zwischen dem; von zirka; zwischen den; von um"
    },
    "TO": {0: "bis; - ; bis zum; bis um; bis gegen; bis zu; und bis; / ; bis zur"},
    "ANDTO": {0: "und; und dem; und den"},
    "AFTER": {0: "nach; nach dem; nach der; ab; fruhestens; nicht vor"},
    "SINCE": {0: "seit; ab; ab dem; seit dem; von; beginnend; von an; seit der; ab der"},
    "BEFORE": {
        0: "vor; bis; bis zum; bis um; vor dem; spatestens; bis spatestens; vor der; bis spatestens um; "
        "bis zur; nicht nach; spatestens um"
    },
    "BUTBEFORE": {0: "aber vor; jedoch vor; und vor"},
    "BEGIN": {
        "begin": "anfang; beginn; anfang des; beginn des; zu beginn des; am anfang des; zu anfang; "
        "anfang der; zu beginn der; beginn der; am anfang der; anfang von; am anfang von"
    },
    "MIDDLE": {"middle": "mitte; mitte des; mitte der; mitte von"},
    "ENDOF": {
        "end": "ende; ende des; am ende des; zum ende des; ende der; am ende der; bis ende; "
        "gegen ende des; zum ende der; am ende von; ende von; bis ende des; bis ende der"
    },
    "FOR": {0: "fur; lang; fuer"},
    "PLUS": {0: "und"},
    "SEP": {0: "/ ; - ; . ; , ; . ,"},
    "EACH": {0: "jeden; jede; jedes; jeder; alle; jedem"},
    "OTHER": {2: "zweiten; zweite; zwei"},
    "FREQ": {
        ("DAILY", 1, ()): "taglich; jeden tag",
        ("WEEKLY", 1, ()): "wochentlich",
        ("MONTHLY", 1, ()): "monatlich",
        ("YEARLY", 1, ()): "jahrlich",
        ("HOURLY", 1, ()): "stundlich",
        ("MONTHLY", 3, ()): "vierteljahrlich",
    },
    "SEASON": {0: "fruhling; fruhjahr", 1: "sommer", 2: "herbst", 3: "winter"},
    "YEARWORD": {0: "jahr; das jahr; im jahr; im jahre; jahre"},
    "WEEKOF": {
        0: "woche vom; die woche vom; woche des; in der woche vom; woche ab; der woche vom; "
        "woche des; die woche ab dem; woche ab dem"
    },
    "WEEKNO": {0: "kw; kalenderwoche; woche"},
    "ZONE": {"utc": "utc; gmt", "cet": "mez; cet; mesz", "est": "est", "pst": "pst", "cst": "cst"},
    "FROMPOINT": {0: "nach; nach dem; ab; seit; von; nach der; ab dem"},
    "BEFOREPOINT": {0: "vor; vor dem; vor der"},
    "ALL": {0: "ganze; ganzen; den ganzen; die ganze; gesamte"},
    "HOLIDAY": {
        "christmas": "weihnachten; erster weihnachtstag; weihnachtstag; 1 . weihnachtstag; "
        "der erste weihnachtstag; christtag",
        "boxing": "zweiter weihnachtstag; 2 . weihnachtstag; stephanstag; stefanitag",
        "new_year": "neujahr; neujahrstag; der neujahrstag",
        "christmas_eve": "heiligabend; heiliger abend; heilig abend",
        "new_years_eve": "silvester; sylvester; silvesterabend",
        "labor_may": "tag der arbeit; maifeiertag",
        "nikolaus": "nikolaus; nikolaustag; nikolo",
        "halloween": "halloween",
        "unity_de": "tag der deutschen einheit; nationalfeiertag deutschland",
        "reformation": "reformationstag",
        "all_saints": "allerheiligen",
        "all_souls": "allerseelen",
        "epiphany": "heilige drei konige; dreikonigstag",
        "assumption": "maria himmelfahrt",
        "easter": "ostern; ostersonntag",
        "easter_monday": "ostermontag",
        "good_friday": "karfreitag; hoher freitag; stiller freitag; guter freitag",
        "pentecost": "pfingsten; pfingstsonntag; pentecost",
        "whit_monday": "pfingstmontag; pentecost montag",
        "ascension": "himmelfahrt; christi himmelfahrt",
        "corpus_christi": "fronleichnam; corpus christi; leichnam christi",
        "valentine": "valentinstag; valentinestag",
        "rosenmontag": "rosenmontag",
        "ash_wednesday": "aschermittwoch; aschetag",
        "maundy_thursday": "grundonnerstag; heiliger donnerstag; hoher donnerstag; weisser donnerstag",
        "holy_saturday": "karsamstag; stiller samstag; karsonnabend; ostersamstag",
        "palm_sunday": "palmsonntag",
        "mardi_gras": "fastnacht; fastnachtsdienstag; faschingsdienstag; mardi gras; veilchendienstag",
        "trinity": "trinitatis; dreifaltigkeitsfest; dreifaltigkeitssonntag; dreifaltigkeit",
        "black_friday": "black friday",
        "kings_nl": "konigstag",
        "womens": "frauentag; internationaler frauentag; weltfrauentag",
        "childrens_de": "weltkindertag",
        "barbara": "barbaratag",
        "boss": "tag des chefs",
        "thanksgiving": "thanksgiving",
        "mothers": "muttertag",
        "fathers_de": "vatertag",
        "swiss": "schweizer bundesfeiertag; bundesfeiertag; schweizer nationalfeiertag",
        "austria": "osterreichischer nationalfeiertag; nationalfeiertag osterreich",
    },
}
GERMAN = Entries(
    words=_WORDS,
    glue="am um den dem der die das des im in vom von , - . ( ) gegen zum zur zirka ca etwa @ ab fur",
    repairable="mittwoch september november dezember februar donnerstag dienstag samstag sonntag",
    not_typos="",
    dotted_ordinals=True,
)
