"""The page of a batch: one small form per letter, the date above them all, text blocks in every language (P03)."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby

from django import forms
from django.utils import timezone

from concerns.actions.letters import Words
from concerns.models import SECOND_LANGUAGES, Letter, LetterBatch, Reporter, TextBlock
from concerns.plain import check
from concerns.wording import LETTER_CLOSING
from concerns.workflow import RIGHT_TO_LEFT
from quartier.pdf import UNKNOWN, printable
from quartier.web.forms import QuartierForm

from .answers import words
from .feedback import BLOCKS

LIMIT = 8000  # characters of both texts together: what a feedback keeps
NEAR = timedelta(days=60)


class LetterForm(QuartierForm):
    """The words of one letter."""

    text = words("Text auf Deutsch", rows=14)
    plain = forms.BooleanField(label="Große Schrift", required=False)
    second_language = forms.ChoiceField(
        label="Zweite Sprache", choices=[("", "keine"), *SECOND_LANGUAGES], required=False
    )
    second_text = words("Text in der zweiten Sprache", rows=10, required=False)
    closing = LETTER_CLOSING

    def __init__(self, data=None, *, letter: Letter, blocks: Iterable[TextBlock]):
        self.letter = letter
        stored = {name: getattr(letter, name) for name in self.base_fields}
        super().__init__(data, initial=stored, prefix=f"brief-{letter.pk}")
        self.fields["text"].widget.attrs["lang"] = "de"
        language = self["second_language"].value()
        direction = {"dir": "rtl"} if language in RIGHT_TO_LEFT else {"dir": "auto"}
        self.fields["second_text"].widget.attrs |= ({"lang": language} if language else {}) | direction
        fitting = [block for block in blocks if block.purpose == BLOCKS[letter.kind]]
        self.blocks = [block for block in fitting if block.language == Reporter.Language.DE]
        self.second_blocks = [block for block in fitting if block.language != Reporter.Language.DE]

    def clean(self):
        """A second text needs its language; both together must fit into what is kept of them."""
        data = super().clean()
        if data.get("second_text") and not data.get("second_language"):
            self.add_error("second_language", "Bitte die Sprache des zweiten Textes wählen.")
        if len(data.get("text", "")) + len(data.get("second_text", "")) > LIMIT:
            self.add_error("text", f"Beide Texte zusammen dürfen höchstens {LIMIT} Zeichen haben.")
        return data

    @property
    def second_groups(self) -> list[tuple[str, list[TextBlock]]]:
        """The text blocks in other languages, under the name of theirs; the chosen language comes first."""
        chosen = self["second_language"].value()
        ordered = sorted(self.second_blocks, key=lambda block: (block.language != chosen, block.get_language_display()))
        return [(name, [*blocks]) for name, blocks in groupby(ordered, TextBlock.get_language_display)]

    @property
    def hints(self):
        """The plain-language checklist for the German text."""
        return check(self["text"].value() or "")

    @property
    def unprintable(self) -> list[str]:
        """Words that would come out as boxes, because no font of the papers has their characters."""
        reporter, typed = self.letter.reporter, [self[name].value() or "" for name in ("text", "second_text")]
        words = " ".join((reporter.name, reporter.address, reporter.concern.title, *typed)).split()
        return [word for word in dict.fromkeys(words) if UNKNOWN in printable(word)]

    @property
    def overwritten(self) -> bool:
        """Whether somebody else has stored other words than these meanwhile."""
        return self.is_bound and any(
            (self[name].value() or "").strip() != getattr(self.letter, name) for name in ("text", "second_text")
        )

    def as_words(self) -> Words:
        """What the action takes."""
        return Words(self.letter, **{name: self.cleaned_data[name] for name in self.base_fields})

    def with_block(self, which: str, pk: str) -> dict[str, str]:
        """Data with a text block added (the way without scripts): `which` is text or second_text.

        It goes to the end, in the German text above the closing formula: the signature follows that.
        """
        block = next((one for one in [*self.blocks, *self.second_blocks] if str(one.pk) == pk), None)
        if block is None or which not in {"text", "second_text"}:
            return {}
        typed = (self[which].value() or "").strip()
        closing = self.closing if which == "text" and typed.endswith(self.closing) else ""
        parts = (typed.removesuffix(closing).strip(), block.text, closing)
        added = {self.add_prefix(which): "\n\n".join(part for part in parts if part)}
        return added | ({self.add_prefix("second_language"): block.language} if which == "second_text" else {})


class BatchForm(QuartierForm):
    """The date of a batch with the forms of its letters (`forms`: what the error summary walks through)."""

    dated_on = forms.DateField(label="Datum der Briefe")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, data=None, *, batch: LetterBatch, letters: Iterable[Letter]):
        super().__init__(data, initial={"dated_on": batch.dated_on, "version": batch.version})
        self.batch = batch
        blocks = list(
            TextBlock.objects.filter(purpose__in=BLOCKS.values(), is_active=True, department=None).order_by("sort_key")
        )
        self.letters = [LetterForm(data, letter=letter, blocks=blocks) for letter in letters]
        self.forms = [self, *self.letters]

    def clean_dated_on(self):
        """Letters carry the date of about now; the day already stored always stays possible."""
        day, today = self.cleaned_data["dated_on"], timezone.localdate()
        if day != self.batch.dated_on and abs(day - today) > NEAR:
            raise forms.ValidationError("Der Tag liegt weit von heute weg. Bitte das Datum prüfen.")
        return day

    def is_valid(self) -> bool:
        """The date and every letter."""
        return all([super().is_valid(), *(letter.is_valid() for letter in self.letters)])

    def with_block(self, where: str) -> "BatchForm":
        """The same form with the text block chosen for a text, `where` as in "17-second_text"."""
        number, _, which = where.partition("-")
        chosen = next((form for form in self.letters if str(form.letter.pk) == number), None)
        data = self.data.copy()
        if chosen:
            for name, value in chosen.with_block(which, data.get(f"{chosen.prefix}-{which}-block", "")).items():
                data[name] = value
        return BatchForm(data, batch=self.batch, letters=[form.letter for form in self.letters])

    def shown_again(self) -> "BatchForm":
        """The same form after a conflict: what was typed stays, and the next try is made on what is stored now."""
        data = self.data.copy()
        data["version"] = str(self.batch.version)
        return BatchForm(data, batch=self.batch, letters=[form.letter for form in self.letters])
