"""The capture page as one sheet: description, people, forwarding; typed, sent or restored from a draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from concerns import personal
from concerns.actions.forwarding import Target
from concerns.actions.intake import ReporterData
from concerns.forms.concern import ConcernForm
from concerns.forms.reporter import PERSONAL, WITHOUT_PERSON, BaseReporterFormSet, ReporterForm, ReporterFormSet
from concerns.models import Concern, LoopSettings
from concerns.responsibility import Suggestion, in_force, suggest
from concerns.summary import for_department, title_from
from districts.models import Department, District, User
from districts.roles import Perm
from quartier.web.forms import TEXT_LIMIT, QuartierForm, clean_text
from quartier.workdays import add_workdays

PREFIX = "person"
OUTDATED = "Das Formular war veraltet. Ihre Angaben stehen noch da: bitte erneut speichern."
NO_RULE = "Für dieses Thema gibt es keine Regel. Bitte einen Fachbereich wählen."
_signer = signing.Signer(salt="concerns.capture")


def new_key(user: User) -> str:
    """A one-time key for a form: signed, so that nobody can send the form of somebody else."""
    return _signer.sign(f"{user.pk}.{uuid4().hex}")


def read_key(signed: str) -> tuple[int, UUID] | None:
    """Whose form it is and its key; None when the key was not given by us."""
    try:
        owner, key = _signer.unsign(signed).split(".")
        return int(owner), UUID(key)
    except (signing.BadSignature, ValueError):
        return None


class CaptureForm(ConcernForm):
    """A new concern, with a note for the team and the one-time key."""

    note = forms.CharField(
        label="Interne Notiz",
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Nur für das Team; nie für Fachbereich oder Papier.",
    )
    form_key = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The point decides about the district; a click on the map only changes the first of the two fields.
        self.fields["lat"].widget.attrs |= {
            "hx-post": reverse("concerns:capture"),
            "hx-trigger": "change, change from:#id_lon",
            "hx-target": "#district-field",
            "hx-params": "not photos",
            "hx-vals": '{"step": "place"}',
        }

    def forgive(self) -> None:
        """Drop every complaint but too long texts: the words go to a concern that is already there."""
        for name, errors in self.errors.as_data().copy().items():
            if not any(error.code == "max_length" for error in errors):
                del self.errors[name]


class ForwardPanel(QuartierForm):
    """Where „Speichern und weiterleiten“ sends the concern, when the suggestion or the text is not taken as it is."""

    department = forms.ModelChoiceField(
        label="Fachbereich", queryset=Department.objects.none(), required=False, empty_label="wie vorgeschlagen"
    )
    override_reason = forms.CharField(
        label="Warum anders als vorgeschlagen?", max_length=300, required=False, help_text="Nur bei einer Abweichung."
    )
    outgoing = forms.CharField(
        label="Text an den Fachbereich",
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Leer lassen, dann gehen Titel, Ort und Text von oben hinaus.",
    )
    question = forms.CharField(label="Was brauchen wir vom Fachbereich?", max_length=500, required=False)
    confirm_personal = forms.BooleanField(label="Der Text darf so hinausgehen", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.valid_on(timezone.localdate())


@dataclass
class Sheet:
    """All forms of the capture page, and what can be read from them before everything is right."""

    user: User
    concern: CaptureForm
    reporters: BaseReporterFormSet
    forward: ForwardPanel
    posted: Mapping
    joins: bool = False  # the people go to a concern that is already there

    @classmethod
    def blank(cls, user: User, kept: Mapping | None = None) -> "Sheet":
        """An empty page; `kept` holds what the last concern of a series leaves behind."""
        start = {"received_on": timezone.localdate(), "district": _home(user), "form_key": new_key(user)}
        return cls(
            user=user,
            concern=CaptureForm(initial={**start, **(kept or {})}, user=user),
            reporters=ReporterFormSet(prefix=PREFIX),
            forward=ForwardPanel(),
            posted={},
        )

    @classmethod
    def typed(cls, user: User, data: QueryDict) -> "Sheet":
        """What somebody has typed so far, without judging it."""
        own = (read_key(data.get("form_key", "")) or (None,))[0] == user.pk
        described = {**_raw(CaptureForm, data), **({} if own else {"form_key": new_key(user)})}
        return cls(
            user=user,
            concern=CaptureForm(initial=described, user=user),
            reporters=ReporterFormSet(prefix=PREFIX, initial=[_raw(ReporterForm, data, p) for p in row_prefixes(data)]),
            forward=ForwardPanel(initial=_raw(ForwardPanel, data)),
            posted=data,
        )

    @classmethod
    def sent(cls, user: User, data: QueryDict, *, joins: bool = False) -> "Sheet":
        """What was sent to be saved."""
        return cls(
            user=user,
            concern=CaptureForm(data, user=user),
            reporters=ReporterFormSet(data, prefix=PREFIX),
            forward=ForwardPanel(data),
            posted=data,
            joins=joins,
        )

    @property
    def key(self) -> UUID | None:
        """The one-time key, if it was given to this person."""
        found = read_key(self.concern["form_key"].value() or "")
        return found[1] if found and found[0] == self.user.pk else None

    def is_valid(self) -> bool:
        """Whether everything but the forwarding is right; a form that is not this person's must be sent again."""
        if self.joins:
            self.concern.forgive()
        valid = all([self.concern.is_valid(), self.reporters.is_valid()])
        if self.key is None:
            self.concern.data = self.concern.data.copy()
            self.concern.data["form_key"] = new_key(self.user)
            self.concern.add_error(
                None, "Das Formular war veraltet. Ihre Angaben stehen noch da: bitte erneut speichern."
            )
            return False
        return valid

    def value(self, name: str) -> str:
        """A field of the description as typed."""
        return _readable(self.concern[name].value())

    @property
    def all_words(self) -> str:
        """Everything that was written, for a note."""
        written = [self.value(name) for name in ("title", "place", "text", "note")]
        return "\n".join(words for words in written if words)

    def choice(self, name: str):
        """The row that a select of the description names; None when it names nothing we offer."""
        field = self.concern.fields[name]
        try:
            return field.clean(self.concern[name].value()) if self.concern[name].value() else None
        except forms.ValidationError:
            return None

    @property
    def received_on(self):
        """The day of receipt; today when it cannot be read."""
        try:
            return self.concern.fields["received_on"].clean(self.concern["received_on"].value())
        except forms.ValidationError:
            return timezone.localdate()

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude, when both can be read."""
        try:
            lat, lon = (self.concern.fields[name].clean(self.concern[name].value()) for name in ("lat", "lon"))
        except forms.ValidationError:
            return None
        return None if lat is None or lon is None else (lat, lon)

    @property
    def people(self) -> list[ReporterData]:
        """Who was typed in, readable or not; nobody's data where the row says that there is nobody."""
        rows = [{name: _readable(row[name].value()) for name in ("kind", *PERSONAL)} for row in self.reporters]
        return [ReporterData(**row) for row in rows if row["kind"] not in WITHOUT_PERSON]

    @property
    def outgoing(self) -> str:
        """What a department would get to read."""
        text = self.value("text")
        written = _readable(self.forward["outgoing"].value())
        return written or for_department(self.value("title") or title_from(text), self.value("place"), text)

    @property
    def personal_found(self) -> list[str]:
        """Reporters' data in what a department would get to read: text, question, title and place."""
        question = _readable(self.forward["question"].value())
        read = [self.outgoing, question, self.value("title"), self.value("place")]
        return personal.found_in("\n".join(read), self.people)

    def may_forward(self, district: District | None) -> bool:
        """Whether this person decides about concerns of a district."""
        scope = self.user.rights.districts(Perm.TRIAGE)
        return bool(scope) if district is None else district.pk in scope

    def targets(self) -> list[Target] | None:
        """Where a valid sheet goes when it is forwarded; None when something is missing, which the forms then say."""
        data, panel = self.concern.cleaned_data, self.forward
        if not panel.is_valid():
            return None
        if not self.may_forward(data["district"]):
            self.concern.add_error("district", "Weiterleiten kann hier nur das Quartiersmanagement dieses Quartiers.")
            return None
        suggestion = suggest(data["topic"], data["district"], data["received_on"])
        return self._check_targets(suggestion, suggestion and receiver(suggestion), panel.cleaned_data)

    def _check_targets(self, suggestion: Suggestion | None, suggested: Department | None, data: dict):
        department = data["department"] or suggested
        if department is None:
            self.forward.add_error(
                "department", "Für dieses Thema gibt es keine Regel. Bitte einen Fachbereich wählen."
            )
        elif suggested and department != suggested and not data["override_reason"]:
            self.forward.add_error("override_reason", f"Vorgeschlagen ist {suggested}. Bitte kurz begründen.")
        elif not data["department"] and str(suggested.pk) != self.posted.get("suggested"):
            self.forward.add_error(
                "department", f"Es geht an {suggested}. Bitte prüfen und noch einmal „Speichern und weiterleiten“."
            )
        if self.personal_found and not data["confirm_personal"]:
            words = ", ".join(self.personal_found)
            self.forward.add_error("outgoing", f"Im Text stehen vermutlich Personendaten: {words}.")
        return None if self.forward.errors else self._targets(suggestion, suggested, department)

    def _targets(self, suggestion: Suggestion | None, suggested: Department | None, department) -> list[Target]:
        today, panel = timezone.localdate(), self.forward.cleaned_data
        days = suggestion.working_days if suggestion else LoopSettings.load().reply_days
        shared = {
            "text": self.outgoing,
            "question": panel["question"],
            "due_on": add_workdays(today, days),
            "urgent": self.concern.cleaned_data["urgency"] != Concern.Urgency.NORMAL,
        }
        first = Target(
            department=department, is_lead=True, suggested=suggested, override_reason=panel["override_reason"], **shared
        )
        also = co_receiver(suggestion) if suggestion and department == suggested else None
        return [first, *([Target(department=also, **shared)] if also else [])]


def receiver(suggestion: Suggestion) -> Department:
    """The suggested department as it is called today: forwarding happens now, whenever the concern came in."""
    return in_force(suggestion.department, timezone.localdate())


def co_receiver(suggestion: Suggestion) -> Department | None:
    """The participating department as it is called today, unless that is the leading one by now."""
    also = suggestion.co_department and in_force(suggestion.co_department, timezone.localdate())
    return also if also != receiver(suggestion) else None


def row_prefixes(data: QueryDict) -> list[str]:
    """Prefixes of the rows of reporters in what was sent, within reason."""
    try:
        count = int(data.get(f"{PREFIX}-TOTAL_FORMS", ""))
    except ValueError:
        count = 1
    return [f"{PREFIX}-{index}" for index in range(min(max(count, 1), ReporterFormSet.absolute_max))]


def _raw(form_class, data: QueryDict, prefix: str = "") -> dict:
    """Values of a form as they were sent, for showing them again; fields that were not sent keep their default."""
    values = {}
    for name, field in form_class.base_fields.items():
        value = field.widget.value_from_datadict(data, {}, f"{prefix}-{name}" if prefix else name)
        if value is not None:
            values[name] = _readable(value) if isinstance(value, str) else value
    return values


def _readable(value) -> str:
    """Something typed and not yet checked, short and clean enough to be looked for and shown."""
    return clean_text(str(value or ""))[:TEXT_LIMIT].strip()


def _home(user: User) -> int | None:
    """The district somebody works in, where one stands out: the only own one, or the office's first."""
    own = user.rights.team_district_ids
    if len(own) == 1:
        return next(iter(own))
    offices = user.office.districts.filter(pk__in=own) if user.office_id else District.objects.filter(pk__in=own)
    first = offices.first() or District.objects.filter(pk__in=own).first()
    return first.pk if first else None
