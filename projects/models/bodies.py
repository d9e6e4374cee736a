"""Bodies (Gremien), who belongs to them, and what happened to them (Z18)."""

from datetime import date, time

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils import timezone

from districts.models import Actor, ContactPerson, Department, District, User
from districts.roles import Perm
from projects.querysets import BodyMemberQuerySet, BodyQuerySet
from projects.rhythm import MONTHS, NUMBERS, STEPS, WEEKDAYS, Rhythm
from quartier.ranges import DateRange
from quartier.search import sort_key_field


class Body(models.Model):
    """Gremium: people who meet again and again about a district or about the city (appendix D.6)."""

    class Kind(models.TextChoices):
        DISTRICT_CONFERENCE = "district_conference", "Stadtteilkonferenz"
        WORKING_PARTY = "working_party", "Stadtteilarbeitskreis"
        GROUP = "group", "Arbeitsgruppe"
        ROUND_TABLE = "round_table", "Runder Tisch"
        COUNCIL = "council", "Stadtteilbeirat"
        COMMISSION = "commission", "Kommission"
        STEERING = "steering", "Lenkungsgruppe"
        CARRIERS = "carriers", "Trägerverbund oder Arbeitskreis der Träger"
        NEIGHBOURHOOD = "neighbourhood", "Stadtviertelrunde"
        RENEWAL = "renewal", "Sanierungsforum oder -beirat"
        PREVENTION = "prevention", "Präventionskonferenz"
        RESIDENTS = "residents", "Bewohnerversammlung"
        NETWORK = "network", "Netzwerkrunde oder Stammtisch"
        COMMITTEE = "committee", "Ausschuss oder Bezirksvertretung"

    class Level(models.TextChoices):
        POLITICAL = "political", "politisch"
        ADMINISTRATIVE = "administrative", "administrativ"
        NETWORK = "network", "Netzwerk"
        RESIDENTS = "residents", "Bewohnerschaft"

    class Term(models.TextChoices):
        LASTING = "lasting", "dauerhaft und verbindlich"
        TEMPORARY = "temporary", "auf Zeit"

    class Power(models.TextChoices):
        ADVISES = "advises", "berät"
        FUNDS = "funds", "entscheidet über Fonds"
        DECIDES = "decides", "beschließt"

    class Part(models.TextChoices):
        LEADS = "leads", "leitet"
        MODERATES = "moderates", "moderiert"
        ORGANISES = "organises", "organisiert"
        ATTENDS = "attends", "nimmt teil"

    name = models.CharField("Name", max_length=160, unique=True)
    kind = models.CharField("Art", max_length=20, choices=Kind)
    level = models.CharField("Ebene", max_length=14, choices=Level, default=Level.NETWORK)
    term = models.CharField("Bestand", max_length=9, choices=Term, default=Term.LASTING)
    districts = models.ManyToManyField(District, blank=True, related_name="bodies", verbose_name="Quartiere")
    mandate = models.TextField("Auftrag", max_length=2000, blank=True)
    power = models.CharField("Befugnis", max_length=8, choices=Power, default=Power.ADVISES)
    part = models.CharField("Das Quartiersmanagement …", max_length=10, choices=Part, default=Part.ORGANISES)
    voting_rules = models.CharField("Wie abgestimmt wird", max_length=300, blank=True)
    quorum = models.PositiveSmallIntegerField(
        "Beschlussfähig ab (Prozent der Stimmen)", default=0, validators=[MaxValueValidator(100)]
    )
    every_months = models.PositiveSmallIntegerField("Wie oft", choices=STEPS.items(), default=0)
    first_month = models.PositiveSmallIntegerField(
        "Erste Sitzung im Jahr", choices=[(i, name) for i, name in enumerate(MONTHS, 1)], default=1
    )
    weekday = models.PositiveSmallIntegerField("Wochentag", choices=list(enumerate(WEEKDAYS)), null=True, blank=True)
    nth = models.PositiveSmallIntegerField(
        "Der wievielte im Monat", choices=[(n, f"am {word}") for n, word in NUMBERS.items()], null=True, blank=True
    )
    starts = models.TimeField("Beginn", null=True, blank=True)
    duration = models.PositiveSmallIntegerField(
        "Dauer in Minuten", default=90, validators=[MinValueValidator(15), MaxValueValidator(720)]
    )
    place = models.CharField("Ort", max_length=200, blank=True)
    coordinator = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="coordinated_bodies",
        verbose_name="Koordination",
    )  # fmt: skip
    is_public = models.BooleanField("öffentlich: Termine dürfen alle sehen", default=False)
    founded_on = models.DateField("gegründet am", null=True, blank=True)
    ended_on = models.DateField("beendet nach dem", null=True, blank=True)  # the last day
    version = models.PositiveIntegerField(default=1, editable=False)
    sort_key = sort_key_field()

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(founded_on=None) | Q(ended_on__gte=F("founded_on")),
                name="body_in_order",
            ),
            models.CheckConstraint(condition=Q(quorum__lte=100), name="body_quorum_is_share"),
            models.CheckConstraint(
                condition=Q(level__in=["political", "administrative", "network", "residents"])
                & Q(term__in=["lasting", "temporary"]),
                name="body_level_known",
            ),
            models.CheckConstraint(
                condition=Q(every_months=0)
                | Q(every_months__in=[1, 2, 3, 6, 12], weekday__isnull=False, nth__isnull=False, starts__isnull=False),
                name="body_rhythm_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(first_month__range=(1, 12), duration__range=(15, 720))
                & (Q(weekday=None) | Q(weekday__range=(0, 6)))
                & (Q(nth=None) | Q(nth__range=(1, 5))),
                name="body_rhythm_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:body", args=[self.pk])

    @property
    def rhythm(self) -> Rhythm | None:
        """When it meets; none when it meets as needed."""
        if not self.every_months:
            return None
        return Rhythm(self.every_months, self.first_month, self.weekday, self.nth)

    @property
    def rhythm_words(self) -> str:
        """The same in words."""
        return str(self.rhythm or STEPS[0])

    @property
    def ends(self) -> time | None:
        """When a session is over that begins as usual; never after the end of the day."""
        if self.starts is None:
            return None
        last = self.starts.hour * 60 + self.starts.minute + self.duration
        return time(*divmod(last, 60)) if last < 24 * 60 else time(23, 59)

    def is_over(self, on: date) -> bool:
        """Whether its last day has passed."""
        return self.ended_on is not None and self.ended_on < on

    def may_edit(self, user: User) -> bool:
        """Whether a person runs this body: the same as `BodyQuerySet.editable_by`, without asking again."""
        return self._is_of(user, Perm.EDIT_BODIES)

    def may_write(self, user: User) -> bool:
        """Whether a person writes its minutes: the same as `BodyQuerySet.writable_by`, without asking again."""
        return self._is_of(user, Perm.WRITE_MINUTES)

    def _is_of(self, user: User, perm: Perm) -> bool:
        if user.rights.can(Perm.EDIT_ALL_BODIES):
            return True
        own = user.rights.districts(perm)
        here = any(one.pk in own for one in self.districts.all())
        return bool(own) and (here or self.coordinator_id == user.pk)


class BodyMember(models.Model):
    """Somebody belongs to a body for a time: an actor (with or without its contact person), a person, a department."""

    class Role(models.TextChoices):
        CHAIR = "chair", "Vorsitz oder Sprecherteam"
        MEMBER = "member", "Mitglied"
        DEPUTY = "deputy", "Vertretung"
        ADVISOR = "advisor", "beratend"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="members")
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="body_seats", verbose_name="Akteur"
    )
    # An erased contact person leaves the seat to the actor.
    contact = models.ForeignKey(
        ContactPerson, on_delete=models.SET_NULL, null=True, blank=True, related_name="body_seats",
        verbose_name="Ansprechperson",
    )  # fmt: skip
    user = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="body_seats",
        verbose_name="Person mit Zugang",
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="body_seats",
        verbose_name="Fachbereich",
    )  # fmt: skip
    name = models.CharField("Freier Name", max_length=120, blank=True)
    email = models.EmailField("E-Mail für Einladungen", blank=True)
    consent_on = models.DateField("Einwilligung vom", null=True, blank=True)
    role = models.CharField("Rolle", max_length=8, choices=Role, default=Role.MEMBER)
    has_vote = models.BooleanField("stimmberechtigt", default=False)
    deputy_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="deputies", verbose_name="vertritt"
    )
    valid_from = models.DateField("dabei seit", null=True, blank=True)
    valid_to = models.DateField("dabei bis", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = BodyMemberQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="body_member_in_order",
            ),
            models.CheckConstraint(
                condition=Q(actor__isnull=False, user=None, department=None, name="")
                | Q(actor=None, contact=None, user__isnull=False, department=None, name="")
                | Q(actor=None, contact=None, user=None, department__isnull=False, name="")
                | Q(actor=None, contact=None, user=None, department=None) & ~Q(name=""),
                name="body_member_is_one",
            ),
            models.CheckConstraint(
                condition=Q(email="", consent_on=None) | ~Q(name="") & Q(consent_on__isnull=False),
                name="body_member_address_needs_consent",
            ),
            models.CheckConstraint(
                condition=Q(deputy_for=None, role__in=["chair", "member", "advisor"])
                | Q(deputy_for__isnull=False, role="deputy", has_vote=False),
                name="body_member_deputy_of_somebody",
            ),
            models.CheckConstraint(condition=~Q(deputy_for=F("id")), name="body_member_not_own_deputy"),
            *(
                ExclusionConstraint(
                    name=f"body_member_{field}_once",
                    expressions=[
                        ("body", RangeOperators.EQUAL),
                        (field, RangeOperators.EQUAL),
                        (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                    ],
                    condition=~Q(name="") if field == "name" else None,
                )
                for field in ("contact", "user", "department", "name")
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """How it is called in lists and on paper."""
        if self.actor_id:
            actor = self.actor.short_name or self.actor.name
            return f"{self.contact.name} ({actor})" if self.contact_id else self.actor.name
        return self.user.name if self.user_id else str(self.department or self.name)

    @property
    def address(self) -> str:
        """Where an invitation goes: addresses of work, or one that somebody gave for this; empty without.

        Nothing goes to somebody who has left: the actor is written to instead of its former contact person.
        """
        if self.actor_id:
            there = self.contact_id and not self.contact.is_over
            return (self.contact.email if there else "") or self.actor.email
        if self.user_id:
            return self.user.email if self.user.is_active else ""
        return self.department.mailbox if self.department_id else self.email

    def is_in_force(self, on: date) -> bool:
        """Whether it belongs to the body on a day."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or self.valid_to >= on)


class BodyEvent(models.Model):
    """What happened to a body and its sessions; codes only, never changed or deleted (a trigger)."""

    class Kind(models.TextChoices):
        ENTERED = "entered", "Gremium eingetragen"
        EDITED = "edited", "Gremium geändert"
        PLANNED = "planned", "Sitzungen geplant"
        MOVED = "moved", "Sitzung verlegt"
        INVITED = "invited", "Einladung verschickt"
        CANCELLED = "cancelled", "Sitzung abgesagt"
        REVIVED = "revived", "Absage zurückgenommen"
        HELD = "held", "Sitzung begonnen"
        WRITTEN = "written", "Protokoll geschrieben"
        APPROVED = "approved", "Protokoll genehmigt"
        CONCERN = "concern", "Anliegen daraus erfasst"
        PROJECT = "project", "Projekt daraus angelegt"
        NEED = "need", "Thema daraus eingetragen"
        STARTED = "started", "Auftrag in Arbeit"
        PUT_OFF = "put_off", "Auftrag verschoben"
        SETTLED = "settled", "Auftrag erledigt oder entfallen"
        REOPENED = "reopened", "Auftrag wieder offen"
        FILED = "filed", "Dokument hinzugefügt"
        UNFILED = "unfiled", "Dokument entfernt"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="events")
    session = models.ForeignKey("projects.Session", on_delete=models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    data = models.JSONField(default=dict)  # codes, dates and ids only
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d.%m.%Y}"
