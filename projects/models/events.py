"""Events (Z30) with their photos; tasks and the history of projects and events."""

from datetime import date, datetime, time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from districts.models import Actor, District, EventFormat, Office, Room, TargetGroup, User
from districts.models.groups import ActivationPhase
from districts.roles import Perm
from projects.querysets import EventQuerySet, ProjectTaskQuerySet
from projects.workflow import EventStatus, ProjectStatus, TaskStatus
from quartier.search import sort_key_field

from .projects import Participating, Project


class Event(Participating):
    """Veranstaltung or activation in a district; what people raise there is captured with its occasion."""

    class Invited(models.TextChoices):
        POSTER = "poster", "Aushang oder Plakat"
        FLYER = "flyer", "Flyer, Briefkasten"
        IN_PERSON = "in_person", "persönliche Ansprache"
        ACTORS = "actors", "Akteure im Quartier"
        PAPER = "paper", "Zeitung, Stadtteilzeitung"
        MAIL = "mail", "E-Mail-Verteiler"
        SOCIAL = "social", "soziale Medien"
        BODY = "body", "Gremium"

    title = models.CharField("Titel", max_length=100)
    format = models.ForeignKey(EventFormat, on_delete=models.PROTECT, related_name="events", verbose_name="Format")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="events", verbose_name="Projekt"
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="events", verbose_name="Quartier")
    on = models.DateField("Tag")
    until = models.DateField("letzter Tag", null=True, blank=True)  # when it takes several days
    starts = models.TimeField("Beginn", null=True, blank=True)
    ends = models.TimeField("Ende", null=True, blank=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="events", verbose_name="Stadtteilbüro"
    )
    room = models.ForeignKey(
        Room, on_delete=models.PROTECT, null=True, blank=True, related_name="events", verbose_name="Raum"
    )
    place = models.CharField("Ort", max_length=200, blank=True)
    description = models.TextField("Worum es geht", max_length=2000, blank=True)
    organisers = models.ManyToManyField(
        Actor, blank=True, related_name="organised_events", verbose_name="Veranstaltet mit"
    )
    target_groups = models.ManyToManyField(TargetGroup, blank=True, related_name="events", verbose_name="Zielgruppen")
    invited_via = ArrayField(
        models.CharField(max_length=9, choices=Invited), default=list, blank=True, verbose_name="Eingeladen über"
    )
    phase = models.PositiveSmallIntegerField("Phase der Aktivierung", choices=ActivationPhase, null=True, blank=True)
    keeper = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="kept_events",
        verbose_name="Im Quartiersmanagement zuständig",
    )  # fmt: skip
    status = models.CharField("Stand", max_length=9, choices=EventStatus, default=EventStatus.PLANNED, editable=False)
    cancel_reason = models.CharField("Grund der Absage", max_length=300, blank=True, editable=False)
    # What is known afterwards
    participants = models.PositiveIntegerField("Teilnehmende", null=True, blank=True)
    is_estimate = models.BooleanField("geschätzt", default=False)
    groups = models.CharField("Welche Gruppen", max_length=300, blank=True)
    helpers = models.PositiveIntegerField("Helfende", null=True, blank=True)
    new_contacts = models.PositiveIntegerField("Neue Kontakte", null=True, blank=True)
    costs = models.DecimalField("Kosten in Euro", max_digits=9, decimal_places=2, null=True, blank=True)
    paid_by = models.CharField("Bezahlt aus", max_length=160, blank=True)
    evaluation = models.TextField("Kurze Auswertung", max_length=2000, blank=True)
    repeats_yearly = models.BooleanField("jedes Jahr", default=False)
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="next"
    )  # the same event a year before
    is_public = models.BooleanField("öffentlich zeigen", default=False)
    # What concerns that are raised here carry as their occasion: it stays when title or day change.
    occasion = models.CharField(max_length=120, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sort_key = sort_key_field("title")

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(occasion=""), name="event_has_title"),
            models.CheckConstraint(condition=Q(status__in=EventStatus.values), name="event_status_known"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("on")), name="event_days_in_order"),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(starts__isnull=False) & (Q(ends__gt=F("starts")) | Q(until__isnull=False)),
                name="event_times_in_order",
            ),
            models.CheckConstraint(condition=Q(room=None) | Q(office__isnull=False), name="event_room_of_office"),
            models.CheckConstraint(
                condition=Q(status="cancelled") & ~Q(cancel_reason="") | ~Q(status="cancelled") & Q(cancel_reason=""),
                name="event_cancelled_has_reason",
            ),
            models.CheckConstraint(condition=Q(costs=None) | Q(costs__gte=0), name="event_costs_not_negative"),
            models.CheckConstraint(condition=Q(phase=None) | Q(phase__range=(1, 3)), name="event_phase_known"),
            models.CheckConstraint(condition=~Q(previous=F("id")), name="event_not_before_itself"),
        ]
        indexes = [
            # the calendar, next dates; the list, latest first
            models.Index(fields=["on", "id"], name="event_by_day"),
            # the same of one district
            models.Index(fields=["district", "on", "id"], name="event_district_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("projects:event", args=[self.pk])

    def may_edit(self, user: User) -> bool:
        """Whether a person may change it: the same as `EventQuerySet.editable_by`, without asking again."""
        own = user.rights.districts(Perm.EDIT_EVENTS)
        return user.rights.can(Perm.EDIT_ALL_PROJECTS) or self.district_id in own

    @property
    def last_day(self) -> date:
        """The day it ends."""
        return self.until or self.on

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self.status == EventStatus.CANCELLED

    @property
    def where(self) -> str:
        """Place in one line: what somebody wrote, then room and office."""
        office = f"{self.office.name}, {self.office.address}".strip(", ") if self.office_id else ""
        return ", ".join(filter(None, (self.place, self.room.name if self.room_id else "", office)))

    @property
    def invited_names(self) -> list[str]:
        """How people were invited, in words."""
        return [label for code, label in self.Invited.choices if code in self.invited_via]

    def moment(self, at: time) -> datetime:
        """A time of its day as a moment."""
        return datetime.combine(self.on, at, timezone.get_default_timezone())


class EventPhoto(models.Model):
    """A photo of an event without metadata; only shown in public when everybody on it has agreed."""

    class Consent(models.TextChoices):
        NOBODY = "nobody", "niemand ist zu erkennen"
        GIVEN = "given", "alle Erkennbaren haben eingewilligt"
        INTERNAL = "internal", "nur für uns: Einwilligung fehlt"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="photos")
    image = models.ImageField(upload_to="photos/%Y/%m")
    preview = models.ImageField(upload_to="photos/%Y/%m")
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    caption = models.CharField("Was zu sehen ist", max_length=200)
    consent = models.CharField("Einwilligung", max_length=8, choices=Consent)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "digest"], name="event_photo_once"),
            models.CheckConstraint(condition=~Q(caption=""), name="event_photo_has_caption"),
        ]

    def __str__(self) -> str:
        return self.caption


class ProjectTask(models.Model):
    """A step of a project or an event: a milestone of its course, a task, or the promised report of its result."""

    class Kind(models.TextChoices):
        TASK = "task", "Aufgabe"
        MILESTONE = "milestone", "Meilenstein"
        REPORT = "report", "Ergebnis berichten"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    kind = models.CharField("Art", max_length=9, choices=Kind, default=Kind.TASK)
    title = models.CharField("Was ist zu tun?", max_length=200)
    # In whose work basket it lies; without, in that of the district's team.
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="project_tasks",
        verbose_name="Im Blick behält es",
    )  # fmt: skip
    responsible = models.CharField("Wer es macht", max_length=120, blank=True)
    due_on = models.DateField("bis wann")
    status = models.CharField("Stand", max_length=7, choices=TaskStatus, default=TaskStatus.OPEN, editable=False)
    settled_on = models.DateField(null=True, editable=False)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    result = models.CharField("Ergebnis oder Grund", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ProjectTaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False, event=None) | Q(project=None, event__isnull=False),
                name="project_task_of_one",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="project_task_says_what"),
            models.CheckConstraint(condition=Q(status__in=TaskStatus.values), name="project_task_status_known"),
            models.CheckConstraint(
                condition=Q(status="open", settled_on=None, settled_by=None)
                | ~Q(status="open") & Q(settled_on__isnull=False, settled_by__isnull=False),
                name="project_task_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="dropped") | ~Q(result=""), name="project_task_dropped_has_reason"
            ),
            # What was promised once is one task, whenever its day moves.
            models.UniqueConstraint(
                fields=["project"], name="project_report_once", condition=Q(kind="report", status="open")
            ),
            models.UniqueConstraint(
                fields=["event"], name="event_report_once", condition=Q(kind="report", status="open")
            ),
        ]  # fmt: skip
        indexes = [
            # what is due: basket
            models.Index(fields=["due_on", "id"], name="project_task_due", condition=Q(status="open")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.status == TaskStatus.OPEN

    @property
    def subject(self) -> Project | Event:
        """What it belongs to."""
        return self.project or self.event


class ProjectLog(models.Model):
    """What happened to a project or an event; codes only, never changed or deleted (a trigger)."""

    class Kind(models.TextChoices):
        ENTERED = "entered", "angelegt"
        EDITED = "edited", "geändert"
        MOVED = "moved", "Stand geändert"
        LINKED = "linked", "Anliegen verknüpft"
        UNLINKED = "unlinked", "Verknüpfung gelöst"
        CHECKED = "checked", "Wirkung geprüft"
        NEWS_OWED = "news_owed", "Rückmeldung ausgelöst"
        REPORTED = "reported", "Ergebnis berichtet"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="log")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="log")
    kind = models.CharField(max_length=9, choices=Kind)
    old = models.CharField(max_length=11, blank=True)
    new = models.CharField(max_length=11, blank=True)
    on = models.DateField(default=timezone.localdate)  # the day it counts for: a status is entered later sometimes
    data = models.JSONField(default=dict)  # codes, dates and ids only
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False, event=None) | Q(project=None, event__isnull=False),
                name="project_log_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d.%m.%Y}"

    @property
    def stage(self) -> str:
        """The status it moved to, in words."""
        names = dict(EventStatus.choices if self.event_id else ProjectStatus.choices)
        return names.get(self.new, "")


class PhaseAssessment(models.Model):
    """In which phase of activation a district is from a day on, with evidence and whoever says so (Z31)."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="phases", verbose_name="Quartier")
    phase = models.PositiveSmallIntegerField("Phase", choices=ActivationPhase)
    on = models.DateField("eingeschätzt am")
    evidence = models.CharField("Woran sich das zeigt", max_length=1000)
    assessor = models.CharField("Wer hat eingeschätzt", max_length=160)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(phase__range=(1, 3)), name="phase_assessment_known"),
            models.CheckConstraint(condition=~Q(evidence="") & ~Q(assessor=""), name="phase_assessment_has_evidence"),
            models.UniqueConstraint(fields=["district", "on"], name="phase_assessment_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.district}: {self.get_phase_display()}, {self.on:%d.%m.%Y}"
