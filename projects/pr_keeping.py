"""What somebody keeps in view in public relations, as the page of a hand-over lists it (D11)."""

from collections.abc import Iterator

from django.urls import reverse

from districts.models import User
from projects.models import PRItem


def kept(person: User) -> Iterator[tuple[str, str]]:
    """Words and address of what hangs on a person here: items that are neither published nor put away."""
    count = PRItem.objects.kept_by(person).count()
    if count:
        what = "offener Beitrag" if count == 1 else "offene Beiträge"
        yield f"{count} {what} der Öffentlichkeitsarbeit", reverse("projects:pr_keeping", args=[person.pk])
