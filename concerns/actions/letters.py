"""Letters to reporters (P03): prepared together, printed, and recorded as feedback when they are in the post.

Locks: the batch, then concern and reporter of each letter (`record_feedback`), then the letter's row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from concerns.models import Concern, Letter, LetterBatch, Reporter
from concerns.workflow import UNSETTLED, FeedbackKind, FeedbackResult, LetterState
from districts.models import User

from .base import Conflict, LoopError, day, lock_concern, moment
from .feedback import record_feedback

KINDS = {Reporter.Due.FINAL: FeedbackKind.FINAL, Reporter.Due.INTERIM: FeedbackKind.INTERIM}
MOST_LETTERS = 30  # of one batch: what a request can still print
TAKEN_OUT = "Aus dem Stapel genommen."
OTHER_DUE = "Inzwischen ist etwas anderes fällig als das, was im Brief steht."
NEWER_ANSWER = "Seit dem Brief gibt es eine neuere Antwort."
ERASED = "Die Daten dieser Person wurden gelöscht."
NOTHING_DUE = "An diese Person ist im Moment nichts zu melden."


@dataclass(frozen=True)
class Draft:
    """A letter before it is kept: to whom, and the first words."""

    reporter: Reporter
    text: str
    second_text: str = ""

    @property
    def second_language(self) -> str:
        """The reporter's own language when a letter can carry it."""
        known = dict(Letter._meta.get_field("second_language").choices)
        return self.reporter.language if self.reporter.language in known else ""


@dataclass(frozen=True)
class Words:
    """What one letter shall say."""

    letter: Letter
    text: str
    plain: bool = False
    second_language: str = ""
    second_text: str = ""

    @property
    def fields(self) -> dict:
        """The letter's columns with these words."""
        texts = {"text": self.text.strip(), "second_text": self.second_text.strip()}
        return texts | {"plain": self.plain, "second_language": self.second_language}

    @property
    def differs(self) -> bool:
        """Whether the letter says something else so far."""
        return any(getattr(self.letter, name) != value for name, value in self.fields.items())


@transaction.atomic
def make_batch(*, drafts: Iterable[Draft], by: User, at: datetime | None = None) -> LetterBatch:
    """Keep letters to people who are owed something now, in the order given.

    Raises:
        LoopError: nobody, too many, or somebody without an address, without words or to whom nothing is due.
        Conflict: somebody else has just prepared a letter to one of them.
    """
    at, drafts = moment(at), list(drafts)
    if not drafts:
        raise LoopError("Bitte mindestens eine Person auswählen, die auf einen Brief wartet.")
    if len(drafts) > MOST_LETTERS:
        raise LoopError(f"Höchstens {MOST_LETTERS} Briefe in einem Stapel.")
    # In a fixed order: two people who prepare letters at the same moment wait for each other and cannot block.
    now = Reporter.objects.select_for_update().order_by("pk").in_bulk([draft.reporter.pk for draft in drafts])
    for draft in drafts:
        _check(now[draft.reporter.pk], draft.text)
    batch = LetterBatch.objects.create(made_by=by, made_at=at, dated_on=day(at))
    letters = [
        Letter(
            batch=batch, reporter=draft.reporter, kind=KINDS[now[draft.reporter.pk].due], text=draft.text.strip(),
            plain=draft.reporter.plain_language, second_language=draft.second_language,
            second_text=draft.second_text.strip() if draft.second_language else "", written_at=at,
        )
        for draft in drafts
    ]  # fmt: skip
    try:
        with transaction.atomic():
            Letter.objects.bulk_create(letters)
    except IntegrityError as error:
        if "letter_one_open_per_reporter" not in str(error):
            raise
        raise Conflict("Für eine dieser Personen liegt inzwischen schon ein Brief bereit.") from error
    return batch


def _check(reporter: Reporter, text: str) -> None:
    if reporter.due not in KINDS:
        raise LoopError(f"An {reporter.label} ist im Moment nichts zu melden.")
    if not reporter.address.strip():
        raise LoopError(f"Zu {reporter.label} ist keine Anschrift gespeichert.")
    if not text.strip():
        raise LoopError("Bitte schreiben, was im Brief stehen soll.")


def _lock(batch: LetterBatch, version: int | None = None) -> LetterBatch:
    """The batch as it stands now, locked.

    Raises:
        Conflict: thrown away, or changed since `version` was shown.
    """
    # NO KEY: whoever erases a person's letters meanwhile holds the concern, and must not have to wait for the batch.
    locked = LetterBatch.objects.select_for_update(no_key=True).filter(pk=batch.pk).first()
    if locked is None:
        raise Conflict("Diesen Stapel hat inzwischen jemand verworfen.")
    if version is not None and locked.version != version:
        raise Conflict(
            "Der Stapel wurde inzwischen geändert oder versandt. Ihr Text ist noch da, gespeichert ist nichts."
        )
    return locked


def _changed(batch: LetterBatch, **fields) -> LetterBatch:
    batch.version += 1
    for name, value in fields.items():
        setattr(batch, name, value)
    batch.save(update_fields=["version", *fields])
    return batch


@transaction.atomic
def save_letters(
    *, batch: LetterBatch, words: Iterable[Words], dated_on: date, version: int, by: User, at: datetime | None = None
) -> LetterBatch:
    """Change the words of open letters and the date above them; what is in the post stays as it is.

    Only what really changes makes a new version, so that a paper that says the same stays good.

    Raises:
        Conflict: changed by somebody else since `version`, or one of them is not open any more.
        LoopError: an open letter without words, or second words without their language.
    """
    at = moment(at)
    batch = _lock(batch, version)
    changes = [one for one in words if one.differs]
    for one in changes:
        if not one.text.strip():
            raise LoopError("Bitte schreiben, was im Brief stehen soll.")
        if one.second_text.strip() and not one.second_language:
            raise LoopError("Bitte die Sprache des zweiten Textes angeben.")
        if not batch.letters.open().filter(pk=one.letter.pk).update(**one.fields, written_at=at):
            raise Conflict("Einer der Briefe ist inzwischen nicht mehr offen. Es wurde nichts gespeichert.")
    return _changed(batch, dated_on=dated_on) if changes or dated_on != batch.dated_on else batch


@transaction.atomic
def take_out(*, letter: Letter, by: User) -> LetterBatch:
    """Take an open letter out of its batch; its words stay, and it can be put back.

    Raises:
        Conflict: it is not open any more.
    """
    batch = _lock(letter.batch)
    if not batch.letters.open().filter(pk=letter.pk).update(state=LetterState.OUT, left_out=TAKEN_OUT):
        raise Conflict("Dieser Brief ist inzwischen nicht mehr offen.")
    return _changed(batch)


@transaction.atomic
def put_back(*, letter: Letter, by: User) -> LetterBatch:
    """Put a letter that was taken out back into its batch.

    Raises:
        Conflict: another letter to this person lies ready, or nothing is due to them now.
    """
    batch = _lock(letter.batch)
    out = batch.letters.filter(pk=letter.pk, state=LetterState.OUT).exclude(text="")
    out = out.filter(kind=F("reporter__due")).exclude(reporter__address="")
    try:
        with transaction.atomic():
            found = Letter.objects.filter(pk__in=out.values("pk")).update(state=LetterState.OPEN, left_out="")
    except IntegrityError as error:
        if "letter_one_open_per_reporter" not in str(error):
            raise
        raise Conflict("Für diese Person liegt schon ein anderer Brief bereit.") from error
    if not found:
        raise Conflict("An diese Person ist mit diesem Brief nichts mehr zu melden.")
    return _changed(batch)


@transaction.atomic
def discard_batch(*, batch: LetterBatch, by: User) -> None:
    """Throw a batch away of which nothing is in the post; the people stay on the worklist.

    Raises:
        Conflict: some of it is in the post.
    """
    batch = _lock(batch)
    if batch.letters.filter(state=LetterState.SENT).exists():
        raise Conflict("Aus diesem Stapel sind schon Briefe versandt. Er lässt sich nicht mehr verwerfen.")
    batch.delete()


@transaction.atomic
def note_print(*, batch: LetterBatch, version: int, by: User) -> None:
    """Note which version of a batch is on paper."""
    LetterBatch.objects.filter(pk=batch.pk, version=version).update(printed_version=version)


@dataclass(frozen=True)
class Posted:
    """What marking a batch as sent came to."""

    sent: int
    left_out: list[Letter]


@transaction.atomic
def mark_sent(
    *, batch: LetterBatch, letters: Iterable[Letter], version: int, by: User, at: datetime | None = None
) -> Posted:
    """Record every open one of `letters` as sent, each as feedback with exactly the words on paper.

    Whoever was told, waived or answered anew meanwhile is left out, with the reason; their letter's words stay.

    Raises:
        Conflict: marked already, or changed since `version` was shown.
        LoopError: not printed as it stands.
    """
    at = moment(at)
    batch = _lock(batch, version)
    asked = batch.letters.open().filter(pk__in=[one.pk for one in letters]).select_related("reporter")
    ready = sorted(asked, key=lambda one: (one.reporter.concern_id, one.reporter_id))
    if not ready:
        raise Conflict("Diese Briefe sind inzwischen schon als versandt festgehalten.")
    if not batch.is_printed:
        raise LoopError("Bitte zuerst drucken: Seit der letzten Änderung gibt es noch keinen Ausdruck.")
    left_out = [letter for letter in ready if not _record(letter, by=by, at=at)]
    _changed(batch)
    return Posted(len(ready) - len(left_out), left_out)


def _record(letter: Letter, *, by: User, at: datetime) -> bool:
    """Record one letter as feedback, or leave it out and say why."""
    try:
        _refuse_outdated(letter)
        feedback = record_feedback(
            reporter=letter.reporter, kind=letter.kind, channel=Reporter.Channel.LETTER, text=letter.words,
            result=FeedbackResult.SENT, by=by, at=at,
            language=letter.second_language if letter.second_text else Reporter.Language.DE,
        )  # fmt: skip
    except LoopError as error:
        letter.state, letter.left_out = LetterState.OUT, str(error)[:200]
        letter.save(update_fields=["state", "left_out"])
        return False
    letter.state, letter.feedback = LetterState.SENT, feedback
    letter.save(update_fields=["state", "feedback"])
    return True


def _refuse_outdated(letter: Letter) -> None:
    """Refuse a letter whose words are not what the person is owed any more; keeps concern and reporter locked.

    Whoever was told or waived meanwhile is left to `record_feedback`, which says so.
    """
    lock_concern(Concern(pk=letter.reporter.concern_id))
    reporter = Reporter.objects.select_for_update().get(pk=letter.reporter_id)
    if reporter.feedback_state not in UNSETTLED:
        return
    if reporter.due != letter.kind:
        raise Conflict(OTHER_DUE if reporter.due else NOTHING_DUE)
    if reporter.due_since > letter.written_at:
        raise Conflict(NEWER_ANSWER)


def erase_letters(reporter: Reporter) -> None:
    """Remove the words of all letters to a locked reporter; what was not in the post yet never will be."""
    letters = Letter.objects.filter(reporter=reporter)
    letters.open().update(state=LetterState.OUT, left_out=ERASED)
    letters.update(text="", second_text="")
