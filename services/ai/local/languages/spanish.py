"""Spanish words of time."""

# Data: phrases stay on one line with what they mean.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

from services.ai.local.languages.lexicon import Entries

_SMALL = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciseis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidos",
    "veintitres",
    "veinticuatro",
    "veinticinco",
    "veintiseis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
]
_TENS = {30: "treinta", 40: "cuarenta", 50: "cincuenta"}


def _numbers() -> dict[Any, str]:
    words = {(number, 0): word for number, word in enumerate(_SMALL)}
    words[(1, 0)] = "uno; un; una"
    words[(0, 0)] = "cero; zero"
    for ten, word in _TENS.items():
        words[(ten, 0)] = word
        for number in range(1, 10):
            words[(ten + number, 0)] = f"{word} y {_SMALL[number]}"
    return words


_WORDS: dict[str, dict[Any, str]] = {
    "NUM": _numbers(),
    "ORD": {
        1: "primero; primer; primera",
        2: "segundo; segunda",
        3: "tercero; tercer; tercera",
        4: "cuarto; cuarta",
        5: "quinto; quinta",
        -1: "ultimo; ultima",
    },
    "MONTH": {
        1: "enero; ene; ene .",
        2: "febrero; feb; feb .",
        3: "marzo; mar; mar .",
        4: "abril; abr; abr .",
        5: "mayo",
        6: "junio; jun; jun .",
        7: "julio; jul; jul .",
        8: "agosto; ago; ago .",
        9: "septiembre; setiembre; sept; sep; sep . ; set",
        10: "octubre; oct; oct .",
        11: "noviembre; nov; nov .",
        12: "diciembre; dic; dic .",
    },
    "DOW": {
        0: "lunes; lun; lun .; lu",
        1: "martes; mar; mar .; ma",
        2: "miercoles; mie; mie .; mier; mx; miercoles .",
        3: "jueves; jue; jue .",
        4: "viernes; vie; vie .",
        5: "sabado; sab; sab .; sabados",
        6: "domingo; dom; dom .; domingos",
    },
    "UNIT": {
        ("second", 1): "segundo; segundos; seg; s",
        ("minute", 1): "minuto; minutos; min; mins",
        ("hour", 1): "hora; horas; h; hr; hrs",
        ("day", 1): "dia; dias",
        ("week", 1): "semana; semanas",
        ("month", 1): "mes; meses",
        ("quarter", 1): "trimestre; trimestres",
        ("year", 1): "ano; anos",
    },
    "SOME": {2: "un par de", 3: "unos; unas; algunos; varios"},
    "HALFA": {1: "media"},
    "ANDHALF": {30: "y media; y medio"},
    "CLOCKPLUS": {
        15: "y cuarto",
        30: "y media",
        -15: "menos cuarto; menos un cuarto",
    },
    "CLOCKAND": {0: "y; con"},
    "CLOCKMINUS": {0: "menos"},
    "PART": {
        "morning": "por la manana; de la manana; en la manana; la manana",
        "early_morning": "madrugada; de madrugada; la madrugada; por la manana temprano; "
        "temprano por la manana; temprano en la manana",
        "noon": "mediodia tarde",
        "afternoon": "tarde; por la tarde; de la tarde; en la tarde; la tarde",
        "night": "noche; por la noche; de la noche; en la noche; la noche",
    },
    "TONIGHT": {
        "morning": "esta manana; hoy por la manana",
        "afternoon": "esta tarde",
        "tonight": "esta noche; hoy por la noche",
    },
    "AMPM": {
        "am": "am; a . m .; de la manana; en la manana; por la manana; de la madrugada",
        "pm": "pm; p . m .; de la tarde; en la tarde; por la tarde; de la noche; en la noche; "
        "por la noche",
    },
    "NOON": {12: "mediodia; medio dia; el mediodia; al mediodia"},
    "MIDNIGHT": {0: "medianoche; media noche"},
    "OCLOCK": {0: "en punto; horas; h; hs; hrs"},
    "RELDAY": {
        0: "hoy",
        1: "manana",
        2: "pasado manana",
        -1: "ayer",
        -2: "anteayer; antier; antes de ayer; antes de anoche; ante ayer",
    },
    "LASTNIGHT": {0: "anoche"},
    "NOW": {0: "ya; ahora; ahorita; ahora mismo; en este momento; ahora - mismo"},
    "THIS": {0: "este; esta; estos; estas; de este; de esta; actual; corriente"},
    "NEXT": {
        1: "proximo; proxima; proximos; proximas; que viene; siguiente; siguientes; que vienen; "
        "entrante; venidero"
    },
    "LAST": {-1: "pasado; pasada; pasados; pasadas; ultimo; ultima; ultimos; ultimas; anterior"},
    "LASTAFTER": {-1: "pasado; pasada; pasados; pasadas; anterior; que paso"},
    "WEEKEND": {0: "fin de semana; finde; fines de semana; week - end; weekend"},
    "AGO": {-1: "atras; antes"},
    "AGOBEFORE": {-1: "hace"},
    "HENCE": {1: "mas tarde; despues; a partir de ahora"},
    "IN": {1: "en; dentro de; de aqui a; tras"},
    "WITHIN": {1: "en menos de"},
    "AT": {
        0: "a las; a la; las; a eso de las; sobre las; hacia las; para las; a; alrededor de las; "
        "para la; la; cerca de las"
    },
    "ON": {0: "el; para el; del"},
    "THE": {0: "el; los; la; las"},
    "ONTHE": {0: "el; para el; al; del"},
    "DAYWORD": {0: "dia; el dia"},
    "OF": {0: "de; del; de la; en; de el"},
    "FROM": {
        0: "desde; de; entre; desde las; entre las; de las; del; desde el; entre el; a partir de"
    },
    "TO": {0: "a; hasta; - ; a las; hasta las; al; hasta el; a la; hasta la"},
    "ANDTO": {0: "y; y las; y el; y la"},
    "AFTER": {0: "despues de; despues de las; despues del; luego de; tras; pasadas las; pasado el"},
    "SINCE": {0: "desde; a partir de; a partir del; desde el; desde las; a partir de las"},
    "BEFORE": {
        0: "antes de; antes del; antes de las; hasta; hasta el; hasta las; hasta la; para antes de"
    },
    "BEGIN": {"begin": "principio de; principios de; a principios de; comienzo de; inicio de"},
    "MIDDLE": {"middle": "mediados de; a mediados de; mitad de"},
    "ENDOF": {
        "end": "fin de; final de; finales de; a finales de; fines de; a fines de; fin del; final del"
    },
    "FOR": {0: "por; durante; de"},
    "PLUS": {0: "y"},
    "SEP": {0: "/ ; - ; . ; ,"},
    "EACH": {0: "cada; todos los; todas las"},
    "DOWS": {
        5: "los sabados",
        6: "los domingos",
        0: "los lunes",
        1: "los martes",
        2: "los miercoles",
        3: "los jueves",
        4: "los viernes",
    },
    "FREQ": {
        ("DAILY", 1, ()): "diariamente; a diario; diario",
        ("WEEKLY", 1, ()): "semanalmente; semanal",
        ("MONTHLY", 1, ()): "mensualmente; mensual",
        ("YEARLY", 1, ()): "anualmente; anual",
    },
    "SEASON": {0: "primavera", 1: "verano", 2: "otono", 3: "invierno"},
    "YEARWORD": {0: "el ano; ano"},
    "WEEKOF": {0: "semana de; la semana de; semana del; la semana del"},
    "ZONE": {"utc": "utc; gmt", "cet": "cet"},
    "FROMPOINT": {0: "despues de; despues del; desde; a partir de"},
    "BEFOREPOINT": {0: "antes de; antes del"},
    "OH": {0: "cero; zero; 0"},
    "ALL": {0: "toda la; todo el"},
    "HOLIDAY": {
        "christmas": "navidad; la navidad",
        "new_year": "ano nuevo; dia de ano nuevo",
        "christmas_eve": "nochebuena; noche buena",
        "new_years_eve": "nochevieja; fin de ano",
        "labor_may": "dia del trabajador; dia del trabajo; dia de los trabajadores",
        "epiphany": "dia de reyes; reyes; reyes magos",
        "halloween": "halloween",
        "all_saints": "todos los santos; dia de todos los santos",
        "all_souls": "dia de los muertos; dia de muertos; dia de los difuntos",
        "fools": "dia de las bromas; dia de los inocentes de abril",
        "valentine": "san valentin; dia de san valentin; dia de los enamorados",
        "easter": "domingo de pascua; pascua; domingo de resurreccion",
        "easter_monday": "lunes de pascua",
        "good_friday": "viernes santo",
        "maundy_thursday": "jueves santo",
        "holy_saturday": "sabado santo",
        "palm_sunday": "domingo de ramos",
        "ash_wednesday": "miercoles de ceniza",
        "mardi_gras": "martes de carnaval",
        "pentecost": "pentecostes",
        "corpus_christi": "corpus christi",
        "assumption": "dia de la asuncion",
        "thanksgiving": "accion de gracias; dia de accion de gracias",
        "black_friday": "viernes negro; black friday",
        "mothers_es": "dia de la madre",
        "womens": "dia de la mujer; dia internacional de la mujer",
        "earth": "dia de la tierra",
        "arabic_language": "dia mundial de la lengua arabe",
        "prematurity": "dia de la prematuridad mundial; dia mundial de la prematuridad",
        "hispanic": "dia de la hispanidad; fiesta nacional",
    },
}
SPANISH = Entries(
    words=_WORDS,
    glue="el la los las de del a al en por , para - . ( ) sobre @",
    repairable="miercoles septiembre noviembre diciembre febrero viernes",
    not_typos="",
)
