"""What a line of a hand-over says about a row: as much as whoever looks may see of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from concerns.duties import CONCERN, CONTACT, NOTE, ROUTING, Thing
from concerns.models import Concern, Routing
from districts.models import ContactNote, ContactPerson, Network, User
from districts.roles import Perm


@dataclass(frozen=True)
class Label:
    """What a line says about a row to one person, and where it leads (nowhere for whoever may not open it)."""

    text: str
    note: str
    url: str = ""


def labels(thing: Thing, rows: Iterable, viewer: User) -> dict[int, Label]:
    """Words for rows of one kind by id: as much as `viewer` may see of each, in one query at most."""
    rows = list(rows)
    pks = [one.pk for one in rows]
    if thing is CONCERN:
        seen = set(Concern.objects.visible_to(viewer).filter(pk__in=pks).values_list("pk", flat=True))
        return {one.pk: _concern_label(one, one.pk in seen) for one in rows}
    if thing is ROUTING:
        own = viewer.rights.department_ids if viewer.rights.can(Perm.ANSWER_ROUTINGS) else frozenset()
        return {one.pk: _routing_label(one, one.department_id in own) for one in rows}
    directory = viewer.rights.can(Perm.READ_ACTORS)
    if thing is NOTE:
        seen = set(ContactNote.objects.visible_to(viewer).filter(pk__in=pks).values_list("pk", flat=True))
        return {one.pk: _note_label(one, one.pk in seen, directory) for one in rows}
    if thing is CONTACT:
        return {one.pk: _contact_label(one, directory) for one in rows}
    return {one.pk: _network_label(one, directory) for one in rows}


def _concern_label(concern: Concern, seen: bool) -> Label:
    what = concern.title if seen else "vertraulich"
    url = concern.get_absolute_url() if seen else ""
    return Label(f"{concern.number} · {what}", concern.get_status_display(), url)


def _routing_label(routing: Routing, own: bool) -> Label:
    what = "vertraulich" if routing.concern.is_sensitive else routing.concern.title
    url = reverse("concerns:ticket", args=[routing.pk]) if own else ""
    return Label(f"{routing.concern.number} · {what}", routing.get_status_display(), url)


def _note_label(note: ContactNote, seen: bool, directory: bool) -> Label:
    who = note.actor.name if directory else "Akteur"
    return Label(
        f"{who} · {note.topic}" if seen else f"{who} · Eintrag vom {note.on:%d.%m.%Y}",
        f"Wiedervorlage {note.follow_up_on:%d.%m.%Y}" if note.follow_up_on else "",
        note.actor.get_absolute_url() if directory else "",
    )


def _contact_label(person: ContactPerson, directory: bool) -> Label:
    if not directory:
        return Label("Ansprechperson eines Akteurs", "")
    return Label(f"{person.name} · {person.actor.name}", ", ".join(person.roles), person.actor.get_absolute_url())


def _network_label(network: Network, directory: bool) -> Label:
    return Label(
        network.name, network.get_status_display(), reverse("districts:network", args=[network.pk]) if directory else ""
    )
