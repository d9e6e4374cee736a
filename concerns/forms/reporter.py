"""Who raised a concern and how they want to hear back (K02)."""

import re

from django import forms

from concerns.actions.intake import ReporterData
from concerns.models import Reporter
from quartier.web.forms import QuartierForm

MAX_REPORTERS = 10  # in one form; more can be added on the concern's page
PERSONAL = ("name", "phone", "email", "address")
WITHOUT_PERSON = {Reporter.Kind.ANONYMOUS, Reporter.Kind.OBSERVATION}
Channel = Reporter.Channel
# What the wanted channel cannot do without.
NEEDED = {
    Channel.PHONE: (("phone", "Für den Anruf brauchen wir eine Telefonnummer."),),
    Channel.EMAIL: (("email", "Für die E-Mail brauchen wir eine Adresse."),),
    Channel.LETTER: (
        ("name", "Für den Brief brauchen wir einen Namen."),
        ("address", "Für den Brief brauchen wir die Anschrift."),
    ),
}


class ReporterForm(QuartierForm):
    """One person, group or institution; or nobody, when it was told anonymously or seen by the team itself."""

    kind = forms.ChoiceField(label="Wer meldet?", choices=Reporter.Kind, initial=Reporter.Kind.RESIDENT)
    channel = forms.ChoiceField(label="Rückmeldung über", choices=Reporter.Channel, initial=Channel.PHONE)
    name = forms.CharField(
        label="Name", max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        label="Telefon",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="E-Mail", max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(
        label="Anschrift", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    consent_store = forms.BooleanField(
        label="Einverstanden: Name und Kontaktdaten dürfen für die Rückmeldung gespeichert werden",
        required=False,
        help_text="Freiwillig und widerrufbar. Nach dem Abschluss werden die Daten gelöscht.",
    )
    consent_pass_on = forms.BooleanField(
        label="Einverstanden: Der Fachbereich darf Name und Kontaktdaten erhalten",
        required=False,
        help_text="Zum Beispiel für einen Ortstermin. Ohne Haken sieht der Fachbereich nie, wer gemeldet hat.",
    )
    language = forms.ChoiceField(label="Sprache", choices=Reporter.Language, initial=Reporter.Language.DE)
    plain_language = forms.BooleanField(label="Einfache Sprache gewünscht", required=False)

    def clean_phone(self) -> str:
        """Enough digits for a number."""
        phone = self.cleaned_data["phone"]
        if phone and len(re.sub(r"\D", "", phone)) < 5:
            raise forms.ValidationError("Bitte die Telefonnummer mit Vorwahl angeben.")
        return phone

    def clean(self) -> dict:
        """The channel's contact data, and consent for whatever is stored."""
        data = super().clean()
        if data.get("kind") in WITHOUT_PERSON:
            return self._without_person(data)
        for name, message in NEEDED.get(data.get("channel"), ()):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, message)
        if any(data.get(name) for name in PERSONAL) and not data.get("consent_store"):
            self.add_error(
                "consent_store",
                "Ohne Einverständnis dürfen wir die Angaben nicht speichern: bitte einholen oder Felder leeren.",
            )
        elif data.get("consent_pass_on") and not data.get("consent_store"):
            self.add_error("consent_store", "Weitergeben dürfen wir nur, was wir auch speichern dürfen.")
        return data

    def _without_person(self, data: dict) -> dict:
        """Nobody's data are kept; anonymous people are told by a notice, the team needs no telling."""
        for name in PERSONAL:
            self.errors.pop(name, None)
            data[name] = ""
        data["consent_store"] = data["consent_pass_on"] = False
        if data["kind"] == Reporter.Kind.OBSERVATION:
            data["channel"] = Channel.NONE
        elif data.get("channel") != Channel.NONE:
            data["channel"] = Channel.NOTICE
        return data

    def reporter_data(self) -> ReporterData:
        """What the actions get."""
        return ReporterData(**self.cleaned_data)


class BaseReporterFormSet(forms.BaseFormSet):
    """Rows of reporters: the first must be filled in, further ones left untouched count as not there."""

    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "missing_management_form": "Die Angaben zu den Personen kamen unvollständig an. Bitte noch einmal speichern.",
        "too_many_forms": f"Mehr als {MAX_REPORTERS} Personen auf einmal sind nicht möglich.",
        "too_few_forms": "Bitte angeben, wer meldet: auch „Anonym“ oder „Eigene Beobachtung“ ist möglich.",
    }

    def clean(self) -> None:
        """The first row is always checked like any form; here only that it was sent at all."""
        if not self.forms:
            raise forms.ValidationError(self.error_messages["too_few_forms"])

    def initial_form_count(self) -> int:
        """No row is stored yet, whatever the sent data claim."""
        return 0

    def total_form_count(self) -> int:
        """What was sent, or one row for each person typed so far."""
        return super().total_form_count() if self.is_bound else max(1, len(self.initial or []))

    def reporters_data(self) -> list[ReporterData]:
        """What the actions get."""
        return [form.reporter_data() for index, form in enumerate(self.forms) if index == 0 or form.has_changed()]


ReporterFormSet = forms.formset_factory(
    ReporterForm,
    formset=BaseReporterFormSet,
    extra=0,
    min_num=1,
    max_num=MAX_REPORTERS,
    absolute_max=MAX_REPORTERS,
    validate_max=True,
)
