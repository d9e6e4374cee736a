"""What a person keeps on their desk: drafts and saved views."""

from django.db import models
from django.utils import timezone

from concerns.querysets import SavedViewQuerySet
from districts.models import Office, User


class Draft(models.Model):
    """A form not yet saved; survives a lost connection or an expired session, and is removed after a week."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=80)
    data = models.JSONField()
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "form"], name="draft_once")]

    def __str__(self) -> str:
        return self.form


class SavedView(models.Model):
    """A filter of the concern list under a name, for oneself or for the whole office (K21)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField("Name", max_length=80)
    query = models.CharField(max_length=2000)
    office = models.ForeignKey(Office, on_delete=models.CASCADE, null=True, blank=True, related_name="saved_views")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name
