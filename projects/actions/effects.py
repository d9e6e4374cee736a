"""The check whether a project still works (anchors N6)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from concerns.actions.closing import ReopenReason, reopen
from concerns.models import Concern
from districts.models import User
from projects.models import EffectCheck

from .base import Conflict, LoopError, day, moment
from .logbook import lock_project, note

Answer = EffectCheck.Answer


@transaction.atomic
def answer_check(
    *,
    check: EffectCheck,
    answer: str,
    note_text: str = "",
    concerns: Iterable[Concern] = (),
    by: User,
    at: datetime | None = None,
) -> EffectCheck:
    """Say whether it still works; when it does not, `concerns` behind the project are open again.

    Whoever raised them is owed an answer again, as after every reopening.

    Raises:
        LoopError: less than that without saying where it shows, or concerns although it works.
        Conflict: answered meanwhile.
    """
    at, concerns = moment(at), list(concerns)
    project = lock_project(check.project)
    check = EffectCheck.objects.select_for_update().filter(pk=check.pk).first()
    if check is None or check.answer:
        raise Conflict("Diese Frage ist inzwischen beantwortet.")
    if answer != Answer.HOLDS and not note_text.strip():
        raise LoopError("Bitte schreiben, woran sich das zeigt.")
    if concerns and answer == Answer.HOLDS:
        raise LoopError("Wenn es hält, bleibt alles abgeschlossen.")
    check.answer, check.note = answer, note_text.strip()
    check.answered_on, check.answered_by, check.reopened = day(at), by, len(concerns)
    check.save()
    for concern in sorted(concerns, key=lambda one: one.number):  # as `move_project` takes them
        reopen(concern=concern, reason=ReopenReason.EFFECT_LOST, by=by, at=at)
    note(project, "checked", by=by, at=at, new=answer, weeks=check.weeks, reopened=[one.pk for one in concerns])
    return check
