"""Forms about actors."""

from django import forms
from django.utils import timezone

from districts.forms.fields import ActorField, LanguagesField, offered
from districts.forms.versions import VersionedForm
from districts.models import ActionField, Actor, ActorType, District, TargetGroup, User
from districts.roles import Perm
from quartier.web.csvfield import CsvFileField
from quartier.web.forms import LeanSelect, QuartierForm

OWN_DISTRICT = "Bitte mindestens eines Ihrer Quartiere ankreuzen oder keines (dann gilt der Eintrag stadtweit)."
CITYWIDE = "Nichts angekreuzt: in der ganzen Stadt."


def clean_districts_of(user: User, districts):
    """Districts a person may give: Sozialplanung any, a team at least one of its own, or none.

    Raises:
        ValidationError: the person could not change the entry any more.
    """
    own = user.rights.districts(Perm.EDIT_ACTORS)
    free = user.rights.can(Perm.EDIT_ALL_ACTORS) or not districts
    if not free and not any(one.pk in own for one in districts):
        raise forms.ValidationError(OWN_DISTRICT)
    return districts


class ActorForm(VersionedForm):
    """An actor; ending and merging have their own steps. Of a new one similar entries are pointed out first."""

    parent = ActorField(label="Träger oder Dachverband", required=False)
    website = forms.URLField(
        label="Internetseite",
        required=False,
        max_length=200,
        assume_scheme="https",
        error_messages={"invalid": "Bitte eine Internetadresse eingeben, zum Beispiel www.beispiel.de."},
    )
    languages = LanguagesField()
    verified = forms.BooleanField(label="Die Angaben sind damit geprüft", required=False, initial=True)
    confirmed = forms.BooleanField(label="Es ist ein anderer Akteur: trotzdem anlegen", required=False)

    class Meta:
        model = Actor
        fields = [
            *("name", "short_name", "type", "carrier_type", "legal_form", "parent", "districts"),
            *("street", "postcode", "city", "phone", "email", "website"),
            *("action_fields", "target_groups", "languages", "description", "status", "source", "is_public"),
        ]
        widgets = {
            "districts": forms.CheckboxSelectMultiple,
            "action_fields": forms.CheckboxSelectMultiple,
            "target_groups": forms.CheckboxSelectMultiple,
            "description": forms.Textarea(attrs={"rows": 4}),
            "type": LeanSelect,
        }
        help_texts = {
            "districts": CITYWIDE,
            "carrier_type": "Nur wenn er Einrichtungen oder Projekte trägt.",
            "source": "Zum Beispiel „Gespräch im Mai“, „Internetseite“.",
            "description": "Ohne Namen von Personen: Das lesen alle Teams, die Sozialplanung und die Fachbereiche.",
            "is_public": "Name und Anschrift dürfen in Verzeichnissen für Bewohner/innen stehen.",
            "phone": "Der Einrichtung, nicht einer Person.",
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.alike = user, []
        stored = self.instance if self.instance.pk else None
        chosen = {name: self.initial.get(name) or () for name in ("action_fields", "target_groups", "districts")}
        self.fields["type"].queryset = offered(ActorType, [stored.type_id] if stored else ())
        self.fields["action_fields"].queryset = offered(ActionField, [one.pk for one in chosen["action_fields"]])
        self.fields["target_groups"].queryset = offered(TargetGroup, [one.pk for one in chosen["target_groups"]])
        districts = District.objects.valid_on(timezone.localdate())
        if stored:
            districts |= District.objects.filter(pk__in=[one.pk for one in chosen["districts"]])
            del self.fields["confirmed"]
        self.fields["districts"].queryset = districts.defer("boundary")
        self.fields["parent"].queryset = Actor.objects.visible_to(user).exclude(pk=stored.pk if stored else None)
        self._set_status(stored)

    def _set_status(self, stored: Actor | None) -> None:
        if stored and stored.status == Actor.Status.ENDED:
            del self.fields["status"]
        else:
            self.fields["status"].choices = [one for one in Actor.Status.choices if one[0] != Actor.Status.ENDED]

    def clean_districts(self):
        """Whoever enters an actor keeps the right to change it."""
        return clean_districts_of(self.user, self.cleaned_data["districts"])

    def clean(self) -> dict:
        """Similar entries must be looked at before a new one is made."""
        cleaned = super().clean()
        if "confirmed" in self.fields and not cleaned.pop("confirmed", False) and cleaned.get("name"):
            self.alike = Actor.objects.visible_to(self.user).alike(cleaned["name"])
            if self.alike:
                self.add_error("name", "Ähnliche Einträge gibt es schon. Bitte unten nachsehen.")
        return cleaned


class OwnActorForm(ActorForm):
    """An actor's entry for the carrier's own staff: without what the teams decide."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("type", "carrier_type", "parent", "districts", "status", "source"):
            self.fields.pop(name, None)


class EndActorForm(QuartierForm):
    """Since when an actor has stopped working."""

    ended_on = forms.DateField(label="Beendet am")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].initial = timezone.localdate()

    def clean_ended_on(self):
        """What is still to come is not over."""
        day = self.cleaned_data["ended_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Das Ende kann nicht in der Zukunft liegen.")
        return day


class MergeForm(QuartierForm):
    """The other entry for the same actor."""

    merged = ActorField(label="Doppelter Eintrag")

    def __init__(self, *args, user: User, kept: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["merged"].queryset = Actor.objects.editable_by(user).exclude(pk=kept.pk)


class ActorFileForm(QuartierForm):
    """A list of actors as a CSV file."""

    file = CsvFileField()


class TakeOverForm(QuartierForm):
    """The decision at the end of a preview."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    skip_faulty = forms.BooleanField(label="Fehlerhafte Zeilen auslassen", required=False)
    with_alike = forms.BooleanField(
        label="Auch Zeilen anlegen, zu denen es schon ähnliche Einträge gibt", required=False
    )
    with_changes = forms.BooleanField(
        label="Einträge, die es schon gibt, mit den Angaben der Datei ändern",
        required=False,
        help_text="Leere Zellen ändern nichts. Was sich ändern würde, steht oben in jeder Zeile.",
    )
