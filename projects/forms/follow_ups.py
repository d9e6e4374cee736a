"""Forms about follow-ups, and the concern that comes from a session."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from concerns.actions.intake import ConcernData
from concerns.models import Concern, Topic
from districts.forms.versions import VersionedForm
from districts.models import District, User
from districts.roles import Perm
from projects.models import Body, FollowUp, Session
from projects.workflow import FOLLOW_UP_MOVES, FollowUpStatus
from quartier.web.forms import LeanSelect, QuartierForm


class FollowUpForm(VersionedForm):
    """Who does what until when."""

    class Meta:
        model = FollowUp
        fields = ["task", "responsible", "due_on", "item", "owner"]
        help_texts = {
            "task": "Das lesen auch Träger, die zum Gremium gehören: bitte ohne Namen von Bewohnerinnen und Bewohnern.",
            "responsible": "Eine Einrichtung, ein Fachbereich oder eine Person mit ihrer Aufgabe.",
            "owner": "In dessen Arbeitskorb erscheint der Auftrag am Fälligkeitstag. Leer: beim Team des Quartiers.",
        }

    def __init__(self, *args, session: Session | None, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        if session is None:
            del self.fields["item"]
        else:
            self.fields["item"].queryset = session.items.all()
        team = User.objects.colleagues_of(user, on=timezone.localdate()) | User.objects.filter(pk=user.pk)
        self.fields["owner"].queryset = (team | User.objects.filter(pk=self.instance.owner_id)).distinct()
        self.fields["due_on"].initial = timezone.localdate() + timedelta(days=28)


class StandForm(QuartierForm):
    """What has become of a follow-up: in progress, put off with a new day and the reason, done, dropped."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    status = forms.ChoiceField(label="Der Auftrag ist", widget=forms.RadioSelect)
    until = forms.DateField(label="Neuer Termin", required=False, help_text="Nur wenn er verschoben wird.")
    result = forms.CharField(
        label="Ergebnis, Stand oder Grund", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Wenn der Auftrag verschoben wird oder entfällt, gehört der Grund dazu. Warum er verschoben ist, "
        "lesen auch Träger, die zum Gremium gehören.",
    )  # fmt: skip

    def __init__(self, *args, follow_up: FollowUp, **kwargs):
        super().__init__(*args, **kwargs)
        self.follow_up = follow_up
        # Of one that somebody else has settled meanwhile everything stays on offer: the action tells how it stands.
        allowed = FOLLOW_UP_MOVES[follow_up.status if follow_up.is_open else FollowUpStatus.OPEN]
        self.fields["status"].choices = [one for one in FollowUpStatus.choices if one[0] in allowed]
        self.initial.setdefault("version", follow_up.version)

    def clean(self):
        """One that is dropped or put off says why; the new day is a later one."""
        data = super().clean()
        status, until, last = data.get("status"), data.get("until"), max(self.follow_up.due_on, timezone.localdate())
        if status == FollowUpStatus.DROPPED and not data.get("result"):
            self.add_error("result", "Bitte schreiben, warum der Auftrag entfällt.")
        if status == FollowUpStatus.PUT_OFF:
            if not data.get("result"):
                self.add_error("result", "Bitte schreiben, warum der Auftrag verschoben wird.")
            if "until" in data and (until is None or until <= last):
                self.add_error("until", f"Bitte einen Tag nach dem {last:%d.%m.%Y} wählen.")
        return data


class RaiseForm(QuartierForm):
    """A concern of a body: everything is filled in, the topic alone has to be chosen."""

    title = forms.CharField(label="Titel", max_length=120)
    text = forms.CharField(
        label="Was ist das Anliegen?", max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Geht so an den Fachbereich: bitte ohne Namen von Personen.",
    )  # fmt: skip
    topic = forms.ModelChoiceField(
        label="Thema", queryset=Topic.objects.none(), widget=LeanSelect, empty_label="Bitte wählen"
    )
    kind = forms.ChoiceField(label="Art", choices=Concern.Kind)
    district = forms.ModelChoiceField(
        label="Quartier", queryset=District.objects.none(), required=False, empty_label="außerhalb aller Quartiere"
    )
    place = forms.CharField(label="Ort in Worten", max_length=200, required=False)

    def __init__(self, *args, body: Body, user: User, occasion: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.occasion = occasion
        topics = Topic.objects.in_use().filter(is_sensitive=False, parent__is_sensitive=False).in_catalogue_order()
        self.fields["topic"].queryset = topics
        own = user.rights.districts(Perm.LOG_CONCERN)
        self.fields["district"].queryset = District.objects.filter(pk__in=own).defer("boundary")
        here = [one.pk for one in body.districts.all() if one.pk in own]
        self.fields["district"].initial = here[0] if here else next(iter(own), None)

    @property
    def data_of_concern(self) -> ConcernData:
        """What is logged."""
        names = ("title", "text", "topic", "kind", "district", "place")
        typed = {name: self.cleaned_data[name] for name in names}
        return ConcernData(**typed, channel=Concern.Channel.BODY, occasion=self.occasion[:120])
