"""Documents: the papers of a body, material of an agenda, attachments and receipts of fund applications (Z18, Z19, Z35,
Z38)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from districts.models import User
from projects.querysets.documents import DocumentQuerySet

from .applications import FundApplication
from .bodies import Body
from .sessions import AgendaItem


class Document(models.Model):
    """A file that belongs to one thing; never changed (a trigger), only added and, while its owner is open, removed."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        PICTURE = "picture", "Bild"

    OWNERS = ("body", "agenda_item", "application", "proof_of")

    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="documents")
    agenda_item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, related_name="documents")
    application = models.ForeignKey(FundApplication, on_delete=models.PROTECT, null=True, related_name="documents")
    # Receipts come before the proof of use that somebody makes of them: they belong to the application it is about.
    proof_of = models.ForeignKey(FundApplication, on_delete=models.PROTECT, null=True, related_name="proof_documents")
    kind = models.CharField(max_length=7, choices=Kind)
    title = models.CharField("Was es ist", max_length=120)
    name = models.CharField(max_length=120)  # of the file, as it is saved again
    file = models.FileField(upload_to="documents/%Y/%m")
    preview = models.ImageField(upload_to="documents/%Y/%m", blank=True)  # of a picture
    size = models.PositiveIntegerField()  # bytes
    digest = models.CharField(max_length=64)
    is_later = models.BooleanField(default=False)  # added to an application that was decided already
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(body__isnull=False, agenda_item=None, application=None, proof_of=None)
                | Q(body=None, agenda_item__isnull=False, application=None, proof_of=None)
                | Q(body=None, agenda_item=None, application__isnull=False, proof_of=None)
                | Q(body=None, agenda_item=None, application=None, proof_of__isnull=False),
                name="document_of_one_thing",
            ),
            *(
                models.UniqueConstraint(fields=[owner, "digest"], name=f"document_once_in_{owner}")
                for owner in ("body", "agenda_item", "application", "proof_of")
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(name=""), name="document_has_words"),
            models.CheckConstraint(
                condition=Q(kind="pdf", preview="") | Q(kind="picture") & ~Q(preview=""), name="document_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(is_later=False) | Q(application__isnull=False), name="document_later_of_application"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:document", args=[self.pk])

    @property
    def owner_field(self) -> str:
        """Which of `OWNERS` it belongs to."""
        return next(name for name in self.OWNERS if getattr(self, f"{name}_id"))

    @property
    def is_picture(self) -> bool:
        """Whether it is shown in place."""
        return self.kind == self.Kind.PICTURE
