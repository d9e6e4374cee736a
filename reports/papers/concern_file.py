"""Anliegenakte: everything the team knows about a concern, on paper (P05). Team notes are not printed (I11)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from concerns.actions.access import note_reporter_access
from concerns.history import Names, person_ids, timeline
from concerns.models import Concern, Feedback, LoopSettings, Reporter, Routing, Voice
from concerns.standing import turn
from districts.models import User
from districts.roles import Perm
from quartier.pdf import render

from .head import office_of, sender
from .pictures import pictures

MOST_EVENTS = 400
MOST_REPORTERS = 200


@dataclass(frozen=True)
class People:
    """The reporters of a concern (and of those bundled with it) that the reader may see."""

    shown: list[Reporter]
    hidden: int


def concern_file(*, concern: Concern, user: User, today: date) -> bytes:
    """The file as PDF for `user`, who belongs to the concern's team.

    Reporters are on it as far as `user` may see them, and looking is noted (Q02). Team notes are never read.
    """
    duplicates = list(concern.duplicates.only("pk", "number", "title", "received_on").order_by("pk"))
    routings = _routings(concern)
    people = _people([concern.pk, *(one.pk for one in duplicates)], user, today)
    entries, left_out = _history(concern, routings, people)
    context = {
        "concern": concern,
        "facts": _facts(concern, routings),
        "photos": pictures(concern.photos.all(), concern.number),
        "routings": routings,
        "people": people,
        "duplicates": duplicates,
        "entries": entries,
        "left_out": left_out,
        "printed_by": user,
        "today": today,
        **sender(office_of(concern)),
    }
    return render(
        "reports/papers/concern_file.html", context, title=f"Anliegenakte {concern.number}", author=context["city"]
    )


def _facts(concern: Concern, routings: list[Routing]) -> list[tuple[str, str]]:
    district = concern.district.name if concern.district else "gesamtstädtisch / außerhalb der Quartiere"
    facts = [
        ("Art", concern.get_kind_display()),
        ("Thema", f"{concern.topic.parent.name}: {concern.topic.name}" if concern.topic.parent else concern.topic.name),
        ("Quartier", district),
        ("Ort", concern.place),
        ("Art des Ortes", concern.get_spot_display()),
        ("Eingegangen", f"{concern.received_on:%d.%m.%Y}, {concern.get_channel_display()}"),
        ("Anlass", concern.occasion),
        ("Aufgenommen von", str(concern.taken_by)),
        ("Stadtteilbüro", str(concern.office or "")),
        ("Dringlichkeit", concern.get_urgency_display()),
        ("Betroffene (geschätzt)", str(concern.affected or "")),
        ("Stand", concern.get_status_display()),
        ("Am Zug", turn(concern, routings)),
        ("Zuständig", str(concern.owner or "")),
        ("Nächster Schritt bis", _day(concern.due_on)),
        ("Wiedervorlage", _day(concern.follow_up_on)),
        ("Gebündelt unter", concern.lead.number if concern.lead else ""),
        ("Ergebnis", concern.get_outcome_display()),
        ("Grund", concern.get_reason_category_display()),
        ("Zugesagt für", _day(concern.promised_on)),
        ("Abgeschlossen", _day(concern.closed_at)),
    ]
    return [(label, value) for label, value in facts if value]


def _day(value) -> str:
    return f"{value:%d.%m.%Y}" if value else ""


def _routings(concern: Concern) -> list[Routing]:
    named = ("department", "return_suggestion", "assignee", "sent_by", "suggested_department", "reply__by")
    return list(concern.routings.select_related(*named).prefetch_related("messages__by").order_by("sent_at", "pk"))


def _people(concerns: list[int], user: User, today: date) -> People:
    of_bundle = Reporter.objects.filter(concern__in=concerns)
    whole_team = not user.rights.can(Perm.READ_REPORTERS) and LoopSettings.load().assistants_see_team_reporters
    seen = of_bundle.visible_to(user, whole_team=whole_team).select_related("concern", "taken_by")
    told = Prefetch("feedbacks", Feedback.objects.select_related("by"))
    said = Prefetch("voices", Voice.objects.select_related("settled_by"))
    shown = list(seen.prefetch_related(told, said).order_by("concern_id", "pk")[:MOST_REPORTERS])
    if shown:
        note_reporter_access(concern_ids=[one.concern_id for one in shown], by=user, on=today)
    return People(shown, of_bundle.count() - len(shown))


def _history(concern: Concern, routings: list[Routing], people: People) -> tuple[list, int]:
    """Entries, oldest first, and how many older ones are left out."""
    events = list(concern.events.select_related("by").order_by("-at", "-pk")[:MOST_EVENTS])[::-1]
    names = Names(
        people=dict(User.objects.filter(pk__in=person_ids(events)).values_list("pk", "name")),
        reporters={one.pk: one.label for one in people.shown},
        departments={one.pk: one.department.code for one in routings},
    )
    return timeline(events, names)[::-1], concern.events.count() - len(events)
