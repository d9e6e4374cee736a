"""Forms about opening hours, exceptions and the checklist of an office."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from districts.forms.base import MasterDataForm
from districts.forms.fields import ActorInput, actor_label, known_actor
from districts.forms.places import VALIDITY, VALIDITY_HINTS
from districts.models import Office, OfficeQuality, OpeningException, OpeningSlot
from districts.opening import Change, Kind, monday_of, runs_on
from quartier.web.forms import QuartierForm

WEEKLY, FORTNIGHTLY = "jede", "zweite"
LONGEST_EXCEPTION = 366  # days
LONGEST_PROVIDER = 160
# Which fields belong to which kinds; the others are left out, and not shown where scripts run.
OFFERED = frozenset({Kind.THIRD_PARTY, Kind.MEETING})
BY_APPOINTMENT = frozenset({Kind.CONSULTATION, Kind.THIRD_PARTY})
TIMES = "Das Ende muss nach dem Anfang liegen."


class SlotForm(MasterDataForm):
    """Hours of an office. Hours that have begun are changed from a day on, or corrected as a whole without one."""

    known = frozenset({"office", "valid_from"})
    constraint_messages = {
        "slot_times_in_order": ("ends", TIMES),
        "slot_validity_in_order": ("valid_to", VALIDITY),
        "slot_provider_named": ("provider", "Bitte nennen Sie, wer die Beratung anbietet."),
        "slot_entered_once": (None, "Genau diesen Termin gibt es in diesem Zeitraum schon."),
    }
    rhythm = forms.ChoiceField(
        label="Wie oft",
        choices=((WEEKLY, "jede Woche"), (FORTNIGHTLY, "alle zwei Wochen")),
        widget=forms.RadioSelect,
    )
    change_from = forms.DateField(
        label="Änderung gilt ab",
        required=False,
        help_text="Vorher bleibt alles, wie es war. Leer: Der Eintrag war falsch und wird als Ganzes berichtigt.",
    )

    class Meta:
        model = OpeningSlot
        fields = [
            *("kind", "provider", "topic", "weekday", "starts", "ends", "anchor", "room", "language"),
            *("needs_appointment", "valid_from", "valid_to"),
        ]
        widgets = {"provider": ActorInput}
        labels = {"anchor": "Ein Tag der Woche, in der der Termin stattfindet"}
        help_texts = VALIDITY_HINTS | {
            "provider": "Verein, Träger oder Amt. Wer im Verzeichnis der Akteure steht, wird damit verbunden.",
            "topic": "Zum Beispiel „Mieterberatung“ oder „Elterncafé“.",
            "room": "Wenn mehrere Räume da sind. Belegen zwei Termine denselben Raum, weist die Seite darauf hin.",
            "language": "Wenn in anderen Sprachen als Deutsch beraten wird.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Room for the number that the list adds; the name itself is checked against the column.
        self.fields["provider"].max_length = None
        self.fields["provider"].validators = []
        if self.instance.provider_actor:
            self.initial["provider"] = actor_label(self.instance.provider_actor)
        self.fields["rhythm"].initial = FORTNIGHTLY if self.instance.anchor else WEEKLY
        if self.instance.pk and self.instance.has_begun:
            del self.fields["valid_from"]
            self.fields["change_from"].initial = timezone.localdate()
        else:
            del self.fields["change_from"]

    def clean_provider(self) -> str:
        """A name; the actor it belongs to is kept beside it, when there is exactly one."""
        text = self.cleaned_data["provider"]
        self.actor = known_actor(text) if text else None
        name = self.actor.name if self.actor else text
        if len(name) > LONGEST_PROVIDER:
            raise forms.ValidationError(f"Höchstens {LONGEST_PROVIDER} Zeichen.")
        return name

    def _only_what_belongs(self, cleaned: dict) -> None:
        kind = cleaned.get("kind")
        cleaned["provider_actor"] = getattr(self, "actor", None)
        if kind and kind not in OFFERED:
            cleaned |= {"provider": "", "provider_actor": None}
        if kind and kind not in BY_APPOINTMENT:
            cleaned["needs_appointment"] = False

    def clean(self) -> dict:
        """Any day names the week that is counted from; without the rhythm of two weeks there is none."""
        cleaned = super().clean()
        self._only_what_belongs(cleaned)
        if cleaned.pop("rhythm", WEEKLY) == WEEKLY:
            cleaned["anchor"] = None
        elif cleaned.get("anchor"):
            cleaned["anchor"] = monday_of(cleaned["anchor"])
        elif "anchor" not in self.errors:
            self.add_error("anchor", "Bitte einen Tag der Woche nennen, in der der Termin stattfindet.")
        return cleaned

    def _check_constraints(self, exclude: set[str]) -> None:
        """What is checked is what will be valid: from the day of the change on."""
        self.instance.valid_from = self.cleaned_data.get("change_from") or self.instance.valid_from
        super()._check_constraints(exclude)


class EndForm(QuartierForm):
    """The last day of hours."""

    last_day = forms.DateField(label="Letzter Tag", help_text="Der Tag selbst zählt noch mit.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = timezone.localdate()


class ExceptionForm(MasterDataForm):
    """What holds on a day or several instead of the usual."""

    constraint_messages = {
        "exception_days_in_order": ("last_day", VALIDITY),
        "exception_times_for_extra_hours": ("ends", TIMES),
    }

    class Meta:
        model = OpeningException
        fields = ["change", "first_day", "last_day", "slot", "kind", "starts", "ends", "reason"]
        widgets = {"change": forms.RadioSelect}
        labels = {"last_day": "Letzter Tag (leer: nur dieser eine)"}
        help_texts = {
            "reason": "Steht auf der Seite des Büros und auf dem Aushang, zum Beispiel „Betriebsausflug“.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        lasting = [slot for slot in self.instance.office.slots.all() if not slot.valid_to or slot.valid_to >= today]
        chosen = [self.instance.slot_id] if self.instance.slot_id else []
        slot = self.fields["slot"]
        slot.queryset = OpeningSlot.objects.filter(pk__in=[*(one.pk for one in lasting), *chosen])
        slot.empty_label = "alle Termine des Tages"
        self.fields["last_day"].required = False
        self.fields["change"].choices = [one for one in self.fields["change"].choices if one[0]]
        self.initial["change"] = self.instance.change or Change.CLOSED

    def clean(self) -> dict:
        """What does not belong to the kind of exception is left out; what it needs is asked for."""
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and not last and "last_day" not in self.errors:
            last = cleaned["last_day"] = first
        if first and last and (last - first).days > LONGEST_EXCEPTION:
            self.add_error("last_day", "Eine Ausnahme dauert höchstens ein Jahr.")
        if cleaned.get("change") == Change.EXTRA:
            for name in ("kind", "starts", "ends"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, "Bitte angeben, wann und wofür zusätzlich geöffnet ist.")
        elif "change" in cleaned:
            cleaned |= {"kind": "", "starts": None, "ends": None}
        if cleaned.get("change") != Change.CLOSED:
            cleaned["slot"] = None
        if (
            cleaned.get("slot")
            and first
            and last
            and not self.errors
            and not _takes_place(cleaned["slot"], first, last)
        ):
            self.add_error("slot", "Dieser Termin findet an diesen Tagen ohnehin nicht statt.")
        return cleaned


def _takes_place(slot: OpeningSlot, first: date, last: date) -> bool:
    return any(runs_on(slot, first + timedelta(days=n)) for n in range((last - first).days + 1))


class ClosureForm(QuartierForm):
    """Days on which several offices are closed for the same reason."""

    offices = forms.ModelMultipleChoiceField(
        label="Welche Büros", queryset=Office.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    first_day = forms.DateField(label="Erster Tag")
    last_day = forms.DateField(label="Letzter Tag (leer: nur dieser eine)", required=False)
    reason = forms.CharField(
        label="Grund",
        max_length=160,
        help_text="Steht auf der Seite jedes Büros und auf dem Aushang, zum Beispiel „Betriebsausflug“.",
    )

    def __init__(self, *args, offices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["offices"].queryset = offices
        self.fields["offices"].initial = [one.pk for one in offices]

    def clean(self) -> dict:
        """One day unless a last one is named; at most a year."""
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and not last and "last_day" not in self.errors:
            cleaned["last_day"] = first
        elif first and last and last < first:
            self.add_error("last_day", VALIDITY)
        elif first and last and (last - first).days > LONGEST_EXCEPTION:
            self.add_error("last_day", "Eine Ausnahme dauert höchstens ein Jahr.")
        return cleaned


class QualityForm(QuartierForm):
    """The checklist: every item with its state and a note."""

    def __init__(self, *args, office: Office, **kwargs):
        super().__init__(*args, **kwargs)
        known = {row.item: row for row in office.qualities.all()}
        for item, label in OfficeQuality.Item.choices:
            row = known.get(item)
            self.fields[item] = forms.ChoiceField(
                label=label,
                choices=OfficeQuality.State.choices,
                initial=row.state if row else "unknown",
                required=False,
            )
            self.fields[f"{item}-note"] = forms.CharField(
                label=f"Anmerkung: {label}", max_length=200, required=False, initial=row.note if row else ""
            )
        self.fields["group_room_size"] = forms.IntegerField(
            label="Größe des Gruppenraums in m²", min_value=1, max_value=2000, required=False,
            initial=office.group_room_size,
        )  # fmt: skip

    @property
    def lines(self) -> list[tuple]:
        """State and note of every item."""
        return [(self[item], self[f"{item}-note"]) for item in OfficeQuality.Item.values]

    @property
    def answers(self) -> dict[str, tuple[str, str]]:
        """By item, the state and the note."""
        cleaned = self.cleaned_data
        return {item: (cleaned[item] or "unknown", cleaned[f"{item}-note"]) for item in OfficeQuality.Item.values}
