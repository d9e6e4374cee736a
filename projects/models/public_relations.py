"""Public relations: items with approval by a second person, their images, what the media wrote (Z41, Z42)."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from districts.languages import Spoken
from districts.models import District, User
from districts.roles import Perm
from projects.querysets import ClippingQuerySet, PRItemQuerySet
from projects.workflow import PR_OPEN, PR_WRITABLE, PRStatus

from .events import Event, EventPhoto
from .fund_records import ProofOfUse
from .projects import Project

WEB = "^https?://"  # nothing else may be behind a link


class PRItem(models.Model):
    """Beitrag der Öffentlichkeitsarbeit: from the idea to what was published, approved by somebody else in between."""

    class Kind(models.TextChoices):
        PRESS_TEXT = "press_text", "Pressetext"
        FLYER = "flyer", "Flyer"
        POSTER = "poster", "Plakat"
        BROCHURE = "brochure", "Broschüre"
        NOTICE = "notice", "Aushang"
        PAPER = "paper", "Stadtteilzeitung"
        HOMEPAGE = "homepage", "Homepage"
        SOCIAL = "social", "Social Media"
        NEWSLETTER = "newsletter", "Rundbrief"
        OTHER = "other", "Anderes"

    class Channel(models.TextChoices):
        PRESS = "press", "Presse und Rundfunk"
        CITY = "city", "Pressestelle oder Stadtmarketing"
        HOMEPAGE = "homepage", "Homepage"
        SOCIAL = "social", "soziale Medien"
        MAIL = "mail", "E-Mail-Verteiler"
        PAPER = "paper", "Stadtteilzeitung"
        BOARDS = "boards", "Aushang, Schaukästen"
        MAILBOX = "mailbox", "Briefkästen"
        HANDED = "handed", "persönlich verteilt"
        ACTORS = "actors", "Akteure im Quartier"

    # What goes this way is there for everybody; the rest reaches only whom it is sent to.
    PUBLIC = (Channel.PRESS, Channel.HOMEPAGE, Channel.SOCIAL, Channel.PAPER, Channel.BOARDS, Channel.MAILBOX)

    kind = models.CharField("Art", max_length=10, choices=Kind)
    title = models.CharField("Titel", max_length=160)
    text = models.TextField("Text", max_length=12_000, blank=True)
    districts = models.ManyToManyField(District, blank=True, related_name="pr_items", verbose_name="Quartiere")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="pr_items", verbose_name="Projekt"
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="pr_items", verbose_name="Veranstaltung"
    )
    # The report of a fund's project it was drafted from (Z38).
    proof = models.ForeignKey(ProofOfUse, on_delete=models.PROTECT, null=True, editable=False, related_name="pr_items")
    channels = ArrayField(
        models.CharField(max_length=8, choices=Channel), default=list, blank=True, verbose_name="Verbreitet über"
    )
    languages = ArrayField(
        models.CharField(max_length=5, choices=Spoken), default=list, blank=True, verbose_name="Sprachen"
    )
    author = models.ForeignKey(
        User, on_delete=models.PROTECT, editable=False, related_name="written_pr_items", verbose_name="Verfasst von"
    )
    # In whose work basket it lies; the author at first.
    keeper = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="kept_pr_items", verbose_name="Im Blick behält es"
    )
    status = models.CharField("Stand", max_length=9, choices=PRStatus, default=PRStatus.IDEA, editable=False)
    hint = models.TextField("Hinweis", max_length=2000, blank=True, editable=False)  # why it was returned
    handed_in_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    handed_in_at = models.DateTimeField(null=True, editable=False)
    approver = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name="Freigegeben von"
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    publish_on = models.DateField("Erscheint am", null=True, blank=True)
    published_on = models.DateField("Erschienen am", null=True, editable=False)
    runs_until = models.DateField("Hängt oder läuft bis", null=True, blank=True)  # the last day
    link = models.URLField("Zu finden unter", max_length=500, blank=True)
    edition = models.CharField("Ausgabe", max_length=60, blank=True)
    print_run = models.PositiveIntegerField("Auflage", null=True, blank=True)
    cost = models.DecimalField("Kosten in Euro", max_digits=9, decimal_places=2, null=True, blank=True)
    # For the collection of positive aspects (Z42).
    shows_strength = models.BooleanField("zeigt, was im Quartier gelingt", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_on = models.DateField("angelegt am", default=timezone.localdate, editable=False)

    objects = PRItemQuerySet.as_manager()

    class Meta:
        ordering = ["-created_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="pr_item_has_title"),
            models.CheckConstraint(condition=Q(status__in=PRStatus.values), name="pr_item_status_known"),
            models.CheckConstraint(
                condition=Q(status="idea") | Q(status="archived") | ~Q(text=""), name="pr_item_has_text"
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | ~Q(approver=F("author")) & ~Q(approver=F("handed_in_by")),
                name="pr_item_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(approver=None, approved_at=None)
                | Q(approver__isnull=False, approved_at__isnull=False, handed_in_by__isnull=False),
                name="pr_item_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["approved", "published"], approver__isnull=False)
                | Q(status__in=["idea", "draft", "submitted"], approver=None)
                | Q(status="archived"),
                name="pr_item_approved_before_published",
            ),
            models.CheckConstraint(
                condition=Q(status="published", published_on__isnull=False)
                | Q(status="archived")
                | Q(status__in=["idea", "draft", "submitted", "approved"], published_on=None),
                name="pr_item_published_has_day",
            ),
            # Also in the archive: nothing was published that nobody else had agreed to.
            models.CheckConstraint(
                condition=Q(published_on=None) | Q(approver__isnull=False), name="pr_item_nothing_without_approval"
            ),
            models.CheckConstraint(
                condition=~Q(status="submitted") | Q(handed_in_by__isnull=False, handed_in_at__isnull=False),
                name="pr_item_handed_in_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(hint="") | Q(status__in=["draft", "submitted", "archived"]), name="pr_item_hint_of_draft"
            ),
            models.CheckConstraint(
                condition=Q(runs_until=None) | Q(publish_on=None) | Q(runs_until__gte=F("publish_on")),
                name="pr_item_days_in_order",
            ),
            models.CheckConstraint(condition=Q(cost=None) | Q(cost__gte=0), name="pr_item_cost_not_negative"),
            models.CheckConstraint(condition=Q(link="") | Q(link__iregex=WEB), name="pr_item_link_is_web"),
        ]
        indexes = [
            # the list, latest first
            models.Index(fields=["-created_on", "-id"], name="pr_item_by_day"),
            # what waits for approval: basket, the press's page
            models.Index(fields=["handed_in_at", "id"], name="pr_item_waiting", condition=Q(status="submitted")),
            # the plan of a month
            models.Index(fields=["publish_on"], name="pr_item_planned"),
            models.Index(fields=["published_on"], name="pr_item_published"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:pr_item", args=[self.pk])

    def may_draft(self, user: User) -> bool:
        """Whether a person may write it: the same as `PRItemQuerySet.draftable_by`, without asking again."""
        return self._is_of(user, Perm.DRAFT_PR)

    def may_edit(self, user: User) -> bool:
        """Whether a person may hand it in, publish and archive it."""
        return self._is_of(user, Perm.EDIT_PR)

    def _is_of(self, user: User, perm: Perm) -> bool:
        own, here = user.rights.districts(perm), self.districts.all()
        return bool(own) and (not here or any(one.pk in own for one in here))

    def may_decide(self, user: User) -> bool:
        """Whether a person may approve or return it now: somebody else's, handed in."""
        may = user.rights.can(Perm.APPROVE_PR) and self.status == PRStatus.SUBMITTED
        return may and not self.is_written_by(user)

    def is_written_by(self, user: User) -> bool:
        """Whether a person has a part in it: wrote, illustrated or handed it in. Nobody approves what is their own."""
        if user.pk in {self.author_id, self.handed_in_by_id}:
            return True
        return self.log.filter(kind__in=PRLog.WRITING, by=user).exists()

    @property
    def is_writable(self) -> bool:
        """Whether words and images may still change."""
        return self.status in PR_WRITABLE

    @property
    def is_open(self) -> bool:
        """Whether somebody has to go on with it."""
        return self.status in PR_OPEN

    @property
    def is_returned(self) -> bool:
        """Whether it came back with a hint and has not been handed in again."""
        return self.status == PRStatus.DRAFT and bool(self.hint)

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        return "zurück mit Hinweis" if self.is_returned else self.get_status_display()

    @property
    def day(self) -> date | None:
        """When it appeared, or shall appear."""
        return self.published_on or self.publish_on

    @property
    def channel_names(self) -> list[str]:
        """How it is spread, in words."""
        return [label for code, label in self.Channel.choices if code in self.channels]

    @property
    def language_names(self) -> list[str]:
        """Its languages, in words."""
        return [label for code, label in Spoken.choices if code in self.languages]


class PRImage(models.Model):
    """An image of an item, without metadata: whose it is, and whether everybody on it has agreed."""

    class Consent(models.TextChoices):
        NOBODY = "nobody", "niemand ist zu erkennen"
        GIVEN = "given", "alle Erkennbaren haben eingewilligt"
        MISSING = "missing", "Einwilligung fehlt noch"

    item = models.ForeignKey(PRItem, on_delete=models.CASCADE, related_name="images")
    # The photo of an event it was taken over from; it is a copy and stays when that one goes.
    source = models.ForeignKey(EventPhoto, on_delete=models.SET_NULL, null=True, related_name="+")
    image = models.ImageField(upload_to="photos/%Y/%m")
    preview = models.ImageField(upload_to="photos/%Y/%m")
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    alt = models.CharField("Was zu sehen ist", max_length=300)
    rights = models.CharField("Von wem das Bild ist", max_length=160)
    consent = models.CharField("Einwilligung", max_length=7, choices=Consent)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "digest"], name="pr_image_once"),
            models.CheckConstraint(condition=~Q(alt="") & ~Q(rights=""), name="pr_image_has_words"),
            models.CheckConstraint(
                condition=Q(consent__in=["nobody", "given", "missing"]), name="pr_image_consent_known"
            ),
        ]

    def __str__(self) -> str:
        return self.alt


class PRLog(models.Model):
    """What happened to an item; codes only, never changed or deleted (a trigger)."""

    class Kind(models.TextChoices):
        ENTERED = "entered", "angelegt"
        EDITED = "edited", "bearbeitet"
        ORGANISED = "organised", "Angaben geändert"
        MOVED = "moved", "Stand geändert"
        RETURNED = "returned", "zurückgegeben mit Hinweis"
        IMAGE_ADDED = "image_added", "Bild hinzugefügt"
        IMAGE_REMOVED = "image_removed", "Bild entfernt"

    WRITING = (Kind.ENTERED, Kind.EDITED, Kind.IMAGE_ADDED)  # has a part in what the second person reads

    item = models.ForeignKey(PRItem, on_delete=models.PROTECT, related_name="log")
    kind = models.CharField(max_length=13, choices=Kind)
    old = models.CharField(max_length=9, blank=True)
    new = models.CharField(max_length=9, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d.%m.%Y}"

    @property
    def words(self) -> str:
        """What happened, in words."""
        if self.kind == self.Kind.MOVED:
            return f"jetzt: {dict(PRStatus.choices)[self.new]}"
        return self.get_kind_display()


class Clipping(models.Model):
    """Medienecho: something a medium published about a district (Z42)."""

    class Tone(models.TextChoices):
        POSITIVE = "positive", "positiv"
        NEUTRAL = "neutral", "neutral"
        NEGATIVE = "negative", "negativ"

    on = models.DateField("Erschienen am")
    medium = models.CharField("Medium", max_length=120)
    title = models.CharField("Überschrift", max_length=200)
    link = models.URLField("Zu finden unter", max_length=500, blank=True)
    tone = models.CharField("Tenor", max_length=8, choices=Tone)
    topic = models.CharField("Thema", max_length=120, blank=True)
    summary = models.TextField("Worum es geht", max_length=2000, blank=True)
    districts = models.ManyToManyField(District, blank=True, related_name="clippings", verbose_name="Quartiere")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="clippings", verbose_name="Projekt"
    )
    item = models.ForeignKey(
        PRItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="clippings",
        verbose_name="Unser Beitrag",
    )  # what of ours it takes up
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ClippingQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(medium="") & ~Q(title=""), name="clipping_has_words"),
            models.CheckConstraint(condition=Q(link="") | Q(link__iregex=WEB), name="clipping_link_is_web"),
            models.CheckConstraint(
                condition=Q(tone__in=["positive", "neutral", "negative"]), name="clipping_tone_known"
            ),
        ]
        indexes = [
            # the list, latest first; a year
            models.Index(fields=["-on", "-id"], name="clipping_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.medium}, {self.on:%d.%m.%Y}: {self.title}"

    def may_edit(self, user: User) -> bool:
        """Whether a person may change it: the same as `ClippingQuerySet.editable_by`, without asking again."""
        own, here = user.rights.districts(Perm.DRAFT_PR), self.districts.all()
        return bool(own) and (not here or any(one.pk in own for one in here))
