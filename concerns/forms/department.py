"""Forms of a department's ticket and of the page behind an answer link (K06–K08).

Every form knows its routing and who uses it; `user` is None behind a link.
"""

from datetime import timedelta
from itertools import groupby

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from concerns.models import Routing, TextBlock
from concerns.workflow import NEEDS_REASON, ReplyResult
from districts.models import Department, User
from quartier.web.forms import QuartierForm

from .answers import check_day, words
from .forwarding import PaperReplyForm

WITHOUT_DATE = {ReplyResult.DECLINED, ReplyResult.KNOWN}
PLAIN_WORDS = (
    "Diese Worte bekommen die Menschen, die sich gemeldet haben. Kurze Sätze, keine Abkürzungen, keine Paragrafen. "
    "Sagen Sie, was passiert und bis wann. Bei einem Nein: warum, und was stattdessen hilft."
)


class TicketForm(QuartierForm):
    """Base of the forms on a ticket."""

    def __init__(self, *args, routing: Routing, user: User | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.routing, self.user = routing, user
        self.prepare()

    def prepare(self) -> None:
        """Set up what depends on the routing."""


class FileNumberForm(TicketForm):
    """The department's own file number."""

    file_number = forms.CharField(label="Ihr Aktenzeichen", max_length=60, required=False)

    def prepare(self) -> None:
        self.initial.setdefault("file_number", self.routing.file_number)


class AssignForm(TicketForm):
    """Choose a colleague of the department."""

    assignee = forms.ModelChoiceField(
        label="Wer bearbeitet den Vorgang?", queryset=User.objects.none(), empty_label="Bitte wählen"
    )

    def prepare(self) -> None:
        self.fields["assignee"].queryset = User.objects.staff_of(self.routing.department, on=timezone.localdate())
        self.initial.setdefault("assignee", self.routing.assignee_id)


class ReturnForm(TicketForm):
    """Not responsible: why, and who might be."""

    reason = words("Warum sind Sie nicht zuständig?", rows=3, limit=2000)
    suggestion = forms.ModelChoiceField(
        label="Wer könnte zuständig sein?",
        queryset=Department.objects.none(),
        required=False,
        empty_label="Weiß ich nicht",
        help_text="Das Quartiersmanagement entscheidet, wohin das Anliegen geht.",
    )

    def prepare(self) -> None:
        own = self.routing.department.with_successor_ids()
        self.fields["suggestion"].queryset = Department.objects.valid_on(timezone.localdate()).exclude(pk__in=own)


class QueryForm(TicketForm):
    """A question to the Quartiersmanagement."""

    text = words("Ihre Rückfrage", rows=4)


class RemarkForm(TicketForm):
    """A message that changes nobody's clock."""

    text = words("Ihre Mitteilung", rows=4)


class InterimForm(TicketForm):
    """It takes longer: until when, and what can be said now."""

    new_due_on = forms.DateField(label="Neuer Termin für Ihre Antwort")
    text = words(
        "Zwischennachricht",
        rows=4,
        help_text="Was kann man den Menschen jetzt schon sagen? Das Quartiersmanagement gibt es weiter.",
    )

    def clean_new_due_on(self):
        """Tomorrow or later."""
        tomorrow = timezone.localdate() + timedelta(days=1)
        return check_day(self.cleaned_data["new_due_on"], earliest=tomorrow, what="Der neue Termin")


def _result(block: TextBlock) -> str:
    return block.result if block.result in ReplyResult.values else ""


class ReplyForm(TicketForm, PaperReplyForm):
    """The department's answer with the words for the resident (K08); text blocks are put in where the cursor stands."""

    result = forms.ChoiceField(label="Ergebnis", choices=ReplyResult.choices, widget=forms.RadioSelect)
    text = words("Text für die Anliegengeber/innen", rows=7, help_text=PLAIN_WORDS)
    remark = words(
        "Hinweis nur für das Quartiersmanagement",
        rows=2,
        limit=4000,
        required=False,
        help_text="Freiwillig. Wird nicht weitergegeben.",
    )
    file_number = forms.CharField(label="Ihr Aktenzeichen", max_length=60, required=False)
    field_order = ("result", "reason_category", "date_", "text", "remark", "file_number")

    def prepare(self) -> None:
        self.fields["text"].widget.attrs["data-counter"] = ""
        self.initial.setdefault("file_number", self.routing.file_number)

    def clean(self):
        """What is done lies behind us, what is planned ahead."""
        data = super().clean()
        result, day, today = data.get("result"), data.get("date_"), timezone.localdate()
        if day and result == ReplyResult.FULFILLED and day > today:
            self.add_error("date_", "Das Datum liegt in der Zukunft. Wählen Sie dann „Eingeplant“.")
        if day and result == ReplyResult.PLANNED and day < today:
            self.add_error("date_", "Der Termin liegt in der Vergangenheit.")
        if result not in NEEDS_REASON:
            data["reason_category"] = ""
        if result in WITHOUT_DATE:
            data["date_"] = None
        return data

    @cached_property
    def blocks(self) -> list[TextBlock]:
        """Text blocks for replies: the department's own and those for everybody, by the result they fit."""
        order = {value: index for index, value in enumerate([*ReplyResult.values, ""])}
        own = self.routing.department.with_successor_ids()
        found = TextBlock.objects.filter(is_active=True, purpose=TextBlock.Purpose.REPLY, language="de").filter(
            Q(department=None) | Q(department__in=own)
        )
        return sorted(found, key=lambda block: order[_result(block)])

    @property
    def block_groups(self) -> list[tuple[str, list[TextBlock]]]:
        """The text blocks under the result they fit."""
        names = dict(ReplyResult.choices)
        return [(names.get(result, "Allgemein"), [*blocks]) for result, blocks in groupby(self.blocks, _result)]

    def with_block(self, key: str) -> "ReplyForm":
        """The same form, nothing checked yet, with a text block added to the text (the way without scripts)."""
        typed = self.data.dict()
        block = next((block for block in self.blocks if str(block.pk) == key), None)
        if block:
            typed["text"] = "\n\n".join(part for part in (typed.get("text", "").rstrip(), block.text) if part)
        return type(self)(initial=typed, routing=self.routing, user=self.user, auto_id=self.auto_id)
