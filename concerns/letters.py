"""Letters as pages and papers show them: first words for many at once, and of a batch what a person may see (P03)."""

from collections.abc import Iterable

from django.db.models import Count, OuterRef, Q, Subquery

from concerns import worklist
from concerns.actions.letters import Draft
from concerns.models import Letter, LetterBatch, LoopSettings, Reporter
from concerns.querysets import LetterBatchQuerySet, LetterQuerySet, ReporterQuerySet
from concerns.wording import letter_draft
from concerns.workflow import LetterState
from districts.models import User
from districts.roles import Perm


def drafts_for(reporters: Iterable[Reporter]) -> list[Draft]:
    """A letter with first words for everybody, in a fixed number of queries; needs `concern__lead`."""
    reporters = list(reporters)
    leads = {worklist.lead_of(one.concern).pk for one in reporters}
    answers, interims = worklist.answers_by_lead(leads), worklist.interim_by_lead(leads)
    news = worklist.theme_news([one.concern for one in reporters])
    drafts = []
    for one in reporters:
        lead = worklist.lead_of(one.concern).pk
        words = worklist.first_words(one, answers.get(lead, []), interims.get(lead), news[one.concern_id])
        drafts.append(Draft(one, letter_draft(words)))
    return drafts


def letters_of(user: User) -> LetterQuerySet:
    """Letters this person may see: those to people they may give feedback to."""
    return Letter.objects.visible_to(user, whole_team=_whole_team(user))


def batches_of(user: User) -> LetterBatchQuerySet:
    """Batches with a letter this person may see."""
    return LetterBatch.objects.visible_to(user, whole_team=_whole_team(user))


def _whole_team(user: User) -> bool:
    return not user.rights.can(Perm.READ_REPORTERS) and LoopSettings.load().assistants_see_team_reporters


def for_list(batches: LetterBatchQuerySet, user: User) -> LetterBatchQuerySet:
    """With how many letters of each state the person may see."""
    seen = Letter.objects.filter(pk__in=letters_of(user).values("pk"))
    counts = {state.value: Count("letters", filter=Q(letters__in=seen, letters__state=state)) for state in LetterState}
    return batches.select_related("made_by").annotate(**{f"n_{state}": count for state, count in counts.items()})


def for_page(letters: LetterQuerySet) -> LetterQuerySet:
    """With everything that a page or a sheet of paper says of each letter."""
    shown = letters.select_related("feedback", "reporter__concern__office", "reporter__concern__lead")
    return shown.defer("reporter__concern__search", "reporter__concern__lead__search")


def with_open_letter(reporters: ReporterQuerySet) -> ReporterQuerySet:
    """Reporters with the batch in which a letter to them lies ready (`letter_batch`), if any."""
    ready = Letter.objects.open().filter(reporter=OuterRef("pk"))
    return reporters.annotate(letter_batch=Subquery(ready.values("batch")[:1]))


def waiting_for_letter(user: User) -> ReporterQuerySet:
    """People who are owed something by letter now, with or without an address."""
    return worklist.reporters_to_tell(user).feedback_due().filter(channel=Reporter.Channel.LETTER)


def letter_to(reporter: Reporter) -> Letter | None:
    """The letter that lies ready for somebody."""
    return Letter.objects.open().filter(reporter=reporter).first()
