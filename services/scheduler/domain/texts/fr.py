"""French."""

from __future__ import annotations

from types import MappingProxyType

from services.scheduler.domain.texts.form import Agenda, Calendar, Days, Series, Settings, Texts

_WEEK = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_PLURAL = ("lundis", "mardis", "mercredis", "jeudis", "vendredis", "samedis", "dimanches")
_ON = (
    "le lundi",
    "le mardi",
    "le mercredi",
    "le jeudi",
    "le vendredi",
    "le samedi",
    "le dimanche",
)
_ORDINALS = ("premier", "deuxième", "troisième", "quatrième", "cinquième", "dernier")

_DAYS = Days(
    today="aujourd'hui",
    tomorrow="demain",
    yesterday="hier",
    at="à {time}",
    at_one="à {time}",
    until="jusqu'à {time}",
    until_one="jusqu'à {time}",
    on=("le {day}",) * 7,
    point="le {day}",
    within="dans {span}",
    lengths=(
        ("{n} jour", "{n} jours"),
        ("{n} heure", "{n} heures"),
        ("{n} minute", "{n} minutes"),
        ("{n} seconde", "{n} secondes"),
    ),
    span="du {first} au {last}",
    this_week="cette semaine",
    next_days="dans les sept prochains jours",
)

_SERIES = Series(
    minutes=("toutes les minutes", "toutes les deux minutes", "toutes les {n} minutes"),
    hours=("toutes les heures", "toutes les deux heures", "toutes les {n} heures"),
    days=("tous les jours", "tous les deux jours", "tous les {n} jours"),
    weekly=(
        "tous les {days}",
        "toutes les deux semaines, {days}",
        "toutes les {n} semaines, {days}",
    ),
    weekly_days=_PLURAL,
    spaced_days=_ON,
    workdays="du lundi au vendredi",
    nth=("le {ordinals} {day}", "le {ordinals} {day}"),
    ordinals=(_ORDINALS, _ORDINALS),
    nth_days=_WEEK,
    feminine_days=frozenset(),
    day_of_month="le {n}",
    first_of_month="le 1er",
    last_of_month="le dernier jour",
    months=("de chaque mois", "tous les deux mois", "tous les {n} mois"),
    years=("tous les ans le {day}", "tous les deux ans le {day}", "tous les {n} ans le {day}"),
)

_AGENDA = Agenda(
    nothing="Vous n'avez rien de prévu {days}.",
    things=("Vous avez une chose {days}.", "Vous avez {n} choses {days}."),
    all_day="{title}, toute la journée",
    more=("Et une de plus.", "Et {n} de plus."),
    morning="Bonjour.",
    afternoon="Bonjour.",
    evening="Bonsoir.",
    free_until="Vous êtes libre {time}, {until}.",
    not_free="Vous n'avez pas autant de temps libre d'affilée.",
)

_SETTINGS = Settings(
    locale="Je vous parle maintenant en français.",
    leads="Je vous rappellerai les événements {leads}.",
    no_leads="Je ne vous rappellerai les nouveaux événements que si vous le demandez.",
    at_start="à leur début",
    before="{span} avant",
    first_day="Votre semaine commence maintenant {on}.",
    hours_12="Je dirai les heures ainsi : {time}.",
    hours_24="Je dirai les heures ainsi : {time}.",
    hours_usual="Je dirai les heures comme il est d'usage chez vous.",
    quiet=(
        "Vos heures calmes vont de {start} à {end}. "
        "Les rappels que vous fixez vous-même arrivent quand même."
    ),
    no_quiet="Vous n'avez plus d'heures calmes.",
    digest="Vous recevrez un aperçu de chaque journée {time}.",
    no_digest="Vous ne recevrez plus l'aperçu de la journée.",
    weekly="Vous recevrez un aperçu de la semaine {often} {time}.",
    no_weekly="Vous ne recevrez plus l'aperçu de la semaine.",
)

_CALENDAR = Calendar(
    imported=("J'ai ajouté un événement.", "J'ai ajouté {n} événements."),
    updated=("Un événement a changé.", "{n} événements ont changé."),
    nothing_new="Il n'y avait rien de nouveau dans ce calendrier.",
    skipped=MappingProxyType(
        {
            "OVER": ("Un est passé.", "{n} sont passés."),
            "MALFORMED": ("Un est illisible.", "{n} sont illisibles."),
            "RULE_UNSUPPORTED": (
                "Un se répète d'une façon que je ne connais pas.",
                "{n} se répètent d'une façon que je ne connais pas.",
            ),
            "TIME_ZONE_UNKNOWN": (
                "Un est dans un fuseau horaire que je ne connais pas.",
                "{n} sont dans un fuseau horaire que je ne connais pas.",
            ),
            "NOT_AN_EVENT": ("Un n'est pas un événement.", "{n} ne sont pas des événements."),
            "CANCELLED": ("Un était annulé.", "{n} étaient annulés."),
            "TOO_MANY": ("Un est de trop pour un fichier.", "{n} sont de trop pour un fichier."),
            "DUPLICATE": ("Un y était deux fois.", "{n} y étaient deux fois."),
        }
    ),
    name="Hark",
    untitled="Événement sans titre",
)

TEXTS = Texts(
    days=_DAYS,
    series=_SERIES,
    agenda=_AGENDA,
    settings=_SETTINGS,
    calendar=_CALENDAR,
    more_changes=("Et un autre changement.", "Et {n} autres changements."),
    usual_list="tâches",
)
