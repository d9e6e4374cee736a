"""Applications to funds: what is planned and what it costs, how it was checked and decided, proof of use (Z35–Z38)."""

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, GeneratedField, Q, TextField
from django.urls import reverse
from django.utils import timezone

from districts.models import ActionField, Actor, District, TargetGroup, User
from districts.models.actors import FoldedText, joined_columns
from projects.fund_workflow import PROMISED, ApplicationStatus, Instance, Outcome
from projects.querysets.funds import FundApplicationQuerySet

from .bodies import Body, BodyMember
from .funds import ZERO, Fund, FundCriterion, FundRule, money_field
from .projects import Project
from .sessions import AgendaItem

SAYS_SOMETHING = r"\S"
SEARCHED = ("number", "title", "group_name")


class FundApplication(models.Model):
    """Fondsantrag: who asks a fund for how much, for what, and what became of it."""

    class ApplicantKind(models.TextChoices):
        INSTITUTION = "institution", "Einrichtung oder Verein"
        RESIDENTS = "residents", "Bewohnerinnen und Bewohner"

    class Way(models.TextChoices):
        POST = "post", "mit der Post"
        MAIL = "mail", "per E-Mail"
        HAND = "hand", "persönlich übergeben"

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="applications", verbose_name="Fonds")
    serial_year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveIntegerField(editable=False)
    number = models.CharField("Nummer", max_length=24, unique=True, editable=False)
    status = models.CharField(
        "Stand", max_length=10, choices=ApplicationStatus, default=ApplicationStatus.DRAFT, editable=False
    )
    # Who decides next, while it is to be decided.
    awaits = models.CharField(max_length=6, choices=Instance, blank=True, editable=False)
    rule = models.ForeignKey(FundRule, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    applicant_kind = models.CharField(
        "Wer stellt den Antrag?", max_length=11, choices=ApplicantKind, default=ApplicantKind.INSTITUTION
    )
    applicant = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="fund_applications",
        verbose_name="Einrichtung",
    )  # fmt: skip
    # Residents are named by what they call themselves; who they are is known to the partner, not to us (Q02).
    group_name = models.CharField("Name der Gruppe", max_length=120, blank=True)
    partner = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="partnered_applications",
        verbose_name="Partner-Einrichtung",
    )  # fmt: skip
    title = models.CharField("Titel des Projekts", max_length=160)
    description = models.TextField("Was ist geplant?", max_length=4000, blank=True)
    benefit = models.TextField("Was hat das Quartier davon?", max_length=2000, blank=True)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="fund_applications",
        verbose_name="Quartier",
    )  # fmt: skip
    action_field = models.ForeignKey(
        ActionField, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Handlungsfeld"
    )
    target_groups = models.ManyToManyField(TargetGroup, blank=True, related_name="+", verbose_name="Zielgruppen")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="fund_applications",
        verbose_name="Gehört zum Projekt",
    )  # fmt: skip
    starts_on = models.DateField("Beginn", null=True, blank=True)
    ends_on = models.DateField("Ende", null=True, blank=True)
    own_money = money_field("Eigenanteil in Geld (€)", default=ZERO)
    volunteer_hours = models.DecimalField(
        "Ehrenamtliche Stunden", max_digits=6, decimal_places=1, default=0, validators=[MinValueValidator(0)]
    )
    other_amount = money_field("Andere Förderung (€)", default=ZERO)
    other_source = models.CharField("Andere Förderung kommt von", max_length=160, blank=True)
    requested = money_field("Beantragter Betrag (€)", default=ZERO)
    received_on = models.DateField("eingegangen am", null=True, editable=False)
    advised_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Beraten von"
    )
    advice = models.TextField("Beratung", max_length=2000, blank=True)
    missing = models.TextField("Was noch fehlt", max_length=2000, blank=True, editable=False)
    withdrawn_reason = models.CharField("Grund", max_length=300, blank=True, editable=False)
    granted_amount = money_field("bewilligter Betrag", default=ZERO, editable=False)
    decided_on = models.DateField(null=True, editable=False)
    notice_on = models.DateField("Bescheid zugestellt am", null=True, editable=False)
    notice_way = models.CharField("Zugestellt", max_length=4, choices=Way, blank=True, editable=False)
    notice_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    proof_due_on = models.DateField("Nachweis fällig am", null=True, editable=False)
    reminded_on = models.DateField("erinnert am", null=True, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search_text = GeneratedField(
        expression=FoldedText(joined_columns(*SEARCHED)), output_field=TextField(), db_persist=True
    )

    objects = FundApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ApplicationStatus.values), name="fund_application_status_known"
            ),
            models.UniqueConstraint(fields=["fund", "serial_year", "serial"], name="fund_application_serial_once"),
            models.CheckConstraint(condition=~Q(title=""), name="fund_application_has_title"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="fund_application_in_order",
            ),
            models.CheckConstraint(
                condition=Q(applicant_kind="institution", group_name="", partner=None)
                | Q(applicant_kind="residents", applicant=None),
                name="fund_application_one_applicant",
            ),
            models.CheckConstraint(
                condition=Q(own_money__gte=0, volunteer_hours__gte=0, other_amount__gte=0, requested__gte=0),
                name="fund_application_amounts",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"])
                | Q(received_on__isnull=False, rule__isnull=False, starts_on__isnull=False, ends_on__isnull=False),
                name="fund_application_submitted_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(status="deciding") & ~Q(awaits="") | ~Q(status="deciding") & Q(awaits=""),
                name="fund_application_awaits_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="incomplete") | ~Q(missing=""), name="fund_application_says_what_is_missing"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["granted", "partly", "paid", "proof_due", "settled"])
                & Q(decided_on__isnull=False, granted_amount__gt=0, granted_amount__lte=F("requested"))
                | Q(status="refused", decided_on__isnull=False, granted_amount=0)
                | Q(status="withdrawn")
                | Q(status__in=["draft", "submitted", "checking", "incomplete", "deciding"])
                & Q(decided_on=None, granted_amount=0),
                name="fund_application_decided_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(notice_on=None, notice_way="", notice_by=None)
                | Q(notice_on__isnull=False, notice_by__isnull=False) & ~Q(notice_way=""),
                name="fund_application_notice_is_whole",
            ),
            # No money before the applicant has been told.
            models.CheckConstraint(
                condition=~Q(status__in=["paid", "proof_due", "settled"])
                | Q(notice_on__isnull=False, proof_due_on__isnull=False),
                name="fund_application_told_before_paid",
            ),
        ]
        indexes = [
            # the list of all applications, newest first; of one fund
            models.Index(fields=["created_at", "id"], name="fund_application_newest"),
            models.Index(fields=["fund", "status"], name="fund_application_of_fund"),
            # basket: what is owed
            models.Index(fields=["fund"], name="fund_application_owed", condition=Q(notice_on=None, status__in=[
                "granted", "partly", "refused"])),
            models.Index(fields=["proof_due_on"], name="fund_application_proof", condition=Q(status__in=[
                "paid", "proof_due"])),
            # FundApplicationQuerySet.matching
            GinIndex(fields=["search_text"], name="fund_application_search", opclasses=["gin_trgm_ops"]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("projects:application", args=[self.pk])

    @property
    def who(self) -> str:
        """The applicant in words: never a person."""
        if self.applicant_kind == self.ApplicantKind.INSTITUTION:
            return self.applicant.name if self.applicant_id else "noch nicht angegeben"
        group = self.group_name or "Bewohnerinnen und Bewohner"
        return f"{group} mit {self.partner.name}" if self.partner_id else group

    @property
    def addressee(self) -> Actor | None:
        """To whom a letter goes: the institution, or the partner of residents."""
        return self.applicant if self.applicant_id else self.partner

    @property
    def won(self) -> bool:
        """Whether something was granted and not given up again."""
        return self.status in PROMISED

    @property
    def actor_ids(self) -> set[int]:
        """Actors that profit: their members of a body do not vote."""
        return {pk for pk in (self.applicant_id, self.partner_id) if pk}

    @property
    def conditions_so_far(self) -> str:
        """The conditions that whoever decides next finds: of the instance before, or of the check."""
        if last := self.decisions.last():
            return last.conditions
        check = self.checks.first()
        return check.reason if check and check.overall == EligibilityCheck.Overall.CONDITIONS else ""

    @property
    def checked_proof(self):
        """The proof of use as far as it counts: there, checked, and not opened again."""
        proof = getattr(self, "proof", None)
        return None if proof is None or proof.is_open else proof

    def profits(self, member: BodyMember) -> bool:
        """Whether a member of a body sits or stands in there for somebody who profits."""
        seat = member.deputy_for
        return member.actor_id in self.actor_ids or (seat is not None and seat.actor_id in self.actor_ids)

    @property
    def year(self) -> int | None:
        """The year whose money pays for it: that in which the project begins."""
        return self.starts_on.year if self.starts_on else None


class CostLine(models.Model):
    """One line of a cost plan."""

    application = models.ForeignKey(FundApplication, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    label = models.CharField("Wofür", max_length=120)
    amount = money_field("Betrag (€)")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["application", "position"], name="cost_line_place_once"),
            models.CheckConstraint(condition=Q(amount__gte=0) & ~Q(label=""), name="cost_line_is_whole"),
        ]

    def __str__(self) -> str:
        return self.label


class EligibilityCheck(models.Model):
    """Somebody has checked an application: what the rules say by themselves, and a checklist by hand (Z36)."""

    class Overall(models.TextChoices):
        ELIGIBLE = "eligible", "förderfähig"
        CONDITIONS = "conditions", "förderfähig mit Auflagen"
        NOT = "not", "nicht förderfähig"
        INCOMPLETE = "incomplete", "nachzubessern"

    application = models.ForeignKey(FundApplication, on_delete=models.PROTECT, related_name="checks")
    overall = models.CharField("Ergebnis", max_length=10, choices=Overall)
    reason = models.TextField("Begründung, Auflagen oder was fehlt", max_length=2000, blank=True)
    automatic = models.JSONField(default=list)  # results of that day: code, state, sentence
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(overall="eligible") | Q(reason__regex=SAYS_SOMETHING), name="eligibility_has_reason"
            )
        ]

    def __str__(self) -> str:
        return self.get_overall_display()


class EligibilityAnswer(models.Model):
    """The answer to one criterion, with its words as they were."""

    class Result(models.TextChoices):
        YES = "yes", "ja"
        NO = "no", "nein"
        UNCLEAR = "unclear", "unklar"

    check_row = models.ForeignKey(EligibilityCheck, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=9, choices=FundCriterion.Kind)
    text = models.CharField(max_length=200)
    result = models.CharField(max_length=7, choices=Result, blank=True)
    score = models.PositiveSmallIntegerField(null=True)
    comment = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="score", result="", score__range=(0, 3)) | ~Q(kind="score") & ~Q(result="")
                & Q(score=None),
                name="eligibility_answer_is_whole",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.text}: {self.words}"

    @property
    def words(self) -> str:
        """The answer in words."""
        return f"{self.score} von 3" if self.kind == FundCriterion.Kind.SCORE else self.get_result_display()


class FundItem(models.Model):
    """An application on the agenda of a session, and what was voted on it there (Z37)."""

    item = models.OneToOneField(AgendaItem, on_delete=models.CASCADE, related_name="fund")
    application = models.ForeignKey(FundApplication, on_delete=models.PROTECT, related_name="items")
    instance = models.CharField(max_length=6, choices=Instance)
    result = models.CharField("Ergebnis", max_length=9, choices=Outcome, blank=True)
    amount = money_field("Betrag (€)", default=ZERO)
    conditions = models.TextField("Auflagen", max_length=2000, blank=True)
    reason = models.TextField("Begründung", max_length=2000, blank=True)
    yes = models.PositiveSmallIntegerField("Ja", null=True, blank=True)
    no = models.PositiveSmallIntegerField("Nein", null=True, blank=True)
    abstained = models.PositiveSmallIntegerField("Enthaltung", null=True, blank=True)
    voters = models.PositiveSmallIntegerField(default=0, editable=False)  # in the room, without those who are biased
    biased = models.ManyToManyField(BodyMember, blank=True, related_name="+", verbose_name="Befangen")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["item__position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=["", "postponed"], yes=None, no=None, abstained=None, amount=0)
                | Q(result__in=["granted", "partly", "refused"], yes__isnull=False, no__isnull=False)
                & Q(abstained__isnull=False, voters__gte=F("yes") + F("no") + F("abstained")),
                name="fund_item_votes_of_the_unbiased",
            ),
            models.CheckConstraint(
                condition=Q(result__in=["", "postponed"])
                | Q(result="granted", amount__gt=0, yes__gt=F("no"))
                | Q(result="partly", amount__gt=0, yes__gt=F("no"), reason__regex=SAYS_SOMETHING)
                | Q(result="refused", amount=0, yes__lte=F("no"), reason__regex=SAYS_SOMETHING),
                name="fund_item_result_follows_the_votes",
            ),
            # One instance votes once, however many agendas name the application.
            models.UniqueConstraint(
                fields=["application", "instance"], condition=Q(result__in=["granted", "partly", "refused"]),
                name="fund_item_voted_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application}: {self.get_result_display()}"


class FundDecision(models.Model):
    """What one instance has decided about an application; never changed (a trigger)."""

    application = models.ForeignKey(FundApplication, on_delete=models.PROTECT, related_name="decisions")
    instance = models.CharField(max_length=6, choices=Instance)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    item = models.OneToOneField(FundItem, on_delete=models.PROTECT, null=True, related_name="decided")
    result = models.CharField(max_length=9, choices=Outcome)
    amount = money_field("Betrag")
    conditions = models.TextField(max_length=2000, blank=True)
    reason = models.TextField(max_length=2000, blank=True)
    is_final = models.BooleanField(default=False)
    on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "instance"], name="fund_decision_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(is_final=True), name="fund_decision_final_once"
            ),
            models.CheckConstraint(
                condition=Q(result="granted", amount__gt=0)
                | Q(result="partly", amount__gt=0, reason__regex=SAYS_SOMETHING)
                | Q(result="refused", amount=0, is_final=True, reason__regex=SAYS_SOMETHING),
                name="fund_decision_no_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(instance__in=["body", "second"], body__isnull=False, item__isnull=False)
                | Q(instance__in=["check", "office"], body=None, item=None),
                name="fund_decision_has_its_instance",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_instance_display()}: {self.get_result_display()}"

    @property
    def by_whom(self) -> str:
        """The instance by its name."""
        return self.body.name if self.body_id else self.get_instance_display()
