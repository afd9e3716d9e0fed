"""Portuguese words of time."""

# Data: phrases stay on one line with what they mean.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

from services.ai.local.languages.lexicon import Entries

_SMALL = [
    "zero",
    "um",
    "dois",
    "tres",
    "quatro",
    "cinco",
    "seis",
    "sete",
    "oito",
    "nove",
    "dez",
    "onze",
    "doze",
    "treze",
    "quatorze",
    "quinze",
    "dezesseis",
    "dezessete",
    "dezoito",
    "dezenove",
    "vinte",
]
_TENS = {20: "vinte", 30: "trinta", 40: "quarenta", 50: "cinquenta"}


def _numbers() -> dict[Any, str]:
    words = {(number, 0): word for number, word in enumerate(_SMALL)}
    words[(1, 0)] = "um; uma"
    words[(2, 0)] = "dois; duas"
    words[(14, 0)] = "quatorze; catorze"
    words[(16, 0)] = "dezesseis; dezasseis"
    words[(17, 0)] = "dezessete; dezassete"
    words[(19, 0)] = "dezenove; dezanove"
    for ten, word in _TENS.items():
        words[(ten, 0)] = word
        for number in range(1, 10):
            also = {1: "; " + word + " e uma", 2: "; " + word + " e duas"}.get(number, "")
            words[(ten + number, 0)] = f"{word} e {_SMALL[number]}{also}"
    return words


_WORDS: dict[str, dict[Any, str]] = {
    "NUM": _numbers(),
    "ORD": {
        1: "primeiro; primeira; 1o; 1 o; 1 º",
        2: "segundo",
        3: "terceiro; terceira",
        4: "quarto",
        5: "quinto",
        -1: "ultimo; ultima",
    },
    "MONTH": {
        1: "janeiro; jan; jan .",
        2: "fevereiro; fev; fev .",
        3: "marco; mar; mar .",
        4: "abril; abr; abr .",
        5: "maio; mai; mai .",
        6: "junho; jun; jun .",
        7: "julho; jul; jul .",
        8: "agosto; ago; ago .",
        9: "setembro; set; set .",
        10: "outubro; out; out .",
        11: "novembro; nov; nov .",
        12: "dezembro; dez; dez .",
    },
    "DOW": {
        0: "segunda; segunda - feira; segunda feira; seg; seg .; segundas",
        1: "terca; terca - feira; terca feira; ter; ter .; tercas",
        2: "quarta; quarta - feira; quarta feira; qua; qua .; quartas",
        3: "quinta; quinta - feira; quinta feira; qui; qui .; quintas",
        4: "sexta; sexta - feira; sexta feira; sex; sex .; sextas",
        5: "sabado; sab; sab .; sabados",
        6: "domingo; dom; dom .; domingos",
    },
    "UNIT": {
        ("second", 1): "segundo; segundos; seg; s",
        ("minute", 1): "minuto; minutos; min; mins",
        ("hour", 1): "hora; horas; h; hs; hr; hrs",
        ("day", 1): "dia; dias",
        ("week", 1): "semana; semanas",
        ("month", 1): "mes; meses",
        ("quarter", 1): "trimestre; trimestres",
        ("year", 1): "ano; anos",
    },
    "SOME": {2: "um par de; uns dois", 3: "alguns; algumas; varios; uns"},
    "HALFA": {1: "meia"},
    "QUARTERS": {15: "um quarto de"},
    "ANDHALF": {30: "e meia; e meio"},
    "CLOCKPLUS": {15: "e quinze; e um quarto; e quarto", 30: "e meia", -15: "menos um quarto"},
    "CLOCKAND": {0: "e"},
    "CLOCKMINUS": {0: "menos"},
    "TOM": {0: "para; para o; para a; para as; pras; pro; para ao"},
    "PAST": {0: "passadas das; depois das"},
    "PART": {
        "morning": "manha; de manha; da manha; pela manha; na manha; a manha; parte da manha",
        "early_morning": "madrugada; de madrugada; da madrugada; na madrugada",
        "afternoon": "tarde; de tarde; da tarde; a tarde; na tarde; pela tarde",
        "night": "noite; de noite; da noite; a noite; na noite; pela noite",
    },
    "TONIGHT": {
        "morning": "esta manha; essa manha; hoje de manha; nesta manha",
        "afternoon": "esta tarde; essa tarde; hoje a tarde; hoje de tarde",
        "tonight": "esta noite; essa noite; hoje a noite; hoje de noite; nesta noite",
    },
    "AMPM": {
        "am": "am; a . m .; da manha; de manha; pela manha; da madrugada; na manha",
        "pm": "pm; p . m .; da tarde; de tarde; da noite; de noite; a noite; a tarde; pela tarde; "
        "pela noite",
    },
    "NOON": {12: "meio dia; meio - dia; ao meio dia; o meio dia; ao meio - dia"},
    "MIDNIGHT": {0: "meia noite; meia - noite; a meia noite"},
    "OCLOCK": {0: "horas; hora; h; hs; em ponto; hrs"},
    "RELDAY": {
        0: "hoje",
        1: "amanha",
        2: "depois de amanha",
        -1: "ontem",
        -2: "anteontem; antes de ontem",
    },
    "NOW": {
        0: "agora; ja; neste momento; neste instante; agora mesmo; imediatamente; nesse momento"
    },
    "THIS": {
        0: "este; esta; esse; essa; desta; dessa; deste; desse; nesta; nessa; neste; nesse; atual; "
        "agora"
    },
    "NEXT": {
        1: "proximo; proxima; proximos; proximas; que vem; seguinte; seguintes; que vem ai; vindouro"
    },
    "LAST": {
        -1: "passado; passada; ultimo; ultima; ultimos; ultimas; passados; passadas; anterior"
    },
    "LASTAFTER": {-1: "passado; passada; anterior; passados; passadas; retrasada"},
    "WEEKEND": {0: "fim de semana; final de semana; fins de semana; findi; fim - de - semana"},
    "AGO": {-1: "atras"},
    "AGOBEFORE": {-1: "ha; faz"},
    "HENCE": {1: "mais tarde; depois; a partir de agora"},
    "IN": {1: "em; dentro de; daqui a; daqui; apos"},
    "WITHIN": {1: "em menos de"},
    "AT": {0: "as; a; ao; a s; por volta das; pelas; perto das; la pelas; para as; la pela"},
    "ON": {0: "em; no; na"},
    "THE": {0: "o; a; os; as"},
    "ONTHE": {0: "no dia; dia; no; ate o dia; para o dia; ao dia"},
    "DAYWORD": {0: "dia; o dia"},
    "OF": {0: "de; do; da; em; no; na"},
    "FROM": {
        0: "desde; de; entre; das; entre as; da; do; desde as; do dia; entre o; desde o; a partir de; "
        "entre os dias"
    },
    "TO": {0: "a; ate; - ; as; ate as; ao; ate o; ate a; ate ao; a s; e ate"},
    "ANDTO": {0: "e; e as; e o; e a"},
    "AFTER": {
        0: "depois de; depois das; depois do; apos; apos as; apos o; apos ao; a partir das; passado"
    },
    "SINCE": {0: "desde; a partir de; a partir das; a partir do; desde as; a partir do dia"},
    "BEFORE": {
        0: "antes de; antes das; antes do; ate; ate as; ate o; ate a; ate ao; nao mais que; "
        "no maximo ate; antes da"
    },
    "BEGIN": {"begin": "inicio de; inicio do; comeco de; comeco do; principio de; inicio da"},
    "MIDDLE": {"middle": "meados de; metade de; meio de; meio do"},
    "ENDOF": {"end": "fim de; fim do; final de; final do; fins de; fim da; final da"},
    "FOR": {0: "por; durante"},
    "PLUS": {0: "e"},
    "SEP": {0: "/ ; - ; . ; ,"},
    "EACH": {0: "cada; todo; toda; todos os; todas as"},
    "FREQ": {
        ("DAILY", 1, ()): "diariamente; diario",
        ("WEEKLY", 1, ()): "semanalmente; semanal",
        ("MONTHLY", 1, ()): "mensalmente; mensal",
        ("YEARLY", 1, ()): "anualmente; anual",
    },
    "DOWS": {
        0: "segundas",
        1: "tercas",
        2: "quartas",
        3: "quintas",
        4: "sextas",
        5: "sabados",
        6: "domingos",
    },
    "SEASON": {0: "primavera", 1: "verao", 2: "outono", 3: "inverno"},
    "YEARWORD": {0: "o ano; ano; no ano"},
    "WEEKOF": {0: "semana de; a semana de; semana do dia"},
    "ZONE": {"utc": "utc; gmt"},
    "FROMPOINT": {0: "depois de; depois do; apos; a partir de"},
    "BEFOREPOINT": {0: "antes de; antes do"},
    "ALL": {0: "toda a; todo o"},
    "HOLIDAY": {
        "christmas": "natal; o natal; dia de natal",
        "new_year": "ano novo; dia de ano novo",
        "christmas_eve": "vespera de natal",
        "new_years_eve": "vespera de ano novo; reveillon",
        "labor_may": "dia do trabalhador; dia do trabalho",
        "all_souls": "finados; dia de finados",
        "tiradentes": "tiradentes",
        "independence_br": "independencia; dia da independencia",
        "aparecida": "nossa senhora aparecida; dia das criancas",
        "republic_br": "proclamacao da republica",
        "valentine_br": "dia dos namorados",
        "easter": "pascoa; domingo de pascoa",
        "good_friday": "sexta - feira santa; sexta feira santa; sexta santa; paixao de cristo",
        "palm_sunday": "domingo de ramos",
        "ash_wednesday": "quarta - feira de cinzas; quarta de cinzas",
        "mardi_gras": "terca de carnaval; carnaval; terca - feira de carnaval",
        "corpus_christi": "corpus christi",
        "all_saints": "todos os santos; dia de todos os santos",
        "mothers": "dia das maes",
        "fathers_br": "dia dos pais",
        "epiphany": "dia de reis",
        "womens": "dia da mulher; dia internacional da mulher",
        "liberty_pt": "dia da liberdade",
        "black_friday": "black friday",
    },
}
PORTUGUESE = Entries(
    words=_WORDS,
    glue="o a os as de do da dia em no na , para ao - . ( ) @ pro pra",
    repairable="setembro novembro dezembro fevereiro domingo",
    not_typos="",
)
