"""Forms about what happens to an application in a session and after it (Z37, Z38)."""

from decimal import Decimal

from django import forms
from django.utils import timezone

from districts.forms.versions import VersionedForm
from projects.costs import euros
from projects.fund_workflow import Outcome
from projects.models import BodyMember, FundApplication, FundItem, ProofOfUse, Session, voting_rows
from quartier.web.forms import QuartierForm

from .money import AmountField

ZERO = Decimal(0)


class VoteForm(VersionedForm):
    """What a session decided about an application."""

    result = forms.ChoiceField(label="Ergebnis", choices=Outcome, widget=forms.RadioSelect)
    amount = AmountField(
        label="Betrag (€)", empty=ZERO, required=False, help_text="Nur bei „teilweise bewilligt“ nötig."
    )
    # What the three numbers and the result have to do with each other says the action, in one place.
    constraint_messages = {
        "fund_item_votes_of_the_unbiased": ("yes", "Bitte alle drei Zahlen eintragen, auch eine 0."),
        "fund_item_result_follows_the_votes": ("result", "Das Ergebnis passt nicht zu Stimmen, Betrag und Begründung."),
    }

    class Meta:
        model = FundItem
        fields = ["biased", "yes", "no", "abstained", "result", "amount", "conditions", "reason"]
        widgets = {
            "biased": forms.CheckboxSelectMultiple,
            "conditions": forms.Textarea(attrs={"rows": 2}),
            "reason": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "biased": "Wer befangen ist, stimmt nicht mit ab und zählt nicht. Ist jemand als Vertretung befangen, hier "
            "die Vertretung ankreuzen.",
            "reason": "Nötig, wenn weniger oder nichts bewilligt wird. Steht im Bescheid: bitte verständlich.",
            "conditions": "Zum Beispiel „Eintritt frei“. Stehen im Bescheid.",
        }

    def __init__(self, *args, session: Session, **kwargs):
        super().__init__(*args, **kwargs)
        self.voting = voting_rows(session.attendance_rows(), session.on)
        members = BodyMember.objects.filter(pk__in=[one.member_id for one in self.voting]).with_names()
        self.fields["biased"].queryset = members
        self.fields["biased"].required = False
        application = self.instance.application
        if not self.instance.result:
            self.initial["biased"] = [one.member_id for one in self.voting if application.profits(one.member)]
            self.initial["conditions"] = application.conditions_so_far
        for name in ("yes", "no", "abstained"):
            self.fields[name].max_value = 999
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "max": "999"}

    def _check_constraints(self, exclude: set[str]) -> None:
        """Votes in the room are counted by the action: here the numbers would be compared with those of before."""

    def clean(self):
        """A no says why, in words of the form."""
        data = super().clean()
        if data.get("result") in (Outcome.PARTLY, Outcome.REFUSED) and not data.get("reason"):
            self.add_error("reason", "Bitte begründen: Der Grund steht im Bescheid.")
        return data


class NoticeForm(QuartierForm):
    """When and how the applicant was told."""

    on = forms.DateField(label="Zugestellt am", initial=timezone.localdate)
    way = forms.ChoiceField(label="Wie", choices=FundApplication.Way, widget=forms.RadioSelect)


class BookingForm(QuartierForm):
    """Money that moves, with the version of the application that was on the screen: nothing is booked twice."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, version: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = version

    def on_top_of(self, application: FundApplication) -> None:
        """Keep what was typed, now against what is booked: sending it again books it knowingly."""
        self.data = self.data.copy()
        self.data["version"] = str(application.version)


class PayForm(BookingForm):
    """A payment."""

    amount = AmountField(label="Betrag (€)")
    on = forms.DateField(label="Ausgezahlt am", initial=timezone.localdate)

    def __init__(self, *args, rest: Decimal, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = rest
        self.fields["amount"].help_text = f"Noch nicht ausgezahlt: {euros(rest)}."


class ReversalForm(BookingForm):
    """Why a booking is reversed, or a proof opened again."""

    reason = forms.CharField(
        label="Grund", max_length=200, help_text="Steht bei den Buchungen und bleibt dort. Bitte ohne Namen und Konten."
    )


class ProofForm(QuartierForm):
    """The proof of use as it was checked."""

    received_on = forms.DateField(label="Nachweis eingegangen am", initial=timezone.localdate)
    receipts = AmountField(
        label="Summe der Belege (€)", help_text="Was das Projekt wirklich gekostet hat, ohne Ehrenamt."
    )
    to_return = AmountField(
        label="Zurückzuzahlen (€)", required=False,
        help_text="Leer: ausgerechnet aus den Belegen, dem Eigenanteil in Geld und anderer Förderung.",
    )  # fmt: skip
    report = forms.CharField(
        label="Kurzer Bericht: was daraus geworden ist", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ohne Namen von Personen. Kann in Berichten stehen.",
    )  # fmt: skip
    participants = forms.IntegerField(label="Teilnehmende, ungefähr", min_value=0, max_value=1_000_000, required=False)

    @staticmethod
    def first_values(proof: ProofOfUse | None) -> dict:
        """What was typed before the proof was opened again; what has to come back is worked out anew."""
        names = ("received_on", "receipts", "report", "participants")
        return {name: getattr(proof, name) for name in names} if proof else {}


class ReturnForm(BookingForm):
    """Money that has come back."""

    amount = AmountField(label="Betrag (€)")
    on = forms.DateField(label="Eingegangen am", initial=timezone.localdate)

    def __init__(self, *args, owed: Decimal, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = owed
        self.fields["amount"].help_text = f"Noch zurückzuzahlen: {euros(owed)}."
