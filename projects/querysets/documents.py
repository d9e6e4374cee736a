"""Reads on documents (Z18, Z19, Z35, Z38): whoever may see the thing may see what is filed with it, nobody else."""

from django.db import models
from django.db.models import Q


class DocumentQuerySet(models.QuerySet):
    """Reads on documents."""

    def visible_to(self, user):
        """Those of bodies, sessions and applications that a person may see."""
        applications = self._rows("application").visible_to(user)
        return self._of(lambda rows: rows.visible_to(user), applications, applications)

    def editable_by(self, user):
        """Those of bodies and sessions a person runs, of applications they enter or run, of proofs of use they check.

        What the owner's state allows, the actions say.
        """
        kept = self._rows("application").kept_by(user)
        drafted = self._rows("application").drafted_by(user)
        return self._of(lambda rows: rows.editable_by(user), kept | drafted, kept)

    def _of(self, of_bodies, applications, proofs):
        return self.filter(
            Q(body__in=of_bodies(self._rows("body")).values("pk"))
            | Q(agenda_item__session__in=of_bodies(self._session_rows()).values("pk"))
            | Q(application__in=applications.values("pk"))
            | Q(proof_of__in=proofs.values("pk"))
        )

    def _rows(self, field: str):
        return self.model._meta.get_field(field).related_model.objects.order_by()

    def _session_rows(self):
        item = self.model._meta.get_field("agenda_item").related_model
        return item._meta.get_field("session").related_model.objects.order_by()

    def of_application(self, application):
        """Attachments and receipts of an application, the oldest first."""
        return self.filter(Q(application=application) | Q(proof_of=application)).select_related("by")

    def pictures(self):
        """Those that can be looked at."""
        return self.filter(kind="picture")
