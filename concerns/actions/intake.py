"""Logging concerns and who raised them (K01, K02)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from concerns.models import Concern, ConcernNote, Reporter
from concerns.workflow import UNSETTLED, ConcernStatus, FeedbackState
from districts.models import District, Office, User
from districts.roles import Role
from quartier.workdays import add_workdays

from .base import Conflict, LoopError, change, check_status, day, lock_concern, moment, record, settings
from .duty import drop_waiver, owe, set_waiver, waiver_of


@dataclass(frozen=True)
class ReporterData:
    """Who raised a concern, as typed; personal fields need `consent_store`."""

    kind: str = Reporter.Kind.RESIDENT
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    channel: str = Reporter.Channel.PHONE
    language: str = Reporter.Language.DE
    plain_language: bool = False
    consent_store: bool = False
    consent_pass_on: bool = False


ANONYMOUS = ReporterData(kind=Reporter.Kind.ANONYMOUS, channel=Reporter.Channel.NOTICE)
OWN_OBSERVATION = ReporterData(kind=Reporter.Kind.OBSERVATION, channel=Reporter.Channel.NONE)


@dataclass(frozen=True)
class ConcernData:
    """What is logged of a concern, as typed."""

    title: str
    topic: object
    text: str = ""
    kind: str = Concern.Kind.DEFECT
    district: District | None = None
    place: str = ""
    lat: float | None = None
    lon: float | None = None
    spot: str = ""
    channel: str = Concern.Channel.OFFICE_HOURS
    occasion: str = ""
    received_on: date | None = None
    urgency: str = Concern.Urgency.NORMAL
    affected: int | None = None
    note: str = field(default="", repr=False)


def next_number(year: int) -> str:
    """The next free concern number of a year, e.g. 2026-00123; waits for whoever is taking one right now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO concerns_numbercounter (year, last) VALUES (%s, 1)"
            " ON CONFLICT (year) DO UPDATE SET last = concerns_numbercounter.last + 1 RETURNING last",
            [year],
        )
        return f"{year}-{cursor.fetchone()[0]:05d}"


def default_owner(district: District | None, by: User, on: date) -> User:
    """Who a new concern belongs to: whoever logs it as a manager of its district, else a manager of the district (I6).

    Outside all districts, or where nobody manages the district, it stays with the person who logs it.
    """
    if district is None:
        return by
    managers = User.objects.managers_of(district.pk, on=on)
    return by if managers.filter(pk=by.pk).exists() else managers.first() or by


def give_owner(concern: Concern, *, by: User | None, at: datetime) -> None:
    """Give a locked concern that is taken up again to `by`, or to the team, when its owner has left (I6, I9)."""
    if concern.owner and concern.owner.is_active:
        return
    old, owner = concern.owner_id, by or _successor(concern.district_id, day(at))
    if owner:
        change(concern, owner=owner)
        record(concern, "owner", by=by, at=at, old=str(old or ""), new=str(owner.pk))


def _successor(district_id: int | None, on: date) -> User | None:
    """Somebody of the district, or any quarter manager: coordination lists who owns what outside their districts."""
    groups = [User.objects.managers_of(district_id, on=on), User.objects.team_of(district_id, on=on)]
    groups = [*(groups if district_id else []), User.objects.with_role(Role.MANAGER, on=on)]
    return next((found for group in groups if (found := group.first())), None)


@transaction.atomic
def log_concern(
    *,
    by: User,
    data: ConcernData,
    reporters: list[ReporterData],
    owner: User | None = None,
    office: Office | None = None,
    at: datetime | None = None,
    import_key: str | None = None,
    form_key: UUID | None = None,
) -> Concern:
    """Log a concern with everybody who raised it; the clock of the triage starts.

    Without reporters it is an own observation. The sensitive flag follows the topic. `form_key` is the form it was
    typed into; the database takes each only once.

    Raises:
        LoopError: personal data of a reporter without consent to store them.
    """
    at = moment(at)
    received_on = data.received_on or day(at)
    concern = Concern.objects.create(
        number=next_number(received_on.year), kind=data.kind, title=data.title, text=data.text, topic=data.topic,
        is_sensitive=data.topic.is_sensitive, district=data.district, place=data.place, lat=data.lat, lon=data.lon,
        spot=data.spot, channel=data.channel, occasion=data.occasion, office=office or by.office,
        received_on=received_on, urgency=data.urgency, affected=data.affected, taken_by=by,
        owner=owner or default_owner(data.district, by, day(at)),
        due_on=add_workdays(day(at), settings().triage_days), waiting_since=day(at), created_at=at,
        import_key=import_key, form_key=form_key,
    )  # fmt: skip
    record(concern, "imported" if import_key else "created", by=by, at=at, new=ConcernStatus.NEW, channel=data.channel)
    for reporter in reporters or [OWN_OBSERVATION]:
        _store_reporter(concern, reporter, by=by, at=at)
    if data.note:
        ConcernNote.objects.create(concern=concern, text=data.note, by=by, at=at)
    return concern


def _check_consent(data: ReporterData) -> None:
    personal = (data.name, data.phone, data.email, data.address)
    if any(personal) and not data.consent_store:
        raise LoopError("Kontaktdaten dürfen nur mit Einverständnis gespeichert werden.")
    if any(personal) and data.kind == Reporter.Kind.ANONYMOUS:
        raise LoopError("Wer anonym bleiben möchte, hinterlässt keine Kontaktdaten.")


def _store_reporter(concern: Concern, data: ReporterData, *, by: User, at: datetime) -> Reporter:
    _check_consent(data)
    waiver = waiver_of(data)
    return Reporter.objects.create(
        concern=concern, kind=data.kind, name=data.name, phone=data.phone, email=data.email, address=data.address,
        channel=data.channel, language=data.language, plain_language=data.plain_language,
        consent_store=data.consent_store, consent_pass_on=data.consent_pass_on, taken_by=by, created_at=at,
        feedback_state=FeedbackState.NOT_WANTED if waiver else FeedbackState.OPEN, waiver_reason=waiver,
    )  # fmt: skip


@transaction.atomic
def add_reporter(
    *, concern: Concern, data: ReporterData, by: User, at: datetime | None = None, form_key: UUID | None = None
) -> Reporter:
    """Add a further person to an open concern ("add this person to it instead"); if the answer is there, it is owed.

    `form_key` stays in the history: it tells that a form was sent twice.

    Raises:
        Conflict: the concern was closed meanwhile; a new one has to be logged.
        LoopError: personal data without consent.
    """
    at = moment(at)
    concern = lock_concern(concern)
    if not concern.is_open:
        raise Conflict("Das Anliegen ist inzwischen abgeschlossen. Bitte als neues Anliegen erfassen.")
    reporter = _store_reporter(concern, data, by=by, at=at)
    sent_by = {"form": str(form_key)} if form_key else {}
    record(concern, "reporter_added", by=by, at=at, reporter=reporter, **sent_by)
    change(concern)
    if concern.status == ConcernStatus.FEEDBACK_DUE and reporter.feedback_state in UNSETTLED:
        owe([reporter], Reporter.Due.FINAL, at=at)
    return reporter


@transaction.atomic
def edit_reporter(*, reporter: Reporter, data: ReporterData, by: User, at: datetime | None = None) -> Reporter:
    """Correct who raised a concern and how they want to hear back.

    Somebody who wants no feedback is owed none from now on; who wants one after all is owed it, as long as the concern
    is open. Any other waiver and what they were told stay.

    Raises:
        Conflict: the data were erased meanwhile.
        LoopError: personal data without consent, or for somebody anonymous.
    """
    at = moment(at)
    concern = lock_concern(Concern(pk=reporter.concern_id))
    reporter = Reporter.objects.select_for_update().get(pk=reporter.pk)
    if reporter.erased_at:
        raise Conflict("Die Daten dieser Person wurden inzwischen gelöscht.")
    _check_consent(data)
    before = waiver_of(reporter)
    names = ("kind", "name", "phone", "email", "address", "channel", "language", "plain_language")
    names += ("consent_store", "consent_pass_on")
    for name in names:
        setattr(reporter, name, getattr(data, name))
    reporter.save(update_fields=names)
    record(concern, "edited", by=by, at=at, reporter=reporter)
    if concern.is_open:
        _follow_wish(reporter, concern, before, by=by, at=at)
    return reporter


def _follow_wish(reporter: Reporter, concern: Concern, before: str, *, by: User, at: datetime) -> None:
    now = waiver_of(reporter)
    if now and reporter.feedback_state in UNSETTLED:
        set_waiver(reporter, concern, reason=now, note="", by=by, at=at)
    elif before and not now and reporter.waiver_reason == before:
        drop_waiver(reporter, concern, by=by, at=at)


EDITABLE = (
    "kind", "title", "text", "topic", "district", "place", "lat", "lon", "spot", "channel", "occasion", "received_on",
    "urgency", "affected",
)  # fmt: skip


@transaction.atomic
def edit_concern(*, concern: Concern, data: ConcernData, version: int, by: User, at: datetime | None = None) -> Concern:
    """Correct a concern's description; `version` is the one the person saw.

    In another district it belongs to the team there, unless its owner works there too (I6).

    Raises:
        Conflict: somebody changed it meanwhile, or it is closed.
    """
    at = moment(at)
    concern = lock_concern(concern)
    check_status(concern, *(set(ConcernStatus) - {ConcernStatus.CLOSED}), verb="Ändern")
    if concern.version != version:
        raise Conflict("Inzwischen hat jemand anderes das Anliegen geändert. Ihr Text ist noch da; bitte vergleichen.")
    before = {name: getattr(concern, name) for name in EDITABLE}
    after = {name: getattr(data, name) for name in EDITABLE}
    after["received_on"] = after["received_on"] or concern.received_on
    changed = {name: value for name, value in after.items() if value != before[name]}
    if changed:
        old_owner = concern.owner_id
        owner = _owner_after_move(concern, data.district, by, day(at)) if "district" in changed else concern.owner
        change(concern, **changed, is_sensitive=data.topic.is_sensitive, owner=owner)
        record(concern, "edited", by=by, at=at, fields=sorted(changed))
        if concern.owner_id != old_owner:
            record(concern, "owner", by=by, at=at, old=str(old_owner or ""), new=str(concern.owner_id))
    return concern


def _owner_after_move(concern: Concern, district: District | None, by: User, on: date) -> User:
    stays = district is None or User.objects.team_of(district.pk, on=on).filter(pk=concern.owner_id).exists()
    return concern.owner if stays and concern.owner else default_owner(district, by, on)
