"""Opening and consultation hours of an office, exceptions from them, and how well it is equipped (Z02, Z03)."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils import timezone

from districts.hours_words import span
from districts.opening import Change, Kind
from districts.querysets import ValidityQuerySet
from quartier.ranges import DateRange, Weeks

from .actors import Actor
from .places import Office

KINDS = {
    Kind.OPEN: "Öffnungszeit",
    Kind.CONSULTATION: "Sprechzeit",
    Kind.THIRD_PARTY: "Beratung durch Dritte",
    Kind.MEETING: "Treff",
}
CHANGES = {
    Change.CLOSED: "geschlossen oder Termin fällt aus",
    Change.EXTRA: "zusätzlich geöffnet",
    Change.AS_USUAL: "wie sonst geöffnet, obwohl Feiertag ist",
}


class OpeningSlot(models.Model):
    """Hours that come back on a weekday, every week or every second one. Earlier ones stay as history."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Montag"
        TUESDAY = 1, "Dienstag"
        WEDNESDAY = 2, "Mittwoch"
        THURSDAY = 3, "Donnerstag"
        FRIDAY = 4, "Freitag"
        SATURDAY = 5, "Samstag"
        SUNDAY = 6, "Sonntag"

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField("Wochentag", choices=Weekday)
    starts = models.TimeField("von")
    ends = models.TimeField("bis")
    kind = models.CharField("Art", max_length=12, choices=[(kind.value, label) for kind, label in KINDS.items()])
    room = models.CharField("Raum", max_length=80, blank=True)
    # Who offers it, in words; when the directory knows them, the entry's name is what is shown.
    provider = models.CharField("Anbieter", max_length=160, blank=True)
    provider_actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="slots"
    )
    topic = models.CharField("Thema", max_length=120, blank=True)
    language = models.CharField("Sprachen", max_length=120, blank=True)
    needs_appointment = models.BooleanField("nur mit Termin", default=False)
    anchor = models.DateField("alle zwei Wochen, gezählt ab der Woche vom", null=True, blank=True)
    valid_from = models.DateField("gültig ab", null=True, blank=True)
    valid_to = models.DateField("gültig bis", null=True, blank=True)

    objects = ValidityQuerySet.as_manager()

    class Meta:
        ordering = ["weekday", "starts", "ends", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="slot_times_in_order"),
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="slot_weekday_known"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="slot_validity_in_order",
            ),
            models.CheckConstraint(
                condition=Q(anchor__isnull=True) | Q(anchor__iso_week_day=1, anchor__gte=date(1900, 1, 1)),
                name="slot_anchor_is_monday",
            ),
            models.CheckConstraint(condition=~Q(kind=Kind.THIRD_PARTY.value, provider=""), name="slot_provider_named"),
            ExclusionConstraint(
                name="slot_entered_once",
                expressions=[
                    *((name, RangeOperators.EQUAL) for name in ("office", "weekday", "starts", "ends", "kind")),
                    *((name, RangeOperators.EQUAL) for name in ("room", "provider", "topic", "language")),
                    (Weeks("anchor"), RangeOperators.OVERLAPS),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {span(self.starts, self.ends)}, {self.what}"

    @property
    def time(self) -> str:
        """„9–12 Uhr“."""
        return span(self.starts, self.ends)

    @property
    def what(self) -> str:
        """What takes place: the topic of what others offer, else the kind."""
        return self.topic or self.get_kind_display()

    @property
    def provider_name(self) -> str:
        """Who offers it: the actor's name as it is today, or what was typed."""
        return str(self.provider_actor) if self.provider_actor else self.provider

    @property
    def rhythm(self) -> str:
        """How often, and since which week."""
        return f"alle zwei Wochen (auch in der Woche vom {self.anchor:%d.%m.%Y})" if self.anchor else "jede Woche"

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.valid_to is not None and self.valid_to < timezone.localdate()

    @property
    def has_begun(self) -> bool:
        """Whether its first day has come."""
        return self.valid_from is None or self.valid_from <= timezone.localdate()


class OpeningException(models.Model):
    """A day or several on which an office is closed, open in addition, or open although it is a holiday."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="exceptions")
    first_day = models.DateField("erster Tag")
    last_day = models.DateField("letzter Tag")
    change = models.CharField("Was gilt", max_length=8, choices=[(one.value, label) for one, label in CHANGES.items()])
    slot = models.ForeignKey(
        OpeningSlot, on_delete=models.CASCADE, null=True, blank=True, related_name="exceptions",
        verbose_name="nur dieser Termin",
    )  # fmt: skip
    starts = models.TimeField("von", null=True, blank=True)
    ends = models.TimeField("bis", null=True, blank=True)
    kind = models.CharField("Art", max_length=12, blank=True, choices=OpeningSlot._meta.get_field("kind").choices)
    reason = models.CharField("Grund oder Anlass", max_length=160)

    class Meta:
        ordering = ["first_day", "last_day", "starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="exception_days_in_order"),
            models.CheckConstraint(
                condition=Q(change=Change.EXTRA.value, starts__lt=F("ends"), slot__isnull=True) & ~Q(kind="")
                | Q(
                    change__in=[Change.CLOSED.value, Change.AS_USUAL.value],
                    starts__isnull=True,
                    ends__isnull=True,
                    kind="",
                ),
                name="exception_times_for_extra_hours",
            ),
            models.CheckConstraint(
                condition=Q(slot__isnull=True) | Q(change=Change.CLOSED.value), name="exception_slot_can_only_be_off"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days}: {self.get_change_display()}"

    @property
    def days(self) -> str:
        """„24.12.2026“ or „24.12.2026 bis 01.01.2027“."""
        first = f"{self.first_day:%d.%m.%Y}"
        return first if self.first_day == self.last_day else f"{first} bis {self.last_day:%d.%m.%Y}"

    @property
    def time(self) -> str:
        """Hours of additional opening; empty otherwise."""
        return span(self.starts, self.ends) if self.starts else ""

    @property
    def what(self) -> str:
        """What takes place in additional hours."""
        return f"{self.get_kind_display()}, {self.reason}" if self.kind else self.reason


class OfficeQuality(models.Model):
    """One line of an office's quality checklist; a line that is missing is not known."""

    class Item(models.TextChoices):
        BARRIER_FREE = "barrier_free", "Barrierefrei"
        CENTRAL = "central", "Zentral gelegen"
        VISIBLE = "visible", "Von außen sichtbar"
        SHOP_FRONT = "shop_front", "Schaufenster"
        GROUP_ROOM = "group_room", "Gruppenraum (mindestens 25 m²)"
        KITCHENETTE = "kitchenette", "Teeküche"
        EVENT_ROOM = "event_room", "Zugang zu einem Veranstaltungsraum"
        KITCHEN = "kitchen", "Zugang zu einer Küche"
        COMPUTER = "computer", "Computer und Kopierer"
        PROJECTOR = "projector", "Beamer"
        SPEAKERS = "speakers", "Lautsprecher"

    class State(models.TextChoices):
        YES = "yes", "ja"
        NO = "no", "nein"
        PLANNED = "planned", "geplant"
        UNKNOWN = "unknown", "nicht bekannt"

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="qualities")
    item = models.CharField("Merkmal", max_length=12, choices=Item)
    state = models.CharField("Stand", max_length=7, choices=State, default=State.UNKNOWN)
    note = models.CharField("Anmerkung", max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "item"], name="office_quality_once")]

    def __str__(self) -> str:
        return f"{self.get_item_display()}: {self.get_state_display()}"
