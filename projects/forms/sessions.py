"""Forms about sessions: dates, agenda, attendance, minutes."""

import re
from datetime import timedelta

from django import forms
from django.utils import timezone

from districts.forms.base import MasterDataForm
from districts.forms.versions import VersionedForm
from districts.models import Office
from projects.actions.agenda import Written
from projects.marks import mark_of
from projects.models import AgendaItem, Attendance, Body, Session
from projects.workflow import STANDARD, ItemKind
from quartier.web.forms import QuartierForm

GIVEN = (*STANDARD, ItemKind.FUND)  # come from proposals
TIMES = "Das Ende liegt nicht nach dem Beginn."


class PlanForm(QuartierForm):
    """For which span the dates of the rhythm are planned."""

    since = forms.DateField(label="Ab", initial=timezone.localdate)
    until = forms.DateField(
        label="Bis", help_text="Höchstens drei Jahre. Tage mit einer Sitzung bleiben, wie sie sind."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = timezone.localdate() + timedelta(days=365)

    def clean(self):
        """First and last day in order."""
        data = super().clean()
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", "Das Ende liegt vor dem Anfang.")
        return data


class SessionForm(VersionedForm):
    """Day, time and place of a session."""

    constraint_messages = {
        "session_times_in_order": ("ends", TIMES),
        "session_once_a_day": ("on", "An diesem Tag hat das Gremium schon eine Sitzung."),
    }

    class Meta:
        model = Session
        fields = ["on", "starts", "ends", "office", "place"]
        help_texts = {"office": "Wenn die Sitzung in einem Stadtteilbüro ist.", "place": "Zum Beispiel „Gruppenraum“."}

    def __init__(self, *args, body: Body, **kwargs):
        super().__init__(*args, **kwargs)
        offices = Office.objects.filter(closed_on=None) | Office.objects.filter(pk=self.instance.office_id)
        self.fields["office"].queryset = offices
        if not self.instance.pk:
            self.instance.body = body


class CancelForm(QuartierForm):
    """Why a session is called off."""

    reason = forms.CharField(label="Grund", max_length=300, help_text="Bleibt im Haus; die Mail nennt ihn nicht.")


class ItemForm(VersionedForm):
    """An agenda item."""

    known = frozenset({"session"})
    constraint_messages = {
        "agenda_item_standard_once": ("kind", "Einen solchen Punkt hat die Tagesordnung schon."),
        "agenda_item_has_title": ("title", "Bitte füllen Sie dieses Feld aus."),
    }

    class Meta:
        model = AgendaItem
        fields = ["title", "kind", "presenter", "duration", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "title": "Steht in der Einladung: bitte ohne Namen von Bewohnerinnen und Bewohnern.",
            "text": "Steht auf der Tagesordnung unter dem Thema.",
            "duration": "Geschätzt.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].label = "Art"
        if self.instance.kind not in GIVEN:
            self.fields["kind"].choices = [one for one in ItemKind.choices if one[0] not in GIVEN]
        elif self.instance.kind == ItemKind.FUND:
            del self.fields["kind"]


SEEN = re.compile(r"(\d{1,18})=(present|excused|absent)")


def _packed(states: dict[int, str]) -> str:
    return ",".join(f"{pk}={state}" for pk, state in sorted(states.items()))


class AttendanceForm(QuartierForm):
    """Who is there: one choice for each member, and guests by name."""

    # What stood there when the page was opened: tells what this person has changed.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)
    seen_guests = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    guests = forms.CharField(
        label="Gäste", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Eine Zeile je Person, mit der Einrichtung.",
    )  # fmt: skip

    def __init__(self, *args, session: Session, members, **kwargs):
        super().__init__(*args, **kwargs)
        states = {one.member_id: one.state for one in session.attendances.all()}
        self.members = list(members)
        for member in self.members:
            self.fields[f"member_{member.pk}"] = forms.ChoiceField(
                label=member.label, choices=Attendance.State, required=False, widget=forms.RadioSelect,
                initial=states.get(member.pk, ""),
            )  # fmt: skip
        self.stored = states
        self.fields["guests"].initial = session.guests
        self.initial |= {"seen": _packed(states), "seen_guests": mark_of([session.guests])}

    @property
    def written(self) -> dict:
        """What this form says, for the action."""
        marks = {"seen": self.seen_states, "seen_guests": self.cleaned_data["seen_guests"]}
        return {"states": self.states, "guests": self.cleaned_data["guests"], **marks}

    @property
    def seen_states(self) -> dict[int, str] | None:
        """What stood there when the page was opened; nothing when the page does not say so."""
        if not self.cleaned_data["seen_guests"]:
            return None
        found = SEEN.findall(self.cleaned_data["seen"])
        return {int(pk): state for pk, state in found}

    def on_top_of(self, session: Session) -> list[tuple[str, str, str]]:
        """What somebody else has noted meanwhile beside what was typed; saving again overwrites that knowingly."""
        rows, stored, seen = [], {one.member_id: one.state for one in session.attendances.all()}, self.seen_states or {}
        self.data, words = self.data.copy(), {"": "–", **dict(Attendance.State.choices)}
        for member in self.members:
            now, typed = stored.get(member.pk, ""), self.states[member.pk]
            if typed == seen.get(member.pk, ""):
                self.data[f"member_{member.pk}"] = now
            elif typed != now:
                rows.append((member.label, words[now], words[typed]))
        if session.guests != self.cleaned_data["guests"]:
            rows.append(("Gäste", session.guests or "–", self.cleaned_data["guests"] or "–"))
        self.data["seen"], self.data["seen_guests"] = _packed(stored), mark_of([session.guests])
        return rows

    @property
    def rows(self) -> list:
        """Members with their field."""
        return [(member, self[f"member_{member.pk}"]) for member in self.members]

    @property
    def states(self) -> dict[int, str]:
        """What was chosen for whom."""
        return {member.pk: self.cleaned_data[f"member_{member.pk}"] for member in self.members}


def seen_mark(item: AgendaItem) -> str:
    """A mark of what an item's minutes said when the page was opened: tells whether somebody has changed them."""
    return mark_of([item.minutes, item.decision, item.yes, item.no, item.abstained])


class MinutesItemForm(MasterDataForm):
    """What the minutes say about one item."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=20)
    constraint_messages = {"agenda_item_votes_are_whole": ("yes", "Bitte alle drei Zahlen eintragen, auch eine 0.")}

    class Meta:
        model = AgendaItem
        fields = ["minutes", "decision", "yes", "no", "abstained"]
        widgets = {
            "minutes": forms.Textarea(attrs={"rows": 5}),
            "decision": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        item = self.instance
        self.initial |= {"version": item.version, "seen": seen_mark(item)}
        for name in ("yes", "no", "abstained"):
            self.fields[name].max_value = 999
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "max": "999"}
        # What is stored is read again by the action; checks here must not change it.
        self.number = item.position

    @property
    def is_of_fund(self) -> bool:
        """Whether the votes are noted on the page of an application to a fund."""
        return self.instance.kind == ItemKind.FUND

    @property
    def asks_for_votes(self) -> bool:
        """Whether the page offers the fields of a vote at once."""
        return self.instance.kind in (ItemKind.DECISION, ItemKind.ELECTION) or bool(self.instance.decision)

    @property
    def written(self) -> Written:
        """What this form says, for the action."""
        data = self.cleaned_data
        words = {name: data[name] for name in ("minutes", "decision", "yes", "no", "abstained")}
        touched = mark_of(list(words.values())) != data["seen"]
        return Written(self.instance.pk, data["version"], touched, words)


class ToldForm(QuartierForm):
    """Which answers of the administration were reported."""

    told = forms.MultipleChoiceField(
        label="In der Sitzung berichtet", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Mit der Genehmigung des Protokolls ist die Rückmeldung an das Gremium festgehalten.",
    )  # fmt: skip

    # What was ticked when the page was opened: tells what this person has changed.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def __init__(self, *args, choices: list[tuple[int, str]], known: list[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["told"].choices = choices
        self.initial |= {"told": known, "seen": ",".join(map(str, known))}

    @property
    def ids(self) -> set[int]:
        """Ids of the chosen ones."""
        return {int(pk) for pk in self.cleaned_data["told"]}

    @property
    def seen_ids(self) -> set[int]:
        """Ids of those that were chosen before."""
        return {int(pk) for pk in self.cleaned_data["seen"].split(",") if pk.isdecimal()}


class ApproveForm(QuartierForm):
    """How minutes were approved."""

    how = forms.ChoiceField(
        label="Genehmigt", widget=forms.RadioSelect,
        choices=[choice for choice in Session.ApprovedBy.choices if choice[0]],
    )  # fmt: skip
    approved_in = forms.ModelChoiceField(
        label="In der Sitzung vom", queryset=Session.objects.none(), required=False, empty_label="Bitte wählen"
    )

    def __init__(self, *args, session: Session, **kwargs):
        super().__init__(*args, **kwargs)
        later = Session.objects.held().filter(body=session.body_id, on__gt=session.on).select_related("body")
        self.fields["approved_in"].queryset = later.order_by("on")
        self.fields["approved_in"].label_from_instance = lambda one: f"{one.on:%d.%m.%Y}"
        first = later.order_by("on").first()
        self.fields["how"].initial = "session" if first else "confirmation"
        self.fields["approved_in"].initial = first
        if first is None:
            self.fields["how"].choices = [("confirmation", Session.ApprovedBy.CONFIRMATION.label)]

    def clean(self):
        """A session is named where one approved."""
        data = super().clean()
        if data.get("how") == "session" and not data.get("approved_in"):
            self.add_error("approved_in", "Bitte die Sitzung wählen.")
        return data
