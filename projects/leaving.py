"""Bodies that somebody coordinates, for the check before leaving (I9, Z18)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from districts.models import User
from districts.roles import Perm
from projects.models import Body

Named = tuple[str, str, Perm]  # words, address, who may open it


def named_in(person: User) -> Iterator[Named]:
    """Bodies a person coordinates."""
    coordinated = Body.objects.filter(coordinator=person).active(timezone.localdate())
    for body in coordinated.only("pk", "name"):
        yield f"Koordination von „{body}“", reverse("projects:body_edit", args=[body.pk]), Perm.READ_BODIES
