"""Forms towards departments: forwarding, the thread, an answer that came on paper (K05, K07, K19)."""

from datetime import date

from django import forms
from django.db.models import Q
from django.utils import timezone

from concerns import personal
from concerns.actions.forwarding import Target
from concerns.models import Concern, Reporter
from concerns.workflow import NEEDS_REASON, ReasonCategory, ReplyResult
from districts.models import Department
from quartier.web.forms import QuartierForm

from .answers import REASONS, check_day, words

RESULTS = [("", "Bitte wählen"), *ReplyResult.choices]


class ForwardForm(QuartierForm):
    """One or several departments, the text they get, what is asked of them and until when.

    `suggested` is what the rules propose (or None). Data of the concern's reporters must not slip into the text.
    """

    department = forms.ModelChoiceField(
        label="Fachbereich", queryset=Department.objects.none(), empty_label="Bitte wählen"
    )
    override_reason = forms.CharField(
        label="Warum anders als vorgeschlagen?",
        max_length=300,
        required=False,
        help_text="Nur wenn Sie vom Vorschlag abweichen.",
    )
    participants = forms.ModelMultipleChoiceField(
        label="Weitere Stellen beteiligen",
        queryset=Department.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = words("Text an den Fachbereich", limit=20_000, help_text="Ohne Namen und Kontaktdaten.")
    question = forms.CharField(label="Was brauchen wir von Ihnen?", max_length=500)
    due_on = forms.DateField(label="Antwort bis")
    urgent = forms.BooleanField(label="Dringend: den Fachbereich sofort per E-Mail benachrichtigen", required=False)
    released_contact = forms.BooleanField(
        label="Kontaktdaten für diese Weiterleitung freigeben",
        required=False,
        help_text="Nur Personen, die der Weitergabe zugestimmt haben.",
    )
    confirm_personal = forms.BooleanField(label="Trotzdem so senden", required=False)

    def __init__(self, *args, suggested: Department | None, concern: Concern, **kwargs):
        super().__init__(*args, **kwargs)
        self.suggested, self.concern = suggested, concern
        self.reporters = list(Reporter.objects.filter(Q(concern=concern) | Q(concern__lead=concern)))
        departments = Department.objects.valid_on(timezone.localdate())
        self.fields["department"].queryset = departments
        self.fields["participants"].queryset = departments
        if suggested is None:
            del self.fields["override_reason"]
        if not any(one.consent_pass_on and not one.erased_at for one in self.reporters if one.concern_id == concern.pk):
            del self.fields["released_contact"]

    @property
    def personal_found(self) -> list[str]:
        """Reporters' data in what the department would read: text, question, title and place."""
        shown = "" if self.concern.is_sensitive else f"{self.concern.title}\n{self.concern.place}"
        typed = f"{self['text'].value() or ''}\n{self['question'].value() or ''}"
        return personal.found_in(f"{typed}\n{shown}", self.reporters)

    def clean_due_on(self):
        """Today or later."""
        return check_day(self.cleaned_data["due_on"], earliest=timezone.localdate(), what="Die Frist")

    def clean(self):
        """A deviation needs its reason, personal data in the text need a second look."""
        data = super().clean()
        department = data.get("department")
        deviates = self.suggested and department and department != self.suggested
        if deviates and not data.get("override_reason"):
            self.add_error("override_reason", f"Vorgeschlagen ist {self.suggested}. Bitte kurz begründen.")
        if department and department in data.get("participants", []):
            self.add_error("participants", f"{department} ist schon als Fachbereich oben gewählt.")
        if self.personal_found and not data.get("confirm_personal"):
            found = ", ".join(self.personal_found)
            self.add_error("text", f"Im Text, Titel oder Ort stehen vermutlich Personendaten: {found}.")
        return data

    def targets(self, *, lead: bool) -> list[Target]:
        """What the action gets; `lead` tells whether the first department may still become the leading one."""
        data = self.cleaned_data
        first = self._target(
            data["department"], is_lead=lead, suggested=self.suggested, override_reason=data.get("override_reason", "")
        )
        return [first, *(self._target(department) for department in data["participants"])]

    def _target(self, department: Department, **more) -> Target:
        data = self.cleaned_data
        return Target(
            department=department,
            text=data["text"],
            question=data["question"],
            due_on=data["due_on"],
            urgent=data["urgent"],
            released_contact=data.get("released_contact", False),
            **more,
        )


class QueryAnswerForm(QuartierForm):
    """Answer to a department's question; its clock goes on."""

    text = words("Antwort auf die Rückfrage", rows=4)


class RemarkForm(QuartierForm):
    """Message to a department that changes nobody's clock."""

    text = words("Mitteilung an den Fachbereich", rows=4)


class PaperReplyForm(QuartierForm):
    """An answer that came on paper or by telephone, entered for the department (K19)."""

    result = forms.ChoiceField(label="Ergebnis", choices=RESULTS)
    reason_category = forms.ChoiceField(
        label="Grund", choices=REASONS, required=False, help_text="Bei „teilweise“ und „nicht entsprochen“ nötig."
    )
    date_ = forms.DateField(label="Erledigt am / geplant für", required=False)
    text = words("Antwort im Wortlaut")
    remark = words("Interner Hinweis", rows=2, limit=4000, required=False)
    file_number = forms.CharField(label="Aktenzeichen des Fachbereichs", max_length=60, required=False)

    def clean(self):
        """I2, next to the field it concerns."""
        data = super().clean()
        result = data.get("result")
        if result in NEEDS_REASON and data.get("reason_category") not in ReasonCategory.values:
            self.add_error("reason_category", "Ein (teilweises) Nein braucht einen Grund.")
        if result == ReplyResult.PLANNED and not data.get("date_") and "date_" not in self.errors:
            self.add_error("date_", "„Eingeplant“ braucht einen Termin.")
        return data

    def clean_date_(self) -> date | None:
        """Not absurdly far away; the past is fine, because work may have been done before the answer was written."""
        day = self.cleaned_data["date_"]
        return day and check_day(day, earliest=max(date(2000, 1, 1), min(day, timezone.localdate())), what="Das Datum")
