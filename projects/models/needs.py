"""Needs of the quarters (Themenspeicher, K15): what is lacking, what shows it, what became of it."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, GeneratedField, Q, TextField
from django.urls import reverse
from django.utils import timezone

from concerns.models import Concern
from concerns.workflow import ConcernStatus, ReasonCategory
from districts.models import ActionField, Department, District, TargetGroup, User
from districts.models.actors import FoldedText, joined_columns
from districts.roles import Perm
from projects.querysets import ConcernNewsQuerySet, NeedMeasureQuerySet, NeedQuerySet
from projects.workflow import CONFIRM_MONTHS, OPEN_NEEDS, NeedStatus
from quartier.search import sort_key_field

from .follow_ups import FollowUp
from .measures import Measure
from .projects import Project
from .sessions import AgendaItem

SEARCHED = ("title", "problem", "solutions")


class Need(models.Model):
    """Thema/Bedarf: a problem of one or several districts in the team's own words, never those of a concern."""

    class Priority(models.IntegerChoices):
        HIGH = 1, "hoch"
        NORMAL = 2, "mittel"
        LOW = 3, "niedrig"

    title = models.CharField("Titel", max_length=160)
    districts = models.ManyToManyField(District, related_name="needs", verbose_name="Quartiere")
    action_fields = models.ManyToManyField(
        ActionField, blank=True, related_name="needs", verbose_name="Handlungsfelder"
    )
    target_groups = models.ManyToManyField(TargetGroup, blank=True, related_name="needs", verbose_name="Zielgruppen")
    departments = models.ManyToManyField(
        Department, blank=True, related_name="needs", verbose_name="Betroffene Fachbereiche"
    )
    problem = models.TextField("Problemlage", max_length=4000)
    solutions = models.TextField("Mögliche Lösungen", max_length=4000, blank=True)
    status = models.CharField("Stand", max_length=11, choices=NeedStatus, default=NeedStatus.OBSERVED, editable=False)
    status_since = models.DateField("Stand seit", default=timezone.localdate, editable=False)
    drop_reason = models.TextField("Warum es nicht weiterverfolgt wird", max_length=2000, blank=True, editable=False)
    priority = models.PositiveSmallIntegerField("Priorität", choices=Priority, default=Priority.NORMAL)
    first_seen_on = models.DateField("Zuerst aufgefallen am", default=timezone.localdate)
    confirmed_on = models.DateField("Zuletzt bestätigt am", default=timezone.localdate, editable=False)
    keeper = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="kept_needs",
        verbose_name="Behält es im Blick",
    )  # fmt: skip
    # The follow-up of a body it comes from (Z20); of one follow-up one need.
    follow_up = models.OneToOneField(
        FollowUp, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="need"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sort_key = sort_key_field("title")
    search_text = GeneratedField(
        expression=FoldedText(joined_columns(*SEARCHED)), output_field=TextField(), db_persist=True
    )

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(problem=""), name="need_says_what"),
            models.CheckConstraint(condition=Q(status__in=NeedStatus.values), name="need_status_known"),
            models.CheckConstraint(condition=Q(priority__range=(1, 3)), name="need_priority_known"),
            models.CheckConstraint(
                condition=Q(status=NeedStatus.DROPPED) & ~Q(drop_reason="")
                | ~Q(status=NeedStatus.DROPPED) & Q(drop_reason=""),
                name="need_dropped_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on__gte=F("first_seen_on")), name="need_confirmed_after_first_seen"
            ),
        ]
        indexes = [
            # The list page by page, in the order of titles.
            models.Index(fields=["sort_key", "id"], name="need_by_title"),
            # NeedQuerySet.matching
            GinIndex(fields=["search_text"], name="need_search", opclasses=["gin_trgm_ops"]),
            # SearchedQuerySet.sounding
            GinIndex(fields=["sort_key"], name="need_sounding", opclasses=["gin_trgm_ops"]),
            # NeedQuerySet.to_confirm: basket, reminder
            models.Index(fields=["confirmed_on"], name="need_to_confirm", condition=Q(status__in=sorted(OPEN_NEEDS))),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:need", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.status in OPEN_NEEDS

    @property
    def confirm_by(self) -> date:
        """The day from which somebody should say whether it is still there."""
        return self.confirmed_on + relativedelta(months=CONFIRM_MONTHS)

    def may_edit(self, user: User) -> bool:
        """Whether a person may change it: `NeedQuerySet.editable_by`, without asking again."""
        return self._is_own(user, Perm.EDIT_NEEDS)

    def may_decide(self, user: User) -> bool:
        """Whether a person may set its status: `NeedQuerySet.decidable_by`, without asking again."""
        return self._is_own(user, Perm.DECIDE_NEEDS)

    def _is_own(self, user: User, perm: Perm) -> bool:
        own = user.rights.districts(perm)
        return any(one.pk in own for one in self.districts.all())


class NeedConcern(models.Model):
    """A concern that shows a need. Sensitive ones are refused by a trigger; what becomes sensitive goes (N13)."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="links")
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="need_links")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["need", "concern"], name="need_concern_once")]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.concern_id}"


class NeedEvidence(models.Model):
    """What else shows a need: a value, a survey, what an actor says, an observation."""

    class Kind(models.TextChoices):
        INDICATOR = "indicator", "Indikatorwert"
        SURVEY = "survey", "Befragung"
        STATEMENT = "statement", "Aussage eines Akteurs"
        MINUTES = "minutes", "Protokoll"
        OBSERVATION = "observation", "Eigene Beobachtung"

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField("Art", max_length=11, choices=Kind)
    text = models.CharField(
        "Was es zeigt", max_length=500, help_text="Bitte ohne Namen von Bewohnerinnen und Bewohnern."
    )
    source = models.CharField("Quelle", max_length=200, blank=True)
    link = models.CharField(
        "Seite oder Adresse", max_length=500, blank=True,
        help_text="Zum Beispiel die Seite des Indikators hier (beginnt mit „/“) oder eine Adresse mit „https://“.",
    )  # fmt: skip
    on = models.DateField("Stand vom", default=timezone.localdate)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="need_evidence_says_what"),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__startswith="https://") | Q(link__regex=r"^/([^/]|$)"),
                name="need_evidence_link_is_safe",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}"


class ProjectNeed(models.Model):
    """A project that takes up a need (K18)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="need_links")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="project_links")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["project", "need"], name="project_need_once")]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.need_id}"


class NeedMeasure(models.Model):
    """A measure of an adopted plan that takes up a need (K15).

    It hangs on the need's side: what was decided stays as it is (Z27). Through `measure.key` it holds in every later
    version of the plan.
    """

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="measure_links")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="need_links")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = NeedMeasureQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["need", "measure"], name="need_measure_once")]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.measure_id}"


class NeedNews(models.Model):
    """What is new about a need: what a body decided, or what the administration answered to a report (N5).

    It is owed to everybody behind the linked concerns; `ConcernNews` says where it still waits.
    """

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="news")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, related_name="need_news")
    recipient = models.ForeignKey(
        "projects.ThemeRecipient", on_delete=models.PROTECT, null=True, related_name="need_news"
    )
    text = models.TextField(max_length=8000)
    reason_category = models.CharField(max_length=14, choices=ReasonCategory, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="need_news_says_what"),
            models.CheckConstraint(
                condition=Q(item__isnull=False, recipient=None) | Q(item=None, recipient__isnull=False),
                name="need_news_came_from_somewhere",
            ),
            models.UniqueConstraint(fields=["need", "item"], name="need_news_of_item_once"),
            models.UniqueConstraint(fields=["need", "recipient"], name="need_news_of_recipient_once"),
        ]

    def __str__(self) -> str:
        return f"{self.need_id}, {self.at:%d.%m.%Y}"


class ConcernNews(models.Model):
    """News that the people behind one concern should hear: a suggestion with the words, nothing is sent by itself."""

    class How(models.TextChoices):
        WAITING = "", "offen"
        ANSWER = "answer", "als Ergebnis übernommen"
        NOT_NEEDED = "not_needed", "betrifft dieses Anliegen nicht"

    news = models.ForeignKey(NeedNews, on_delete=models.PROTECT, related_name="concerns")
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="theme_news")
    settled = models.CharField(max_length=10, choices=How, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = ConcernNewsQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["news", "concern"], name="concern_news_once"),
            models.CheckConstraint(
                condition=Q(settled="", settled_by=None, settled_at=None)
                | Q(settled__in=["answer", "not_needed"], settled_by__isnull=False, settled_at__isnull=False),
                name="concern_news_settled_by_somebody",
            ),
        ]
        indexes = [
            # what waits: basket, page of the concern
            models.Index(fields=["concern"], name="concern_news_waiting", condition=Q(settled="")),
        ]

    def __str__(self) -> str:
        return f"{self.concern_id}: {self.news_id}"

    @property
    def can_answer(self) -> bool:
        """Whether the news can be recorded as the answer now: the team itself has the concern and is working on it."""
        return self.concern.status in (ConcernStatus.NEW, ConcernStatus.OWN_WORK) and self.concern.lead_id is None
