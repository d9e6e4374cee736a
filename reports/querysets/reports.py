"""Reads on evaluation reports."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from districts.roles import Perm

SILENT = timedelta(minutes=3)  # without a sign of life the worker is taken for dead


class ReportQuerySet(models.QuerySet):
    """Reads on reports."""

    def visible_to(self, user):
        """Drafts and released ones alike, for everybody who may read evaluations."""
        may = user.rights.can(Perm.READ_EVALUATION) or user.rights.can(Perm.EVALUATE)
        return self if may else self.none()

    def drafts(self):
        """Still being written."""
        return self.filter(state="draft")

    def released(self):
        """Frozen for good."""
        return self.filter(state="released")

    def lean(self):
        """For lists: without what was frozen."""
        return self.defer("frozen").select_related("created_by", "released_by", "supersedes")

    def with_successor(self):
        """`is_superseded`: a later version was released; `has_successor`: one has at least been started."""
        later = self.model.objects.filter(supersedes=OuterRef("pk"))
        return self.annotate(is_superseded=Exists(later.filter(state="released")), has_successor=Exists(later))


class TextQuerySet(models.QuerySet):
    """Reads on assessments."""

    def without_words(self):
        """For lists: `is_written` instead of the text."""
        return self.select_related("district").defer("text").annotate(is_written=~Q(text=""))


class RunQuerySet(models.QuerySet):
    """Reads on runs."""

    def active(self):
        """Waiting or running."""
        return self.filter(state__in=["waiting", "running"])

    def silent(self):
        """Running without a sign of life: the worker has died in the middle."""
        return self.filter(state="running", beat_at__lt=timezone.now() - SILENT)

    def drafts(self):
        """Those that brought a draft's PDF."""
        return self.filter(state="done", purpose="draft")

    def unseen_by(self, user):
        """Finished in one way or another, and the person who asked has not looked yet."""
        return self.filter(Q(state__in=["done", "failed"]), requested_by=user, seen_at__isnull=True)

    def lean(self):
        """Without the bytes."""
        return self.defer("content").select_related("report", "requested_by")
