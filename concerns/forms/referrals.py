"""Forms about referrals (K17). None of them has room for words: nobody keeps a file about a person here."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from concerns.models import Referral, Reporter
from districts.models import ContactPerson
from quartier.web.forms import QuartierForm

from .answers import check_day

ASK_AFTER = timedelta(days=14)


class ReporterChoice(forms.ModelChoiceField):
    """Somebody of the concern, as the team names them."""

    def label_from_instance(self, obj: Reporter) -> str:
        """The label the team sees on the concern's page."""
        return obj.label


class ContactChoice(forms.ModelChoiceField):
    """Somebody who may be named, with what they do and which languages they speak."""

    def label_from_instance(self, obj: ContactPerson) -> str:
        """„Rosa Kern, Beratung (Türkisch)“."""
        name = ", ".join(filter(None, (obj.name, obj.function)))
        return f"{name} ({', '.join(obj.language_names)})" if obj.languages else name


class ReferralForm(QuartierForm):
    """Who is sent there, how, and when to ask whether they have arrived."""

    reporter = ReporterChoice(
        label="Für wen", queryset=Reporter.objects.none(), required=False, empty_label="ohne Angabe"
    )
    contact = ContactChoice(
        label="An wen dort",
        queryset=ContactPerson.objects.none(),
        required=False,
        empty_label="niemand Bestimmtes",
        help_text="Nur wer eingewilligt hat, dass wir Namen und dienstliche Nummer weitergeben.",
    )
    accompanied = forms.BooleanField(label="Wir begleiten die Person dorthin", required=False)
    hands_over_data = forms.BooleanField(
        label="Wir geben Name oder Kontaktdaten an die Stelle weiter",
        required=False,
        help_text="Nur mit Einwilligung der Person.",
    )
    consent_on = forms.DateField(label="Einwilligung vom", required=False)
    ask_on = forms.DateField(
        label="Nachfragen, ob es geklappt hat, am",
        required=False,
        help_text="Dann liegt die Nachfrage im Arbeitskorb. Leer: nicht nachfragen.",
    )
    finish = forms.BooleanField(
        label="Danach das Ergebnis „Weitervermittelt“ festhalten",
        required=False,
        help_text="Die Rückmeldung an die Anliegengeber/innen bleibt wie immer offen, bis sie gegeben ist.",
    )

    def __init__(self, *args, reporters, contacts, may_finish: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = contacts
        if not contacts.exists():
            del self.fields["contact"]
        self.fields["reporter"].queryset = reporters
        self.fields["ask_on"].initial = timezone.localdate() + ASK_AFTER
        if not may_finish:
            del self.fields["finish"]

    def clean_ask_on(self):
        """Today or later."""
        day = self.cleaned_data["ask_on"]
        return day and check_day(day, earliest=timezone.localdate(), what="Der Tag zum Nachfragen")

    def clean(self) -> dict:
        """Handing over data needs a person and the day of their consent; without it the day is dropped."""
        data = super().clean()
        if not data.pop("hands_over_data", False):
            return {**data, "consent_on": None}
        if not data.get("reporter"):
            self.add_error("reporter", "Bitte sagen, wessen Daten weitergegeben werden.")
        if "consent_on" not in self.errors and not data.get("consent_on"):
            self.add_error("consent_on", "Ohne Einwilligung dürfen keine Daten weitergegeben werden.")
        elif data.get("consent_on") and data["consent_on"] > timezone.localdate():
            self.add_error("consent_on", "Die Einwilligung kann nicht in der Zukunft liegen.")
        return data


class AskedForm(QuartierForm):
    """What came of asking."""

    AGAIN = "again"

    result = forms.ChoiceField(
        label="Ist die Person angekommen?",
        choices=[
            (Referral.Result.ARRIVED, "Ja, angekommen"),
            (Referral.Result.NOT_ARRIVED, "Nein, nicht angekommen"),
            (Referral.Result.NOT_REACHED, "Nicht erreicht, wir fragen nicht mehr"),
            (AGAIN, "Noch nicht zu sagen, wir fragen noch einmal"),
        ],
        widget=forms.RadioSelect,
    )
    ask_on = forms.DateField(label="Noch einmal fragen am", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ask_on"].initial = timezone.localdate() + ASK_AFTER

    def clean(self) -> dict:
        """Asking again needs a day to come."""
        data = super().clean()
        if data.get("result") == self.AGAIN and "ask_on" not in self.errors:
            if not data.get("ask_on"):
                self.add_error("ask_on", "Bitte sagen, wann wir wieder fragen.")
            elif data["ask_on"] <= timezone.localdate():
                self.add_error("ask_on", "Bitte einen Tag in der Zukunft wählen.")
        return data
