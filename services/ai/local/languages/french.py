"""French words of time."""

# Data: phrases stay on one line with what they mean.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

from services.ai.local.languages.lexicon import Entries

_SMALL = [
    "zero",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
    "vingt",
]
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante"}


def _numbers() -> dict[Any, str]:
    words = {(number, 0): word.replace("-", " - ") for number, word in enumerate(_SMALL)}
    words[(1, 0)] = "un; une"
    for number in (17, 18, 19):
        words[(number, 0)] += "; " + _SMALL[number].replace("-", " ")
    for ten, word in _TENS.items():
        words[(ten, 0)] = word
        for number in range(1, 10):
            unit = _SMALL[number]
            words[(ten + number, 0)] = (
                f"{word} et un; {word} et une; {word} un"
                if number == 1
                else f"{word} - {unit}; {word} {unit}"
            )
    return words


_WORDS: dict[str, dict[Any, str]] = {
    "NUM": _numbers(),
    "ORD": {
        1: "premier; premiere; 1er; 1 er; 1ere; 1 ere",
        2: "deuxieme; second; seconde; 2eme; 2 eme; 2 e",
        3: "troisieme; 3eme; 3 eme; 3 e",
        4: "quatrieme; 4 eme; 4 e",
        5: "cinquieme; 5 eme",
        -1: "dernier; derniere",
    },
    "MONTH": {
        1: "janvier; janv; jan; janv .; jan .",
        2: "fevrier; fev; fevr; fev .; fevr .",
        3: "mars; mar; mar .",
        4: "avril; avr; avr .",
        5: "mai",
        6: "juin",
        7: "juillet; juil; juil .; jui; jui .; jul",
        8: "aout; aou",
        9: "septembre; sept; sep; sept .",
        10: "octobre; oct; oct .",
        11: "novembre; nov; nov .",
        12: "decembre; dec; dec .",
    },
    "DOW": {
        0: "lundi; lun; lun .; lundis",
        1: "mardi; mar; mar .; mardis",
        2: "mercredi; mer; mer .; mercredis",
        3: "jeudi; jeu; jeu .; jeudis",
        4: "vendredi; ven; ven .; vendredis",
        5: "samedi; sam; sam .; samedis",
        6: "dimanche; dim; dim .; dimanches",
    },
    "UNIT": {
        ("second", 1): 'seconde; secondes; sec; s; "',
        ("minute", 1): "minute; minutes; min; mins; mn; '",
        ("hour", 1): "heure; heures; h; hr",
        ("day", 1): "jour; jours; journee; j",
        ("week", 1): "semaine; semaines; sem",
        ("week", 2): "quinzaine",
        ("month", 1): "mois",
        ("quarter", 1): "trimestre; trimestres",
        ("year", 1): "an; ans; annee; annees",
    },
    "SOME": {2: "une paire de; deux ou trois", 3: "quelques; plusieurs"},
    "HALFA": {1: "demi; une demi; demie; une demi -; demi -"},
    "QUARTERS": {15: "un quart d'; un quart d"},
    "ANDHALF": {30: "et demie; et demi"},
    "CLOCKPLUS": {
        15: "et quart; et 1 / 4; un quart",
        30: "et demie; et demi; et 1 / 2",
        -15: "moins le quart; moins quart; moins un quart",
    },
    "CLOCKAND": {0: "et; passe de; passees de; passes de; et de"},
    "CLOCKMINUS": {0: "moins"},
    "PART": {
        "early_morning": "tot le matin; tres tot le matin; tot dans la matinee; tot ce matin; "
        "le matin tot; le matin tres tot; en tout debut de matinee; debut de matinee; "
        "en debut de matinee; au debut de la matinee",
        "morning": "matin; matinee; le matin; du matin; dans la matinee; la matinee; en matinee; "
        "au matin; mat; du mat",
        "mid_morning": "milieu de matinee; en milieu de matinee",
        "late_morning": "fin de matinee; en fin de matinee; fin de la matinee; "
        "a la fin de la matinee",
        "start_of_day": "debut de journee; en debut de journee; debut de la journee; "
        "au debut de la journee",
        "mid_day": "milieu de journee; milieu de la journee; en milieu de journee; "
        "au milieu de la journee",
        "end_of_day": "fin de journee; en fin de journee; fin de la journee; a la fin de la journee",
        "lunch": "pendant le dejeuner; au dejeuner; a l'heure du dejeuner; le midi; ce midi; "
        "heure du dejeuner; a l' heure du dejeuner",
        "after_lunch": "apres dejeuner; apres le dejeuner; apres - dejeuner",
        "before_lunch": "avant dejeuner; avant le dejeuner",
        "early_afternoon": "debut d' apres - midi; en debut d' apres - midi; "
        "au debut de l' apres - midi; debut de l' apres - midi; debut d' apres midi",
        "afternoon": "apres - midi; apres midi; l' apres - midi; dans l' apres - midi; "
        "de l' apres - midi; aprem; aprem'; l' aprem; plus tard dans l' apres - midi; "
        "un peu plus tard dans l' apres - midi; apres - midi",
        "mid_afternoon": "milieu d' apres - midi; en milieu d' apres - midi; "
        "milieu de l' apres - midi",
        "late_afternoon": "fin d' apres - midi; en fin d' apres - midi; fin de l' apres - midi; "
        "a la fin de l' apres - midi; en fin d' apres midi",
        "after_work": "apres le travail; apres le boulot; apres le taf; apres taf",
        "early_evening": "debut de soiree; en debut de soiree; debut de la soiree; "
        "au debut de la soiree; tot dans la soiree",
        "evening": "soir; soiree; le soir; du soir; dans la soiree; la soiree; en soiree; au soir; "
        "plus tard dans la soiree",
        "late_evening": "fin de soiree; en fin de soiree; tard dans la soiree; fin de la soiree; "
        "tard le soir; a la fin de la soiree; tard en soiree",
        "night": "nuit; la nuit; dans la nuit; de nuit",
    },
    "TONIGHT": {
        "morning": "ce matin; cette matinee",
        "afternoon": "cet apres - midi; cet apres midi; cet aprem",
        "evening": "ce soir; cette soiree",
        "night": "cette nuit",
    },
    "AMPM": {
        "am": "am; du matin; le matin; du mat; dans la matinee; ce matin; du petit matin",
        "pm": "pm; du soir; de l' apres - midi; le soir; dans l' apres - midi; dans la soiree; "
        "de l' apres midi",
    },
    "NOON": {12: "midi; a midi; 12 h midi"},
    "MIDNIGHT": {0: "minuit; a minuit"},
    "OCLOCK": {0: "heures; heure; h; heures pile; h pile; heures precises"},
    "RELDAY": {
        0: "aujourd'hui; ce jour; dans la journee; en ce moment; cette journee; aujourdhui",
        1: "demain; le lendemain; jour suivant; le jour suivant; le jour d' apres",
        2: "apres - demain; apres demain; le lendemain de demain; surlendemain",
        -1: "hier; la veille; le jour d' avant",
        -2: "avant - hier; avant hier; avant - veille",
    },
    "NOW": {
        0: "maintenant; tout de suite; immediatement; a l' instant; des maintenant; "
        "en ce moment meme; sur le champ"
    },
    "LATERON": {0: "plus tard; ulterieurement"},
    "THIS": {0: "ce; cet; cette; ces; de cette; de ce; courant; en cours; cette meme"},
    "NEXT": {
        1: "prochain; prochaine; prochains; prochaines; suivant; suivante; suivants; suivantes; "
        "d' apres; a venir; qui vient; qui arrive; apres celle - ci; en 8; en huit; d apres"
    },
    "AFTERNEXT": {2: "en 15; en quinze"},
    "LAST": {
        -1: "dernier; derniere; derniers; dernieres; passe; passee; passes; passees; precedent; "
        "precedente; d' avant"
    },
    "LASTAFTER": {
        -1: "dernier; derniere; derniers; dernieres; passe; passee; precedent; precedente; "
        "d' avant; ecoule; ecoulee"
    },
    "WEEKEND": {0: "week - end; weekend; week end; fin de semaine; we; week - ends"},
    "AGOBEFORE": {-1: "il y a; y a"},
    "AGO": {-1: "auparavant; plus tot; avant"},
    "HENCE": {1: "plus tard; apres; a partir de maintenant; qui suivent"},
    "IN": {1: "dans; d' ici; en; sous; dans environ; d' ici environ; dans les"},
    "AT": {
        0: "a; vers; aux alentours de; a environ; environ; autour de; pour; vers les; a partir de; "
        "des; aux environs de"
    },
    "ON": {0: "le; pour le; ce"},
    "THE": {0: "le; la; les; l'"},
    "ONTHE": {0: "le; pour le; du; au; jusqu' au; ce"},
    "DAYWORD": {0: "jour; le jour"},
    "OF": {0: "de; du; d'; de la; des; de l'; en; dans la"},
    "FROM": {
        0: "de; du; entre; entre le; depuis; des; a partir de; a partir du; entre la; depuis le; entre les; "
        "au; le"
    },
    "TO": {
        0: "a; au; jusqu' a; jusqu' au; - ; jusque; jusqu' en; jusqu' aux; a la; jusqu' a la; jusqu' au samedi soir"
    },
    "ANDTO": {0: "et; et le; et la"},
    "AFTER": {0: "apres; apres le; plus tard que; passe; apres les"},
    "SINCE": {
        0: "depuis; a partir de; a partir du; des; depuis le; des le; a compter de; a compter du"
    },
    "BEFORE": {
        0: "avant; avant le; jusqu' a; jusqu' au; plus tot que; d' ici; n' importe quand avant; "
        "au plus tard; avant la; jusque; pas plus tard que; d' ici le"
    },
    "BEGIN": {
        "begin": "debut; debut de; debut du; au debut de; au debut du; au debut de la; debut de la; "
        "en debut de; au debut d'; debut d'; au tout debut de; en tout debut de"
    },
    "MIDDLE": {
        "middle": "milieu; milieu de; milieu du; au milieu de; au milieu du; mi - ; mi; "
        "au milieu de la; milieu de la; en milieu de; courant"
    },
    "ENDOF": {
        "end": "fin; fin de; fin du; a la fin de; a la fin du; a la fin de la; fin de la; en fin de; "
        "la fin de; la fin du; d' ici la fin de"
    },
    "FOR": {0: "pendant; durant; pour"},
    "PLUS": {0: "et"},
    "SEP": {0: "/ ; - ; . ; ,"},
    "EACH": {0: "chaque; tous les; toutes les"},
    "FREQ": {
        ("DAILY", 1, ()): "quotidiennement; quotidien; tous les jours",
        ("WEEKLY", 1, ()): "hebdomadaire; hebdomadairement",
        ("MONTHLY", 1, ()): "mensuel; mensuellement",
        ("YEARLY", 1, ()): "annuel; annuellement",
    },
    "DOWS": {
        0: "lundis",
        1: "mardis",
        2: "mercredis",
        3: "jeudis",
        4: "vendredis",
        5: "samedis",
        6: "dimanches",
    },
    "SEASON": {0: "printemps", 1: "ete", 2: "automne", 3: "hiver"},
    "YEARWORD": {0: "l' annee; annee; en l' an"},
    "WEEKOF": {0: "semaine du; la semaine du; semaine de; la semaine de"},
    "WEEKNO": {0: "semaine; semaine numero"},
    "ZONE": {"utc": "utc; gmt", "cet": "cet"},
    "FROMPOINT": {0: "apres; apres le; a partir du; a partir de; suivant le; suivant"},
    "BEFOREPOINT": {0: "avant; avant le"},
    "DAYAFTER": {
        1: "lendemain du; le lendemain du; le lendemain de; lendemain de",
        -1: "la veille du; veille du; la veille de; veille de",
    },
    "HALFMONTH": {
        1: "premiere quinzaine de; la premiere quinzaine de; premiere quinzaine d'; "
        "la premiere quinzaine d'",
        2: "deuxieme quinzaine de; la deuxieme quinzaine de; seconde quinzaine de; "
        "deuxieme quinzaine d'; la deuxieme quinzaine d'; la seconde quinzaine de",
    },
    "ALL": {0: "toute la; tout le; toute l'"},
    "HOLIDAY": {
        "christmas": "noel; jour de noel; le jour de noel",
        "new_year": "nouvel an; jour de l' an; le jour de l' an; le nouvel an; nouvel - an",
        "christmas_eve": "veille de noel; reveillon de noel; soir de noel",
        "new_years_eve": "saint sylvestre; saint - sylvestre; st sylvestre",
        "labor_may": "fete du travail; fete des travailleurs",
        "all_saints": "toussaint; la toussaint",
        "bastille": "fete nationale; quatorze juillet",
        "armistice": "armistice; jour de l' armistice",
        "epiphany": "epiphanie",
        "assumption": "assomption",
        "halloween": "halloween",
        "valentine": "saint valentin; saint - valentin; st valentin",
        "easter": "paques; dimanche de paques",
        "good_friday": "vendredi saint",
        "palm_sunday": "dimanche des rameaux; rameaux",
        "ash_wednesday": "mercredi des cendres",
        "mardi_gras": "mardi gras",
        "womens": "journee des femmes; journee internationale des femmes",
        "all_souls": "jour des morts; fete des morts",
        "victory": "fete de la victoire; victoire 1945",
        "easter_monday": "lundi de paques",
        "pentecost": "pentecote",
        "whit_monday": "lundi de pentecote",
        "ascension": "ascension",
        "mothers_fr": "fete des meres",
        "fathers": "fete des peres",
    },
}
FRENCH = Entries(
    words=_WORDS,
    glue="le la les de du d' l' des au aux a en , pour - . ( ) vers @ dans courant environ",
    repairable="mercredi septembre novembre decembre fevrier vendredi dimanche",
    not_typos="",
    spaced_dates=True,
)
