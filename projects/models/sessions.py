"""Sessions of bodies: agenda, invitations, attendance, minutes (Z19)."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from concerns.models import OutgoingMail
from districts.models import Office, User
from projects.querysets import SessionQuerySet
from projects.workflow import AHEAD, STANDARD, TOOK_PLACE, ItemKind, SessionStatus

from .bodies import Body, BodyMember


class Session(models.Model):
    """Sitzung: one meeting of a body, from its planning to its approved minutes."""

    class ApprovedBy(models.TextChoices):
        NOBODY = "", "noch nicht"
        SESSION = "session", "in einer Sitzung"
        CONFIRMATION = "confirmation", "durch Bestätigung ohne Einwände"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="sessions")
    on = models.DateField("Tag")
    starts = models.TimeField("Beginn")
    ends = models.TimeField("Ende")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name="Stadtteilbüro"
    )
    place = models.CharField("Ort und Raum", max_length=200, blank=True)
    status = models.CharField(
        "Stand", max_length=9, choices=SessionStatus, default=SessionStatus.PLANNED, editable=False
    )
    invited_at = models.DateTimeField(null=True, editable=False)
    cancel_reason = models.CharField("Grund der Absage", max_length=300, blank=True)
    guests = models.TextField("Gäste", max_length=1000, blank=True)
    approved_how = models.CharField(max_length=12, choices=ApprovedBy, blank=True, editable=False)
    approved_in = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    # Follow-ups as the minutes told them when they were approved; the follow-ups themselves go on.
    follow_ups_then = models.JSONField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=SessionStatus.values), name="session_status_known"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="session_times_in_order"),
            models.UniqueConstraint(fields=["body", "on"], name="session_once_a_day"),
            models.CheckConstraint(
                condition=~Q(status=SessionStatus.CANCELLED) | ~Q(cancel_reason=""), name="session_cancelled_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(status=SessionStatus.APPROVED, approved_at__isnull=False, approved_by__isnull=False)
                & ~Q(approved_how="")
                | ~Q(status=SessionStatus.APPROVED)
                & Q(approved_at=None, approved_by=None, approved_how="", approved_in=None),
                name="session_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_how="session", approved_in__isnull=False)
                | ~Q(approved_how="session") & Q(approved_in=None),
                name="session_approved_in_a_session",
            ),
        ]
        indexes = [
            # next dates of a district or a body, and its past
            models.Index(fields=["on", "id"], name="session_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.body}, {self.on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("projects:session", args=[self.pk])

    @property
    def is_ahead(self) -> bool:
        """Whether it is still to come."""
        return self.status in AHEAD

    @property
    def took_place(self) -> bool:
        """Whether it was held."""
        return self.status in TOOK_PLACE

    @property
    def where(self) -> str:
        """Place in one line: room, then the office with its address."""
        office = f"{self.office.name}, {self.office.address}".strip(", ") if self.office_id else ""
        return ", ".join(filter(None, (self.place, office)))

    def writers(self) -> list[User]:
        """Who wrote the minutes, in the order in which they began; before anybody has, nobody.

        Whoever saved without changing an item has not written. Events that are older than this rule count.
        """
        changed = Q(data__items__isnull=True) | Q(data__items__gt=0)
        saved = self.events.filter(changed, kind="written").select_related("by").order_by("at", "pk")
        return list(dict.fromkeys(one.by for one in saved))

    def attendance_rows(self) -> list["Attendance"]:
        """Who was there, with names, in the order of the members."""
        rows = self.attendances.select_related(
            *("member__actor", "member__contact", "member__user", "member__department", "member__deputy_for"),
        )
        return list(rows.order_by("member_id"))

    def voters_present(self) -> int:
        """How many votes are in the room."""
        return len(voting_rows(self.attendance_rows(), self.on))

    def quorum_now(self) -> tuple[int, int, int]:
        """Votes in the room, votes there are on that day, and how many per cent of them the body wants."""
        seats = BodyMember.objects.filter(body=self.body_id, has_vote=True).valid_on(self.on).count()
        return self.voters_present(), seats, self.body.quorum

    def moment(self, at) -> datetime:
        """A time of this session's day as a moment."""
        return datetime.combine(self.on, at, timezone.get_default_timezone())


class AgendaItem(models.Model):
    """Tagesordnungspunkt (TOP), and what the minutes say about it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(editable=False)
    kind = models.CharField("Art", max_length=10, choices=ItemKind, default=ItemKind.DISCUSSION)
    title = models.CharField("Thema", max_length=160)
    presenter = models.CharField("Wer führt ein", max_length=120, blank=True)
    duration = models.PositiveSmallIntegerField("Minuten", null=True, blank=True)
    text = models.TextField("Worum es geht", max_length=2000, blank=True)
    minutes = models.TextField("Protokoll", max_length=8000, blank=True)
    decision = models.TextField("Beschluss", max_length=2000, blank=True)
    yes = models.PositiveSmallIntegerField("Ja", null=True, blank=True)
    no = models.PositiveSmallIntegerField("Nein", null=True, blank=True)
    abstained = models.PositiveSmallIntegerField("Enthaltung", null=True, blank=True)
    # The project it reports on, when it was proposed for that.
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="reports"
    )
    # The need it is about; a decision comes back to everybody behind it.
    need = models.ForeignKey(
        "projects.Need", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="agenda_items"
    )
    voters = models.PositiveSmallIntegerField(default=0, editable=False)  # who could vote when the votes were written
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="agenda_item_has_title"),
            models.UniqueConstraint(
                fields=["session", "position"], name="agenda_item_place_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                fields=["session", "kind"], condition=Q(kind__in=[str(kind) for kind in STANDARD]),
                name="agenda_item_standard_once",
            ),
            models.CheckConstraint(
                condition=Q(yes=None, no=None, abstained=None)
                | Q(yes__isnull=False, no__isnull=False, abstained__isnull=False),
                name="agenda_item_votes_are_whole",
            ),
            models.CheckConstraint(
                condition=Q(yes=None) | Q(voters__gte=F("yes") + F("no") + F("abstained")),
                name="agenda_item_votes_of_the_present",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"TOP {self.position}: {self.title}"

    @property
    def facts(self) -> list[str]:
        """Kind (where the title does not say it), who introduces it, how long it takes."""
        kind = "" if self.is_standard else self.get_kind_display()
        return [part for part in (kind, self.presenter, f"{self.duration} Minuten" if self.duration else "") if part]

    @property
    def is_standard(self) -> bool:
        """Whether it is an item that every agenda has: what belongs to it is gathered, nobody brings material."""
        return self.kind in STANDARD

    @property
    def is_voted(self) -> bool:
        """Whether votes were counted."""
        return self.yes is not None

    @property
    def result(self) -> str:
        """What the votes say, in words: more yes than no is needed."""
        if not self.is_voted:
            return ""
        if self.yes and not self.no and not self.abstained:
            return "einstimmig angenommen"
        return "angenommen" if self.yes > self.no else "abgelehnt"


class Attendance(models.Model):
    """Whether a member was there."""

    class State(models.TextChoices):
        PRESENT = "present", "anwesend"
        EXCUSED = "excused", "entschuldigt"
        ABSENT = "absent", "nicht da"

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendances")
    member = models.ForeignKey(BodyMember, on_delete=models.PROTECT, related_name="attendances")
    state = models.CharField(max_length=7, choices=State)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["session", "member"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_state_display()}"


class Invitation(models.Model):
    """An invitation or cancellation that was mailed to a member."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", "Einladung"
        CANCELLATION = "cancellation", "Absage"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="invitations")
    member = models.ForeignKey(BodyMember, on_delete=models.PROTECT, related_name="invitations")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.INVITATION)
    number = models.PositiveSmallIntegerField()  # the first, second … time everybody was written to
    mail = models.OneToOneField(OutgoingMail, on_delete=models.PROTECT, related_name="invitation")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["session", "member", "number"], name="invitation_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


def voting_rows(rows: list[Attendance], on: date) -> list[Attendance]:
    """Who of the present votes: members with a vote, and deputies of those who are not there (Z18)."""
    there = {row.member_id for row in rows if row.state == Attendance.State.PRESENT}
    voting, replaced = [], set()
    for row in rows:
        member = row.member
        if row.member_id not in there or not member.is_in_force(on):
            continue
        if member.has_vote:
            voting.append(row)
        elif (first := member.deputy_for) and first.has_vote and first.pk not in there | replaced:
            replaced.add(first.pk)
            voting.append(row)
    return voting
