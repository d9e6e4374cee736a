"""Contact persons of actors (Z14) and the team's contact log (Z16)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from districts.languages import Spoken
from districts.querysets import ContactNoteQuerySet, ContactPersonQuerySet
from quartier.search import sort_key_field

from .actors import Actor
from .lists import TargetGroup
from .people import User
from .places import District

PRIVATE = ("private_phone", "private_email", "private_note")


class ContactPerson(models.Model):
    """Somebody who can be spoken to at an actor's. What is private needs consent and stays with the team (Q02)."""

    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField("Name", max_length=120)
    function = models.CharField("Funktion", max_length=120, blank=True)
    phone = models.CharField("Telefon (dienstlich)", max_length=40, blank=True)
    email = models.EmailField("E-Mail (dienstlich)", blank=True)
    languages = ArrayField(
        models.CharField(max_length=5, choices=Spoken), default=list, blank=True, verbose_name="Sprachen"
    )
    is_key_person = models.BooleanField("Schlüsselperson", default=False)
    is_multiplier = models.BooleanField("Multiplikator/in", default=False)
    is_speaker = models.BooleanField("Sprecher/in", default=False)
    is_volunteer = models.BooleanField("ehrenamtlich", default=False)
    reaches = models.ManyToManyField(
        TargetGroup, blank=True, related_name="reached_by", verbose_name="Zugang zu diesen Gruppen"
    )
    consent_on = models.DateField("Einwilligung vom", null=True, blank=True)
    private_phone = models.CharField("Telefon (privat)", max_length=40, blank=True)
    private_email = models.EmailField("E-Mail (privat)", blank=True)
    private_note = models.CharField("Hinweis fürs Team", max_length=300, blank=True)
    valid_from = models.DateField("Ansprechperson seit", null=True, blank=True)
    valid_to = models.DateField("Ansprechperson bis", null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="follows", verbose_name="Nachfolge"
    )
    keeper = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="kept_contacts",
        verbose_name="Hält den Kontakt",
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sort_key = sort_key_field()

    objects = ContactPersonQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="contact_person_in_order",
            ),
            models.CheckConstraint(condition=~Q(successor=F("id")), name="contact_person_not_own_successor"),
            models.CheckConstraint(
                condition=Q(consent_on__isnull=False) | Q(private_phone="", private_email="", private_note=""),
                name="contact_person_private_needs_consent",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(private_phone="", private_email="", private_note=""),
                name="contact_person_private_goes_with_the_end",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        """Whether the last day has passed."""
        return self.valid_to is not None and self.valid_to < timezone.localdate()

    @property
    def roles(self) -> list[str]:
        """What makes this person important, in words."""
        flags = ("is_key_person", "is_multiplier", "is_speaker", "is_volunteer")
        return [str(self._meta.get_field(flag).verbose_name) for flag in flags if getattr(self, flag)]

    @property
    def language_names(self) -> list[str]:
        """The languages in words, in the order of the list."""
        return [label for code, label in Spoken.choices if code in self.languages]


class ContactNote(models.Model):
    """An entry of the contact log (Kontaktprotokoll); it belongs to a district's team and is never shown outside."""

    class Kind(models.TextChoices):
        TALK = "talk", "Gespräch"
        CALL = "call", "Telefonat"
        VISIT = "visit", "Besuch"
        WALK = "walk", "Begehung"
        MAIL = "mail", "E-Mail, Brief"

    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="notes")
    person = models.ForeignKey(
        ContactPerson, on_delete=models.SET_NULL, null=True, blank=True, related_name="notes", verbose_name="Mit wem"
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", verbose_name="Team")
    kind = models.CharField("Art", max_length=5, choices=Kind, default=Kind.TALK)
    on = models.DateField("Datum")
    topic = models.CharField("Worum es ging", max_length=160)
    text = models.TextField("Was besprochen wurde", max_length=4000, blank=True)
    is_confidential = models.BooleanField("vertraulich (ohne Assistenz)", default=False)
    follow_up_on = models.DateField("Wiedervorlage am", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Who attends to the follow-up: whoever wrote it, until it is handed over (I9)
    keeper = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="kept_notes"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="contact_notes")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ContactNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(follow_up_on__isnull=False), name="contact_note_settled_was_due"
            ),
            models.CheckConstraint(
                condition=Q(follow_up_on=None) | Q(settled_at__isnull=False) | Q(keeper__isnull=False),
                name="contact_note_follow_up_has_keeper",
            ),
        ]
        indexes = [
            # The log on an actor's page, and when a person was last spoken to
            models.Index(fields=["actor", "-on"], name="note_of_actor"),
            # ContactNoteQuerySet.follow_ups_due
            models.Index(
                fields=["district", "follow_up_on"],
                name="note_follow_up",
                condition=Q(follow_up_on__isnull=False, settled_at=None),
            ),
            # ContactNoteQuerySet.kept_by
            models.Index(fields=["keeper"], name="note_kept", condition=Q(follow_up_on__isnull=False, settled_at=None)),
        ]

    def __str__(self) -> str:
        return self.topic
