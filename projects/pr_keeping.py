"""What somebody keeps in view in public relations, as the page of a hand-over lists it (D11)."""

from collections.abc import Iterator

from django.urls import reverse

from districts.models import User
from districts.roles import Perm
from projects.models import PRItem


def kept(person: User) -> Iterator[tuple[str, str, Perm]]:
    """Words, address and who may open it, of items that are neither published nor put away."""
    count = PRItem.objects.kept_by(person).count()
    if count:
        what = "offener Beitrag" if count == 1 else "offene Beiträge"
        url = reverse("projects:pr_keeping", args=[person.pk])
        yield f"{count} {what} der Öffentlichkeitsarbeit", url, Perm.MANAGE_USERS
