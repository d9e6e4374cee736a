"""Drafts: what somebody has typed and not yet sent; one per person and form."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from concerns.models import Draft
from districts.models import User

from .base import moment

KEPT = 30  # drafts a person can have at a time; the oldest make room


@transaction.atomic
def save_draft(*, user: User, form: str, data: Mapping[str, list[str]], at: datetime | None = None) -> Draft:
    """Keep what was typed into `form`; `data` holds the values of every field, as a browser sends them."""
    draft, _ = Draft.objects.update_or_create(
        user=user, form=form, defaults={"data": dict(data), "updated_at": moment(at)}
    )
    newest = Draft.objects.filter(user=user).order_by("-updated_at", "-pk").values("pk")[:KEPT]
    Draft.objects.filter(user=user).exclude(pk__in=newest).delete()
    return draft


def discard_draft(*, user: User, form: str) -> None:
    """Forget a draft: it was sent or is not wanted any more."""
    Draft.objects.filter(user=user, form=form).delete()
