"""Letters of the demo city: a batch that is in the post, batches that lie ready, further people who wait for one."""

from datetime import timedelta

from django.utils import timezone

from concerns.actions.letters import Words, make_batch, mark_sent, note_print, save_letters
from concerns.letters import drafts_for, waiting_for_letter
from concerns.models import TextBlock
from quartier.workdays import add_workdays

from .clock import moment
from .story import Cast

_SENT = 3
_AT_THE_PRINTER = {"j.brandner", "t.wierzba"}  # who has printed the batch that lies ready
_READY = (*sorted(_AT_THE_PRINTER), "k.lenzen-maas", "m.okonkwo")


def write_some_letters(cast: Cast) -> None:
    """Some are in the post, some lie ready on the desks."""
    _post_some(cast)
    for name in _READY:
        _prepare_some(cast, name)


def _prepare_some(cast: Cast, name: str) -> None:
    """A manager has got letters ready that go to the post today."""
    by = cast.city.people[name]
    at = moment(add_workdays(timezone.localdate(cast.now), -1), cast.rnd)
    waiting = waiting_for_letter(by).filter(due_since__lt=at, concern__owner=by).exclude(address="")
    if drafts := drafts_for(waiting.select_related("concern__lead")):
        batch = make_batch(drafts=drafts, by=by, at=at)
        if name in _AT_THE_PRINTER:
            note_print(batch=batch, version=batch.version, by=by)


def _post_some(cast: Cast) -> None:
    """The manager in Ost has sent letters to those who waited longest; each in the person's language too."""
    by = cast.city.people["a.yilmaz"]
    at = moment(add_workdays(timezone.localdate(cast.now), -2), cast.rnd)
    waiting = waiting_for_letter(by).filter(due_since__lt=at).exclude(address="").select_related("concern__lead")
    batch = make_batch(drafts=drafts_for(waiting[:_SENT]), by=by, at=at)
    explained = dict(
        TextBlock.objects.filter(purpose=TextBlock.Purpose.FEEDBACK, department=None).values_list("language", "text")
    )
    words = [
        Words(letter, letter.text, letter.plain, letter.second_language, explained.get(letter.second_language, ""))
        for letter in batch.letters.all()
    ]
    batch = save_letters(batch=batch, words=words, dated_on=batch.dated_on, version=batch.version, by=by, at=at)
    note_print(batch=batch, version=batch.version, by=by)
    batch.refresh_from_db()
    mark_sent(batch=batch, letters=batch.letters.all(), version=batch.version, by=by, at=at + timedelta(minutes=40))
