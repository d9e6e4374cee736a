"""Bundling duplicates under a lead concern, and undoing it (K13, I5)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from concerns.models import Concern
from concerns.workflow import OPEN_ROUTINGS, ConcernStatus, RoutingStatus
from districts.models import User
from quartier.workdays import add_workdays

from .base import Conflict, LoopError, change, day, moment, move_routing, record, settings
from .duty import owe_again, owe_answer, reporters_of, suspend

# What a duplicate takes over from its lead, so that both always stand at the same point. Not how often it was reopened:
# that tells which of its own routings count when it is taken out again.
SHARED = ("status", "due_on", "needs_triage", "feedback_due_at", "follow_up_on", "parked_from", "waiting_since")


@transaction.atomic
def bundle(*, concern: Concern, lead: Concern, by: User, at: datetime | None = None) -> Concern:
    """Bundle a concern (and what is bundled under it) under a lead, which carries routing and answer from now on.

    Routings of the duplicate still open are recalled. Everybody keeps their own feedback (I5); whoever had been
    told an answer before will hear the lead's too.

    Raises:
        LoopError: a concern under itself or under one that is itself bundled.
        Conflict: one of both was closed or bundled meanwhile.
    """
    at = moment(at)
    if concern.pk == lead.pk:
        raise LoopError("Ein Anliegen kann nicht mit sich selbst gebündelt werden.")
    both = Concern.objects.select_for_update().filter(pk__in=[concern.pk, lead.pk])
    # A lead before its duplicates, as everywhere: somebody else may have bundled these two already.
    locked = {one.pk: one for one in both.order_by(F("lead_id").asc(nulls_first=True), "pk")}
    concern, lead = locked[concern.pk], locked[lead.pk]
    if lead.lead_id:
        raise LoopError(f"{lead.number} ist selbst gebündelt. Bitte unter {lead.lead.number} bündeln.")
    if concern.lead_id:
        raise Conflict(f"Dieses Anliegen ist inzwischen unter {concern.lead.number} gebündelt.")
    for one in (concern, lead):
        if not one.is_open:
            raise Conflict(f"{one.number} ist abgeschlossen. Bitte zuerst wieder öffnen.")
    for routing in concern.routings.select_for_update(of=("self",)).filter(status__in=OPEN_ROUTINGS):
        move_routing(routing, RoutingStatus.WITHDRAWN, finished_at=at, query_since=None)
        record(concern, "routing_withdrawn", by=by, at=at, routing=routing, new="bundled")
    followers = [concern, *Concern.objects.select_for_update().filter(lead=concern).order_by("pk")]
    reporters_of(followers)
    for one in followers:
        old = one.status
        change(one, lead=lead, **{name: getattr(lead, name) for name in SHARED})
        record(one, "bundled", by=by, at=at, old=old, new=lead.number)
    record(lead, "bundled", by=by, at=at, old=concern.number, new=lead.number)
    owe_again(followers)
    if lead.status == ConcernStatus.FEEDBACK_DUE:
        owe_answer(followers, at=at)
    else:
        suspend(followers)
    return concern


@transaction.atomic
def unbundle(*, concern: Concern, by: User, at: datetime | None = None) -> Concern:
    """Take a concern out of its bundle: it is back on the desk, to be triaged for itself; its duties stay.

    Raises:
        Conflict: it is not bundled any more, or the bundle is closed.
    """
    at = moment(at)
    lead = Concern.objects.select_for_update().filter(duplicates=concern.pk).first()
    concern = Concern.objects.select_for_update().get(pk=concern.pk)
    if lead is None or concern.lead_id != lead.pk:
        raise Conflict("Dieses Anliegen ist nicht mehr gebündelt.")
    if not concern.is_open:
        raise Conflict("Das Bündel ist abgeschlossen. Bitte zuerst das führende Anliegen wieder öffnen.")
    old = concern.status
    change(
        concern, lead=None, status=ConcernStatus.NEW, needs_triage=True, parked_from="", follow_up_on=None,
        due_on=add_workdays(day(at), settings().triage_days), waiting_since=day(at),
    )  # fmt: skip
    suspend([concern])
    record(concern, "unbundled", by=by, at=at, old=lead.number, new=ConcernStatus.NEW)
    record(concern, "status", by=by, at=at, old=old, new=ConcernStatus.NEW)
    record(lead, "unbundled", by=by, at=at, old=concern.number)
    return concern
