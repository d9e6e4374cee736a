"""Talks in which departments agree with each other and with the Quartiersmanagement (Z21)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from districts.models import Department, District, User
from districts.roles import Perm
from projects.querysets import CoordinationTalkQuerySet


class CoordinationTalk(models.Model):
    """Abstimmungsgespräch: which departments agreed on what, across divisions. It names functions, never residents."""

    on = models.DateField("Tag", default=timezone.localdate)
    topic = models.CharField("Thema", max_length=160)
    departments = models.ManyToManyField(Department, related_name="talks", verbose_name="Fachbereiche")
    districts = models.ManyToManyField(District, blank=True, related_name="talks", verbose_name="Quartiere")
    attendees = models.CharField("Wer dabei war", max_length=500)
    result = models.TextField("Ergebnis", max_length=4000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CoordinationTalkQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(topic="") & ~Q(attendees="") & ~Q(result=""), name="coordination_talk_says_what"
            )
        ]
        indexes = [
            # The list page by page, the newest first.
            models.Index(fields=["on", "id"], name="coordination_talk_by_day")
        ]

    def __str__(self) -> str:
        return f"{self.topic}, {self.on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("projects:talk", args=[self.pk])

    def may_edit(self, user: User) -> bool:
        """Whether a person may change it: the same as `CoordinationTalkQuerySet.editable_by`, without asking again."""
        if user.rights.can(Perm.EDIT_ALL_BODIES):
            return True
        own = user.rights.districts(Perm.EDIT_BODIES)
        return bool(own) and (self.by_id == user.pk or any(one.pk in own for one in self.districts.all()))
