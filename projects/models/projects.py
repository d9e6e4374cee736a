"""Projects from the idea to whoever carries on, with partners, tasks, origins and the check of their effect (Z29)."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, GeneratedField, Q, TextField
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from concerns.models import Concern
from concerns.workflow import ReasonCategory
from districts.models import ActionField, Actor, Department, District, Programme, TargetGroup, User
from districts.models.actors import FoldedText, joined_columns
from districts.models.groups import ActivationPhase
from districts.roles import Perm
from projects.querysets import EffectCheckQuerySet, ProjectQuerySet
from projects.workflow import CHECK_WEEKS, REALISED, UNDER_WAY, Participation, ProjectStatus
from quartier.search import sort_key_field

from .follow_ups import FollowUp
from .sessions import AgendaItem

SEARCHED = ("title", "motto", "description", "goals")


class Participating(models.Model):
    """How far people may take part, said before they do (Z33): shared by projects and events."""

    participation = models.CharField("Grad der Beteiligung", max_length=14, choices=Participation, blank=True)
    open_points = models.CharField("Was offen ist", max_length=500, blank=True)
    fixed_points = models.CharField("Was feststeht", max_length=500, blank=True)
    decided_by = models.CharField("Wer entscheidet", max_length=200, blank=True)
    report_on = models.DateField("Ergebnis wird berichtet am", null=True, blank=True)

    class Meta:
        abstract = True


class Project(Participating):
    """Projekt: something people want to get done together in one or several districts, or in the whole city."""

    class Origin(models.TextChoices):
        CONCERN = "concern", "Anliegen oder Idee"
        NEED = "need", "Bedarf"
        MEASURE = "measure", "Maßnahme"
        BODY = "body", "Gremium"
        CARRIER = "carrier", "Träger"
        PROGRAMME = "programme", "Programm"

    class Part(models.TextChoices):
        INITIATES = "initiates", "hat es angestoßen"
        ACCOMPANIES = "accompanies", "begleitet es"
        PARTNER = "partner", "ist Partner"
        INFORMED = "informed", "ist informiert"

    class Quality(models.TextChoices):
        MULTIDIMENSIONAL = "multidimensional", "mehrdimensional"
        ACROSS = "across", "ressortübergreifend"
        LOCAL = "local", "quartiersbezogen"
        EMPLOYMENT = "employment", "beschäftigungswirksam"

    title = models.CharField("Titel", max_length=160)
    motto = models.CharField("Motto", max_length=200, blank=True)
    description = models.TextField("Worum es geht", max_length=4000, blank=True)
    districts = models.ManyToManyField(District, blank=True, related_name="projects", verbose_name="Quartiere")
    origin = models.CharField("Woher es kommt", max_length=9, choices=Origin)
    # The decision of a body it comes from; one decision may start several projects.
    decision = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="projects"
    )
    # The follow-up of a body it comes from (Z20); of one follow-up one project.
    follow_up = models.OneToOneField(
        FollowUp, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="project"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="projects", verbose_name="Programm"
    )
    part = models.CharField("Das Quartiersmanagement …", max_length=11, choices=Part, default=Part.ACCOMPANIES)
    lead = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="led_projects", verbose_name="Federführung"
    )  # without: the Quartiersmanagement itself
    keeper = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="kept_projects",
        verbose_name="Im Quartiersmanagement zuständig",
    )  # fmt: skip
    action_fields = models.ManyToManyField(
        ActionField, blank=True, related_name="projects", verbose_name="Handlungsfelder"
    )
    target_groups = models.ManyToManyField(TargetGroup, blank=True, related_name="projects", verbose_name="Zielgruppen")
    qualities = ArrayField(
        models.CharField(max_length=16, choices=Quality), default=list, blank=True, verbose_name="Das Projekt ist"
    )  # appendix C, TB09
    goals = models.TextField("Ziele", max_length=2000, blank=True)
    phase = models.PositiveSmallIntegerField("Phase der Aktivierung", choices=ActivationPhase, null=True, blank=True)
    starts_on = models.DateField("Beginn", null=True, blank=True)
    ends_on = models.DateField("Ende", null=True, blank=True)  # the last day
    status = models.CharField("Stand", max_length=11, choices=ProjectStatus, default=ProjectStatus.IDEA, editable=False)
    status_since = models.DateField("Stand seit", default=timezone.localdate, editable=False)
    results = models.TextField("Ergebnisse", max_length=4000, blank=True)
    participants = models.PositiveIntegerField("Teilnehmende", null=True, blank=True)
    is_estimate = models.BooleanField("geschätzt", default=False)
    lessons = models.TextField("Was wir gelernt haben", max_length=4000, blank=True)
    # "Wer führt es weiter?": asked when it ends.
    continued_by = models.CharField("Wer führt es weiter?", max_length=200, blank=True)
    outlook = models.TextField("Wie es weitergeht", max_length=2000, blank=True)
    drop_reason = models.CharField(max_length=14, choices=ReasonCategory, blank=True, editable=False)
    drop_text = models.TextField("Warum es nicht umgesetzt wird", max_length=2000, blank=True, editable=False)
    is_public = models.BooleanField("öffentlich zeigen", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sort_key = sort_key_field("title")
    search_text = GeneratedField(
        expression=FoldedText(joined_columns(*SEARCHED)), output_field=TextField(), db_persist=True
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="project_has_title"),
            models.CheckConstraint(condition=Q(status__in=ProjectStatus.values), name="project_status_known"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="project_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(status=ProjectStatus.DROPPED) & ~Q(drop_reason="") & ~Q(drop_text="")
                | ~Q(status=ProjectStatus.DROPPED) & Q(drop_reason="", drop_text=""),
                name="project_dropped_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status=ProjectStatus.CONTINUED) | ~Q(continued_by=""), name="project_continued_by_somebody"
            ),
            models.CheckConstraint(condition=Q(phase=None) | Q(phase__range=(1, 3)), name="project_phase_known"),
        ]
        indexes = [
            # The list page by page, in the order of titles.
            models.Index(fields=["sort_key", "id"], name="project_by_title"),
            # ProjectQuerySet.matching
            GinIndex(fields=["search_text"], name="project_search", opclasses=["gin_trgm_ops"]),
            # SearchedQuerySet.sounding
            GinIndex(fields=["sort_key"], name="project_sounding", opclasses=["gin_trgm_ops"]),
            # The list of one status
            models.Index(fields=["status", "sort_key", "id"], name="project_by_status"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:project", args=[self.pk])

    def may_edit(self, user: User) -> bool:
        """Whether a person may change it: the same as `ProjectQuerySet.editable_by`, without asking again."""
        if user.rights.can(Perm.EDIT_ALL_PROJECTS):
            return True
        own, here = user.rights.districts(Perm.EDIT_PROJECTS), self.districts.all()
        return bool(own) and (not here or any(one.pk in own for one in here))

    def concerns_behind(self) -> models.QuerySet[Concern]:
        """The concerns behind it; for one that was bundled meanwhile its lead, which carries answer and closing."""
        leads = self.origins.order_by().values(stands=Coalesce("concern__lead", "concern"))
        return Concern.objects.filter(pk__in=leads)

    @property
    def is_under_way(self) -> bool:
        """Whether it is not over."""
        return self.status in UNDER_WAY

    @property
    def is_realised(self) -> bool:
        """Whether it was carried out."""
        return self.status in REALISED

    @property
    def quality_names(self) -> list[str]:
        """What it claims to be, in words."""
        return [label for code, label in self.Quality.choices if code in self.qualities]


class ProjectPartner(models.Model):
    """Who takes part in a project: an actor, a department, or somebody who is in no directory."""

    class Role(models.TextChoices):
        CARRIES = "carries", "trägt es mit"
        ADVISES = "advises", "berät fachlich"
        FUNDS = "funds", "gibt Geld"
        HOSTS = "hosts", "stellt Räume oder Material"
        HELPS = "helps", "hilft mit"
        APPROVES = "approves", "genehmigt"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="partners")
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="partnerships", verbose_name="Akteur"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="partnerships",
        verbose_name="Fachbereich",
    )  # fmt: skip
    name = models.CharField("Freier Name", max_length=160, blank=True)
    role = models.CharField("Was sie beitragen", max_length=8, choices=Role, default=Role.CARRIES)
    note = models.CharField("Genauer", max_length=200, blank=True)
    is_shared = models.BooleanField("gemeinsam in der Bürogemeinschaft", default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(actor__isnull=False, department=None, name="")
                | Q(actor=None, department__isnull=False, name="")
                | Q(actor=None, department=None) & ~Q(name=""),
                name="project_partner_is_one",
            ),
            models.CheckConstraint(
                condition=Q(is_shared=False) | Q(actor__isnull=False), name="project_partner_shared_is_actor"
            ),
            models.UniqueConstraint(
                fields=["project", "actor"], name="project_partner_actor_once", condition=Q(actor__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["project", "department"], name="project_partner_department_once",
                condition=Q(department__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["project", "name"], name="project_partner_name_once", condition=~Q(name="")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """How it is called in lists and on paper."""
        return str(self.actor or self.department or self.name)


class ProjectConcern(models.Model):
    """A concern that started a project or belongs to it (K18); whoever raised it hears what became of the project."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="origins")
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="project_links")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["project", "concern"], name="project_concern_once")]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.concern_id}"


class EffectCheck(models.Model):
    """„Wirkt es noch?“: asked 4, 12 and 26 weeks after a project was carried out (anchors N6)."""

    class Answer(models.TextChoices):
        HOLDS = "holds", "hält"
        PARTLY = "partly", "teilweise"
        FAILED = "failed", "nicht"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="checks")
    since = models.DateField(editable=False)  # when the project was carried out; a project resumed is checked anew
    weeks = models.PositiveSmallIntegerField(editable=False)
    due_on = models.DateField("fällig am", editable=False)
    answer = models.CharField("Wirkt es noch?", max_length=6, choices=Answer, blank=True)
    note = models.CharField("Woran sich das zeigt", max_length=500, blank=True)
    answered_on = models.DateField(null=True, editable=False)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    reopened = models.PositiveSmallIntegerField(default=0, editable=False)  # concerns that are open again because of it

    objects = EffectCheckQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "since", "weeks"], name="effect_check_once"),
            models.CheckConstraint(condition=Q(weeks__in=CHECK_WEEKS), name="effect_check_weeks_known"),
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None, answered_by=None)
                | Q(answer__in=["holds", "partly", "failed"], answered_on__isnull=False, answered_by__isnull=False),
                name="effect_check_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["", "holds"]) | ~Q(note=""), name="effect_check_less_has_evidence"
            ),
        ]
        indexes = [
            # what is due: basket
            models.Index(fields=["due_on", "project"], name="effect_check_due", condition=Q(answer="")),
        ]

    def __str__(self) -> str:
        return f"{self.project}: nach {self.weeks} Wochen"

    def is_due(self, today: date) -> bool:
        """Whether somebody should look now."""
        return not self.answer and self.due_on <= today
