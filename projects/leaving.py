"""What bodies keep in somebody's name, for the check before leaving (I9, Z18, Z20)."""

from collections.abc import Iterator

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from districts.models import User
from districts.roles import Perm
from projects.models import Body, FollowUp

Named = tuple[str, str, Perm]  # words, address, who may open it


def named_in(person: User) -> Iterator[Named]:
    """Bodies a person coordinates, and bodies with open follow-ups they have an eye on."""
    coordinated = Body.objects.filter(coordinator=person).active(timezone.localdate())
    for body in coordinated.only("pk", "name"):
        yield f"Koordination von „{body}“", reverse("projects:body_edit", args=[body.pk]), Perm.READ_BODIES
    watched = FollowUp.objects.open().filter(owner=person).values_list("body", "body__name")
    for pk, name, count in watched.annotate(count=Count("pk")).order_by("body__sort_key"):
        words = "ein offener Auftrag" if count == 1 else f"{count} offene Aufträge"
        yield f"{words} aus „{name}“", reverse("projects:body", args=[pk]), Perm.READ_BODIES
