"""Reads on concerns, routings, reporters and feedback; visibility is part of every query (Q01)."""

from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.utils import timezone

from concerns.workflow import INBOX_STAGES, OPEN_ROUTINGS, ConcernStatus, InboxStage, LetterState, RoutingStatus
from districts.models import User
from districts.roles import Perm

CLOCK_RUNS = (RoutingStatus.SENT, RoutingStatus.ACCEPTED)
NEAR = 0.0015, 0.0024  # degrees of latitude and longitude: about 165 metres in Aachen


def team_filter(user: User, perm: Perm, prefix: str = "") -> Q:
    """Concerns of the districts in which `user` holds `perm`, and the own office's outside all districts (I10)."""
    condition = Q(**{f"{prefix}district_id__in": user.rights.districts(perm)})
    if user.rights.districts(perm):
        outside = Q(**{f"{prefix}owner_id__in": {user.pk, *user.rights.stands_in_for}}) | Q(
            **{f"{prefix}taken_by_id": user.pk}
        )
        if user.office_id:
            outside |= Q(**{f"{prefix}office_id": user.office_id})
        condition |= Q(**{f"{prefix}district_id__isnull": True}) & outside
    return condition


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def has_rows(rows) -> IsNull:
    """Whether a correlated queryset has rows, looked up concern by concern.

    EXISTS and IN say the same, but the database then likes to work out all routings or reporters of the city first,
    although a page needs 50 of them (docs/performance.md). Put a cheap condition on the concern itself before it.
    """
    return IsNull(Subquery(rows.order_by().values("pk")[:1]), False)


def has_no_rows(rows) -> IsNull:
    """Whether a correlated queryset has no rows; see `has_rows`."""
    return IsNull(Subquery(rows.order_by().values("pk")[:1]), True)


class ConcernQuerySet(models.QuerySet):
    """Reads on concerns."""

    def visible_to(self, user: User):
        """Concerns this person may open: the own team's, and with READ_CONCERNS all that are not sensitive."""
        team = team_filter(user, Perm.LOG_CONCERN)
        if user.rights.can(Perm.READ_CONCERNS):
            return self.filter(Q(is_sensitive=False) | team)
        return self.filter(team)

    def for_team(self, user: User, perm: Perm = Perm.LOG_CONCERN):
        """Concerns on which this person may act with `perm`."""
        return self.filter(team_filter(user, perm))

    def owned_in_team(self, user: User):
        """`for_team` of the concerns this person owns, asked so that the index of the owner's open concerns answers.

        With the conditions of `for_team` the database would fetch everything in the district and everything the
        person ever owned, and compare.
        """
        districts = user.rights.team_district_ids
        if not districts:
            return self.none()
        return self.alias(where=Coalesce("district_id", 0)).filter(owner=user, where__in={0, *districts})

    def mine(self, user: User):
        """Concerns this person owns, or somebody they stand in for today."""
        return self.filter(owner_id__in={user.pk, *user.rights.stands_in_for})

    def kept_by(self, user: User):
        """What somebody who leaves must hand over (I9)."""
        return self.unsettled().filter(owner=user)

    def unsettled(self):
        """Those somebody still has to do something about (I9).

        Open concerns, closed ones with an open promise or a referral to ask after, and those whose answer did not help
        somebody who says so.
        """
        asked = Q(pk__in=self._related("referrals").to_ask().values("concern"))
        return self.filter(~Q(status=ConcernStatus.CLOSED) | Q(promise="open") | self._voices() | asked)

    def voiced(self):
        """Those whose answer did not help somebody who says so."""
        return self.filter(self._voices())

    def _voices(self) -> Q:
        said = self._related("reporters").waiting_voices()
        return Q(pk__in=said.values("concern")) | Q(pk__in=said.values("concern__lead"))

    def open(self):
        """Concerns whose loop has not ended."""
        return self.exclude(status=ConcernStatus.CLOSED)

    def leads(self):
        """Without those bundled under a lead concern."""
        return self.filter(lead__isnull=True)

    def to_triage(self):
        """New ones and those a department has given back (I4)."""
        return self.leads().open().filter(needs_triage=True)

    def promises_due(self, today: date):
        """Closed as planned, the promised day has come and nobody has said whether it was done."""
        return self.leads().filter(promise="open", promised_on__lte=today)

    def follow_ups_due(self, today: date):
        """Open concerns whose follow-up date has come."""
        return self.leads().open().filter(follow_up_on__lte=today)

    def overdue_at_department(self, today: date):
        """Concerns with a routing past its date whose clock runs."""
        return self.filter(self._late_at_department(today))

    def feedback_overdue(self, today: date):
        """Concerns with somebody who should have been told something by now (the second clock, N2)."""
        return self.filter(self._late_feedback(today))

    def overdue(self, today: date):
        """Concerns past a date at one of the two clocks."""
        return self.filter(self._late_at_department(today) | self._late_feedback(today))

    def _late_at_department(self, today: date) -> Q:
        late = self._related("routings").overdue(today).filter(concern=OuterRef("pk"))
        return Q(status=ConcernStatus.FORWARDED, lead__isnull=True) & Q(has_rows(late))

    def _late_feedback(self, today: date) -> Q:
        late = self._related("reporters").filter(due_on__lt=today, concern=OuterRef("pk")).exclude(due="")
        return ~Q(status=ConcernStatus.CLOSED) & Q(has_rows(late))

    def of_theme(self, theme_id: int):
        """Concerns of all topics of a theme."""
        return self.filter(Q(topic_id=theme_id) | Q(topic__parent_id=theme_id))

    def routed(self, *, department_id: int | None = None, status: str | None = None):
        """Concerns with one routing that went to this department and has this status ("open" for all open ones)."""
        routings = self._related("routings").all()
        if department_id:
            routings = routings.filter(department_id=department_id)
        if status:
            routings = routings.open() if status == "open" else routings.filter(status=status)
        return self.filter(pk__in=routings.values("concern"))

    def reported_by(self, kind: str, *, user: User, whole_team: bool = False):
        """Concerns raised by this kind of reporter, as far as `user` may see who raised them."""
        reporters = self._related("reporters").visible_to(user, whole_team=whole_team).filter(kind=kind)
        return self.for_team(user).filter(pk__in=reporters.values("concern"))

    def happened(self, what: str, *, since: date | None = None, until: date | None = None):
        """Concerns received, answered or closed in a period (both days included).

        What was answered or closed until a day was received by then: said explicitly, so that the pages of a list
        sorted by date start there instead of looking at everything newer first.
        """
        if what == "received":
            found = self.filter(received_on__gte=since) if since else self
            return found.filter(received_on__lte=until) if until else found
        column = {"answered": "feedback_due_at", "closed": "closed_at"}[what]
        found = self.filter(**{f"{column}__gte": _midnight(since)}) if since else self
        if until:
            found = found.filter(**{f"{column}__lt": _midnight(until + timedelta(days=1))}, received_on__lte=until)
        return found

    def _related(self, name: str):
        return self.model._meta.get_field(name).related_model.objects

    def with_query(self):
        """Concerns with a department's question to the Quartiersmanagement."""
        asked = self._related("routings").filter(status=RoutingStatus.QUERY, concern=OuterRef("pk"))
        return self.leads().filter(Q(status=ConcernStatus.FORWARDED), has_rows(asked))

    def ready_to_close(self):
        """Everybody has been told or waived; only the closing is left."""
        unsettled = self._related("reporters").unsettled()
        return self.leads().filter(
            Q(status=ConcernStatus.FEEDBACK_DUE),
            has_no_rows(unsettled.filter(concern=OuterRef("pk"))),
            has_no_rows(unsettled.filter(concern__lead=OuterRef("pk"))),
        )


class PhotoQuerySet(models.QuerySet):
    """Reads on photos."""

    def visible_to(self, user: User):
        """Photos of concerns this person may open, or that were sent to their department.

        A sensitive concern, or one that was recalled, shows a department no more than its ticket does.
        """
        concern = self.model._meta.get_field("concern").related_model
        routing = concern._meta.get_field("routings").related_model
        return self.filter(
            Q(concern__in=concern.objects.visible_to(user).values("pk"))
            | Q(concern__in=routing.objects.visible_to(user).showing_the_concern().values("concern"))
        )


class RoutingQuerySet(models.QuerySet):
    """Reads on routings."""

    def visible_to(self, user: User):
        """Routings of the own departments; nothing else (requirement K06, I7)."""
        if not user.rights.can(Perm.ANSWER_ROUTINGS):
            return self.none()
        return self.filter(department_id__in=user.rights.department_ids)

    def kept_by(self, user: User):
        """Open routings somebody of a department works on."""
        return self.open().filter(assignee=user)

    def open(self):
        """Routings that wait for an answer."""
        return self.filter(status__in=OPEN_ROUTINGS)

    def overdue(self, today: date):
        """Past their date with the clock running (not during an open query)."""
        return self.filter(status__in=CLOCK_RUNS, due_on__lt=today)

    def showing_the_concern(self):
        """Routings through which a department sees more of the concern than the text it was sent (I7, N13)."""
        return self.filter(concern__is_sensitive=False).exclude(status=RoutingStatus.WITHDRAWN)

    def at_stage(self, stage: str, today: date):
        """Routings of one tab of the department's inbox (`InboxStage`)."""
        if stage == InboxStage.OVERDUE:
            return self.overdue(today)
        if stage == InboxStage.DONE:
            return self.filter(finished_at__isnull=False)  # the same rows, answered from an index alone
        return self.filter(status__in=INBOX_STAGES[stage])

    def for_inbox(self):
        """With what a row of the inbox shows, and without the long texts."""
        return self.select_related("concern__district", "concern__topic", "department", "assignee").only(
            *("due_on", "status", "is_lead", "urgent", "escalation", "query_since", "finished_at", "file_number"),
            *("concern__number", "concern__title", "concern__place", "concern__is_sensitive"),
            *("concern__district__short_name", "concern__topic__name", "department__code", "assignee__name"),
        )

    def for_ticket(self):
        """With what the page of one routing shows."""
        return self.select_related(
            *("concern__district", "concern__topic", "concern__owner", "concern__office"),
            *("department", "assignee", "return_suggestion"),
        ).defer("concern__search")

    def near(self, routing, among: int = 500):
        """Other routings at the same place, or on the same topic in the same district; nearest first.

        Looks only at the district's `among` newest concerns, so that the cost does not grow with the years.
        """
        concern = routing.concern
        here = type(concern)._default_manager.filter(district=concern.district_id)
        same_place = _same_place(concern)
        return (
            self.filter(concern__in=here.order_by("-received_on", "-pk").values("pk")[:among])
            .exclude(pk=routing.pk)
            .filter(same_place | Q(concern__topic=concern.topic_id), concern__is_sensitive=False)
            .annotate(here=Case(When(same_place, then=True), default=False) if same_place else Value(False))
            .order_by("-here", "-sent_at", "-pk")
        )

    def stage_counts(self, today: date) -> dict[str, int]:
        """How many routings each tab of the open ones holds, in one query."""
        counts = {stage.value: Count("pk", filter=Q(status__in=statuses)) for stage, statuses in INBOX_STAGES.items()}
        late = Count("pk", filter=Q(status__in=CLOCK_RUNS, due_on__lt=today))
        return self.open().aggregate(**counts, **{InboxStage.OVERDUE.value: late})


def _same_place(concern) -> Q:
    """Concerns whose point lies within a few steps of this one's, or that name the place in the same words."""
    place = Q()
    if concern.place:
        place |= Q(concern__place__iexact=concern.place)
    if concern.lat is not None:
        lat, lon = NEAR
        place |= Q(
            concern__lat__range=(concern.lat - lat, concern.lat + lat),
            concern__lon__range=(concern.lon - lon, concern.lon + lon),
        )
    return place


class ReporterQuerySet(models.QuerySet):
    """Reads on reporters."""

    def visible_to(self, user: User, *, whole_team: bool = False):
        """Reporters this person may see: all of the districts with READ_REPORTERS, else those they took in themselves.

        `whole_team` is the setting that lets assistants see all reporters of their districts (appendix A).
        """
        perm = Perm.LOG_CONCERN if whole_team else Perm.READ_REPORTERS
        own_intake = Q(taken_by_id=user.pk) & team_filter(user, Perm.LOG_CONCERN, "concern__")
        return self.filter(team_filter(user, perm, "concern__") | own_intake)

    def unsettled(self):
        """Not yet told and not waived."""
        return self.filter(feedback_state__in=["open", "interim"])

    def feedback_due(self):
        """To be told something now, longest waiting first."""
        return self.exclude(due="").order_by("due_since", "pk")

    def waiting_voices(self):
        """Who says about the answer that it did not help, and nobody has looked at it yet."""
        return self.filter(voices__helped=False, voices__settled="")

    def with_personal_data(self):
        """Rows that still hold somebody's data."""
        return self.filter(erased_at__isnull=True, consent_store=True)


class FeedbackQuerySet(models.QuerySet):
    """Reads on feedback."""

    def ending_duty(self):
        """Feedback that tells the final answer and arrived (or was displayed)."""
        return self.filter(kind__in=["final", "collective"], result__in=["reached", "sent", "displayed"])


class LetterQuerySet(models.QuerySet):
    """Reads on letters."""

    def visible_to(self, user: User, *, whole_team: bool = False):
        """Letters to reporters this person may see."""
        reporters = self.model._meta.get_field("reporter").related_model.objects
        return self.filter(reporter__in=reporters.visible_to(user, whole_team=whole_team).values("pk"))

    def open(self):
        """Letters that are prepared and not yet in the post."""
        return self.filter(state=LetterState.OPEN)


class LetterBatchQuerySet(models.QuerySet):
    """Reads on batches of letters."""

    def visible_to(self, user: User, *, whole_team: bool = False):
        """Batches with a letter this person may see; of a batch they see just these letters."""
        letters = self.model._meta.get_field("letters").related_model.objects
        return self.filter(pk__in=letters.visible_to(user, whole_team=whole_team).values("batch"))


class VoiceQuerySet(models.QuerySet):
    """Reads on what residents say about an answer."""

    def waiting(self):
        """A no that nobody has looked at yet, the oldest date first."""
        return self.filter(helped=False, settled="").order_by("due_on", "pk")


class ReferralQuerySet(models.QuerySet):
    """Reads on referrals."""

    def visible_to(self, user: User):
        """Referrals of the concerns on which this person works; nobody else learns of them."""
        return self.filter(team_filter(user, Perm.LOG_CONCERN, "concern__"))

    def to_ask(self):
        """Those of which somebody has promised to ask whether the person has arrived."""
        return self.filter(result="", ask_on__isnull=False)

    def to_ask_by(self, today: date):
        """Those whose day to ask has come, the oldest first."""
        return self.to_ask().filter(ask_on__lte=today).order_by("ask_on", "pk")

    def for_page(self):
        """With everything a page says of each."""
        shown = self.select_related("offer__provider", "actor", "contact", "reporter", "by", "answered_by")
        return shown.defer("offer__search_text", "actor__search_text", "offer__provider__search_text")


class SavedViewQuerySet(models.QuerySet):
    """Reads on saved views."""

    def available_to(self, user: User):
        """The own ones and those shared with the own office, by name."""
        shared = Q(office_id=user.office_id) if user.office_id else Q()
        return self.filter(Q(user=user) | shared).select_related("user")
