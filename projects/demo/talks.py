"""Coordination talks of the demo city (Z21), and follow-ups that are in progress or were put off (Z20)."""

from datetime import date, datetime, timedelta

from districts.models import Department, District, User
from projects.actions import follow_ups
from projects.actions.talks import save_talk
from projects.models import FollowUp
from quartier.workdays import is_workday

_TALKS = (
    {
        "ago": 95, "by": "e.steinmetz", "departments": ("FB 56", "FB 61", "FB 36"), "districts": (),
        "topic": "Hitzeschutz in den Quartieren: wer macht was",
        "attendees": "Leitung FB 56, Sachgebiet Stadtklima (FB 36), Verkehrsplanung (FB 61), Sozialplanung",
        "result": "FB 36 legt bis zum Frühjahr eine Karte der heißesten Plätze vor. FB 61 prüft an drei Haltestellen "
        "Sonnensegel. Das Quartiersmanagement nennt Orte, an denen ältere Menschen im Sommer keinen Schatten finden.",
    },
    {
        "ago": 61, "by": "a.yilmaz", "departments": ("E 18", "FB 36"), "districts": ("ost",),
        "topic": "Pflege der Wege am Elsassplatz",
        "attendees": "Sachgebiet Grünpflege (E 18), Sachgebiet Grünplanung (FB 36), Quartiersmanagement Ost/Rothe Erde",
        "result": "E 18 schneidet zweimal im Jahr zurück und meldet den Termin vorher. FB 36 plant die Sträucher an "
        "den Bänken neu. Nächstes Gespräch nach dem ersten Schnitt.",
    },
    {
        "ago": 33, "by": "j.brandner", "departments": ("FB 45", "FB 56"), "districts": ("forst",),
        "topic": "Nachmittage für Jugendliche in Forst",
        "attendees": "Jugendförderung (FB 45), Sozialplanung (FB 56), Quartiersmanagement Forst/Driescher Hof",
        "result": "FB 45 öffnet den Jugendraum probeweise an zwei Nachmittagen mehr. FB 56 trägt die Miete bis zum "
        "Sommer. Danach wird gemeinsam geschaut, wer kommt.",
    },
    {
        "ago": 12, "by": "e.steinmetz", "departments": ("FB 32", "FB 56", "FB 61", "FB 68"),
        "districts": ("ost", "nord"),
        "topic": "Parken vor Schulen und Kitas",
        "attendees": "Verkehrsüberwachung (FB 32), Verkehrsplanung (FB 61), FB 68, Sozialplanung (FB 56)",
        "result": "FB 32 kontrolliert vier Wochen lang morgens. FB 61 zeichnet Vorschläge für Bringzonen und stellt "
        "sie in beiden Stadtteilkonferenzen vor.",
    },
)  # fmt: skip
_STARTED = "Ein erstes Gespräch hat stattgefunden, ein Angebot ist angefragt."
_REASONS = (
    "Der Ortstermin ist wegen Krankheit ausgefallen.",
    "Die Zusage des Vermieters fehlt noch. Er meldet sich nach den Feiertagen.",
)


def talks(people: dict[str, User], today: date) -> None:
    """Four talks of the last months."""
    departments = {one.code: one for one in Department.objects.valid_on(today)}
    districts = {one.slug: one for one in District.objects.defer("boundary")}
    for row in _TALKS:
        on = today - timedelta(days=row["ago"])
        while not is_workday(on):
            on -= timedelta(days=1)
        save_talk(
            by=people[row["by"]], on=on, topic=row["topic"], attendees=row["attendees"], result=row["result"],
            departments=[departments[code] for code in row["departments"]],
            districts=[districts[slug] for slug in row["districts"]],
        )  # fmt: skip


def stand(*, today: date, at: datetime) -> None:
    """Of the follow-ups that are open some are in progress, some were put off once or twice; the rest waits."""
    for number, one in enumerate(FollowUp.objects.open().select_related("body__coordinator").order_by("pk")):
        by, times = one.body.coordinator, {1: 1, 3: 2}.get(number % 6, 0)
        if number % 6 == 0:
            follow_ups.start(follow_up=one, result=_STARTED, by=by, at=at)
        for reason in _REASONS[:times]:
            until = max(one.due_on, today) + timedelta(days=21)
            one = follow_ups.put_off(follow_up=one, until=until, reason=reason, by=by, at=at)
