"""Bodies that somebody coordinates, theme reports that lie with them: for the check before leaving (I9, Z18, K16)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from districts.models import User
from districts.roles import Perm
from projects.models import Body, ThemeRecipient

Named = tuple[str, str, Perm]  # words, address, who may open it


def named_in(person: User) -> Iterator[Named]:
    """Bodies a person coordinates, and open theme reports that a department has given to them."""
    coordinated = Body.objects.filter(coordinator=person).active(timezone.localdate())
    for body in coordinated.only("pk", "name"):
        yield f"Koordination von „{body}“", reverse("projects:body_edit", args=[body.pk]), Perm.READ_BODIES
    if count := ThemeRecipient.objects.open().filter(assignee=person).count():
        what = "eine zugewiesene Themenmeldung" if count == 1 else f"{count} zugewiesene Themenmeldungen"
        yield what, reverse("projects:theme_tickets"), Perm.ANSWER_ROUTINGS
