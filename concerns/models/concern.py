"""The concern, its history, team notes and photos."""

from datetime import date

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, GeneratedField, Q, Value, When
from django.db.models.functions import Coalesce, Upper
from django.urls import reverse
from django.utils import timezone

from concerns.querysets import ConcernQuerySet, PhotoQuerySet
from concerns.workflow import NEEDS_REASON, ConcernStatus, Outcome, ReasonCategory
from districts.models import District, Office, User
from quartier.search import SearchVectorField, WeightedVector

from .catalogue import Topic

NEVER = date(9999, 12, 31)  # sorts what has no date after everything that has one


class NumberCounter(models.Model):
    """Last concern number given in a year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}-{self.last:05d}"


class Concern(models.Model):
    """Anliegen: what somebody told the Quartiersmanagement, until everybody behind it has heard the answer."""

    class Kind(models.TextChoices):
        DEFECT = "defect", "Anliegen / Mangel"
        COMPLAINT = "complaint", "Beschwerde"
        IDEA = "idea", "Idee"
        WISH = "wish", "Wunsch / Bedarf"
        INFORMATION = "information", "Information / Hinweis"
        QUESTION = "question", "Frage / Beratungsbedarf"

    class Channel(models.TextChoices):
        OFFICE_HOURS = "office_hours", "Sprechzeit im Stadtteilbüro"
        OUTREACH = "outreach", "Aufsuchend / unterwegs"
        PHONE = "phone", "Telefon"
        EMAIL = "email", "E-Mail"
        LETTER = "letter", "Brief"
        ONLINE = "online", "Online-Formular"
        EVENT = "event", "Veranstaltung / Aktion"
        BODY = "body", "Stadtteilkonferenz / Gremium"
        SURVEY = "survey", "Befragung"
        OBSERVATION = "observation", "Eigene Beobachtung"

    class Spot(models.TextChoices):
        PLAYGROUND = "playground", "Spielplatz"
        STREET = "street", "Straße / Weg"
        SQUARE = "square", "Platz"
        GREEN = "green", "Grünanlage"
        UNDERPASS = "underpass", "Unterführung"
        STOP = "stop", "Haltestelle"
        BUILDING = "building", "Gebäude / Haus"
        FACILITY = "facility", "Einrichtung"
        OTHER = "other", "Sonstiges"

    class Urgency(models.TextChoices):
        NORMAL = "normal", "normal"
        URGENT = "urgent", "zeitkritisch"
        DANGER = "danger", "Gefahr"

    class Promise(models.TextChoices):
        NONE = "", "keine"
        OPEN = "open", "offen"
        KEPT = "kept", "eingehalten"
        BROKEN = "broken", "nicht eingehalten"

    number = models.CharField("Nummer", max_length=12, unique=True, editable=False)
    kind = models.CharField("Art", max_length=12, choices=Kind, default=Kind.DEFECT)
    title = models.CharField("Titel", max_length=120)
    text = models.TextField("Was ist das Anliegen?", max_length=20_000, blank=True)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="concerns", verbose_name="Thema")
    is_sensitive = models.BooleanField("vertraulich", default=False, editable=False)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="concerns", verbose_name="Quartier"
    )
    place = models.CharField("Ort in Worten", max_length=200, blank=True)
    lat = models.FloatField(
        "Breitengrad", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    lon = models.FloatField(
        "Längengrad", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    spot = models.CharField("Art des Ortes", max_length=12, choices=Spot, blank=True)
    channel = models.CharField("Eingang über", max_length=14, choices=Channel, default=Channel.OFFICE_HOURS)
    occasion = models.CharField("Anlass", max_length=120, blank=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="concerns", verbose_name="Stadtteilbüro"
    )
    received_on = models.DateField("eingegangen am", default=timezone.localdate)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="aufgenommen von")
    urgency = models.CharField("Dringlichkeit", max_length=8, choices=Urgency, default=Urgency.NORMAL)
    affected = models.PositiveIntegerField("Betroffene (geschätzt)", null=True, blank=True)

    status = models.CharField("Stand", max_length=14, choices=ConcernStatus, default=ConcernStatus.NEW, editable=False)
    needs_triage = models.BooleanField(default=True, editable=False)  # new, or a department has given it back (I4)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="owned_concerns")
    due_on = models.DateField("nächster Schritt bis", null=True, editable=False)
    # Since when it has been the turn of whoever the status names; every change of status sets it.
    waiting_since = models.DateField("wartet seit", default=timezone.localdate, editable=False)
    follow_up_on = models.DateField("Wiedervorlage am", null=True, blank=True)
    parked_from = models.CharField(max_length=14, blank=True, editable=False)
    feedback_due_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField("Ergebnis", max_length=16, choices=Outcome, blank=True, editable=False)
    reason_category = models.CharField("Grund", max_length=14, choices=ReasonCategory, blank=True, editable=False)
    answer_text = models.TextField("Antwort in Worten für Anliegengeber/innen", blank=True, max_length=8000)
    promised_on = models.DateField("zugesagt für", null=True, editable=False)
    promise = models.CharField("Zusage", max_length=6, choices=Promise, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    reopened_count = models.PositiveSmallIntegerField(default=0, editable=False)
    lead = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates", editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    import_key = models.CharField(max_length=120, null=True, unique=True, editable=False)
    form_key = models.UUIDField(
        null=True, unique=True, editable=False
    )  # the form it came from: sent twice, logged once
    search = GeneratedField(
        expression=WeightedVector("number", "title", "place", "text", weights="AABC"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    # What the list sorts by, without gaps for its keyset pages: concerns nobody waits for come last.
    due_key = GeneratedField(
        expression=Coalesce("due_on", Value(NEVER)), output_field=models.DateField(), db_persist=True
    )
    waiting_key = GeneratedField(
        expression=Case(When(status=ConcernStatus.CLOSED, then=Value(NEVER)), default=F("waiting_since")),
        output_field=models.DateField(),
        db_persist=True,
    )

    objects = ConcernQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ConcernStatus.values), name="concern_status_known"),
            models.CheckConstraint(
                condition=Q(status=ConcernStatus.CLOSED) | Q(owner__isnull=False, due_on__isnull=False),
                name="concern_open_has_owner_and_date",  # I6
            ),
            models.CheckConstraint(
                condition=~Q(status=ConcernStatus.CLOSED) | (~Q(outcome="") & Q(closed_at__isnull=False)),
                name="concern_closed_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(status=ConcernStatus.CLOSED) | Q(closed_at__isnull=True), name="concern_open_not_closed_at"
            ),
            models.CheckConstraint(
                condition=~Q(status=ConcernStatus.CLOSED)
                | ~Q(outcome__in=sorted(NEEDS_REASON))
                | (~Q(reason_category="") & ~Q(answer_text="")),
                name="concern_negative_has_reason",  # I2
            ),
            models.CheckConstraint(
                condition=~Q(status=ConcernStatus.CLOSED) | ~Q(outcome=Outcome.PLANNED) | Q(promised_on__isnull=False),
                name="concern_planned_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(status=ConcernStatus.PARKED) | Q(follow_up_on__isnull=False),
                name="concern_parked_has_follow_up",
            ),
            models.CheckConstraint(
                condition=~Q(status=ConcernStatus.NEW) | Q(needs_triage=True) | Q(lead__isnull=False),
                name="concern_new_needs_triage",
            ),
            models.CheckConstraint(condition=~Q(lead=models.F("id")), name="concern_not_own_duplicate"),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__range=(-90, 90), lon__range=(-180, 180), lat__isnull=False, lon__isnull=False),
                name="concern_coordinates_in_pairs",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="concern_has_title"),
        ]
        indexes = [
            # the list, newest first, keyset over (received_on, id)
            models.Index(fields=["-received_on", "-id"], name="concern_newest"),
            # the list of one district (the usual filter)
            models.Index(fields=["district", "-received_on", "-id"], name="concern_district_newest"),
            models.Index(fields=["topic", "-received_on", "-id"], name="concern_topic_newest"),
            # the list by due date and by waiting time, keyset over (key, id)
            models.Index(fields=["due_key", "id"], name="concern_by_due"),
            models.Index(fields=["waiting_key", "id"], name="concern_by_waiting"),
            # the list filtered by a part of the occasion
            GinIndex(
                OpClass(Upper("occasion"), name="gin_trgm_ops"), name="concern_occasion", condition=~Q(occasion="")
            ),
            # open concerns of a status by next date (basket, list filtered by status)
            models.Index(
                fields=["status", "due_on", "id"], name="concern_open_due", condition=~Q(status=ConcernStatus.CLOSED)
            ),
            models.Index(
                fields=["owner", "status", "due_on"],
                include=["id", "district", "lead"],  # the basket counts without touching the rows
                name="concern_owner_open",
                condition=~Q(status=ConcernStatus.CLOSED),
            ),
            # basket of a district; list filtered by district and topic or status, open ones
            models.Index(
                fields=["district", "topic", "status"],
                name="concern_district_open",
                condition=~Q(status=ConcernStatus.CLOSED),
            ),
            # basket: new to triage
            models.Index(
                fields=["district", "due_on"],
                name="concern_triage",
                condition=Q(needs_triage=True, lead__isnull=True),
            ),
            # the list filtered by urgency; nearly all are normal
            models.Index(
                fields=["urgency", "-received_on", "-id"], name="concern_urgent", condition=~Q(urgency="normal")
            ),
            # the list and the evaluation of what was answered or closed in a period
            models.Index(
                fields=["feedback_due_at"], name="concern_answered", condition=Q(feedback_due_at__isnull=False)
            ),
            models.Index(fields=["closed_at"], name="concern_closed", condition=Q(closed_at__isnull=False)),
            # basket: promises due
            models.Index(fields=["promised_on"], name="concern_promises", condition=Q(promise="open")),
            # basket: follow-ups
            models.Index(fields=["follow_up_on"], name="concern_follow_ups", condition=Q(follow_up_on__isnull=False)),
            models.Index(fields=["lead"], name="concern_lead", condition=Q(lead__isnull=False)),
            GinIndex(fields=["search"], name="concern_search"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The concern's page."""
        return reverse("concerns:detail", args=[self.number])

    @property
    def is_open(self) -> bool:
        """Whether the loop has not ended."""
        return self.status != ConcernStatus.CLOSED


class SearchWord(models.Model):
    """Vocabulary of the concerns' search vectors: finds compounds and typing errors (filled by a trigger)."""

    word = models.CharField(max_length=255, primary_key=True)
    # In how many concerns, counted now and then by a job: tells frequent words from rare ones, nothing relies on more.
    uses = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [GinIndex(fields=["word"], name="searchword_trigram", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word


class ConcernEvent(models.Model):
    """History: append-only (I8, held by a trigger), codes only, no personal text."""

    class Visibility(models.TextChoices):
        TEAM = "team", "Team"
        DEPARTMENT = "department", "Fachbereich"
        REPORTER = "reporter", "Anliegengeber/in"

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="events")
    routing = models.ForeignKey(
        "concerns.Routing", on_delete=models.PROTECT, null=True, related_name="events", db_index=False
    )
    reporter = models.ForeignKey(
        "concerns.Reporter", on_delete=models.PROTECT, null=True, related_name="events", db_index=False
    )
    kind = models.CharField(max_length=32)
    old = models.CharField(max_length=40, blank=True)
    new = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)  # codes, dates and ids only
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.TEAM)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["kind", "at"], name="event_kind_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%d.%m.%Y}"


class ConcernNote(models.Model):
    """Team note: never leaves the team (I11), therefore a table of its own that no other reader touches."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField("Teamnotiz", max_length=8000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"Notiz zu {self.concern_id}"


class Photo(models.Model):
    """A photo without metadata, in full size and as a downscaled copy; served by a view that checks rights."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="photos")
    image = models.ImageField(upload_to="photos/%Y/%m")
    preview = models.ImageField(upload_to="photos/%Y/%m")
    size = models.PositiveIntegerField("Größe in Byte")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Foto {self.pk}"


class HeldPhoto(models.Model):
    """A photo of a concern that is still being typed: it outlives errors in the form and is removed after a week."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    form_key = models.UUIDField()
    name = models.CharField(max_length=120)  # what the person knows it by; forgotten when the concern is saved
    image = models.ImageField(upload_to="photos/%Y/%m")
    preview = models.ImageField(upload_to="photos/%Y/%m")
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "form_key", "digest"], name="held_photo_once")]

    def __str__(self) -> str:
        return self.name
