"""Forms about people, roles and deputies."""

from django import forms
from django.utils import timezone

from districts.forms.base import MasterDataForm
from districts.forms.fields import ActorField
from districts.models import Actor, Deputyship, Membership, User
from districts.roles import CARRIER_ROLES, DEPARTMENT_ROLES, DISTRICT_ROLES, Role
from quartier.web.forms import PhotoField

VALIDITY = "Das Ende liegt vor dem Anfang."
# Which roles need which scope, and what is said when it is missing.
SCOPES = (
    (DISTRICT_ROLES, "district", "Bitte ein Quartier wählen."),
    (DEPARTMENT_ROLES, "department", "Bitte einen Fachbereich wählen."),
    (CARRIER_ROLES, "actor", "Bitte einen Träger wählen."),
)


class PersonForm(MasterDataForm):
    """What the administration keeps about a person."""

    constraint_messages = {
        "user_email_unique_any_case": ("email", "Mit dieser E-Mail-Adresse gibt es bereits eine Person.")
    }

    class Meta:
        model = User
        fields = ["name", "email", "phone", "office", "wants_digest"]
        help_texts = {"email": "Damit meldet sich die Person an."}
        error_messages = {"email": {"unique": "Mit dieser E-Mail-Adresse gibt es bereits eine Person."}}

    def clean_email(self) -> str:
        """One spelling, so that nobody exists twice."""
        return self.cleaned_data["email"].lower()


class ProfileForm(MasterDataForm):
    """What people keep up themselves; the address they sign in with is not among it."""

    portrait = PhotoField(
        label="Porträt", help_text="JPEG, PNG, WebP oder HEIC. Zusatzdaten wie der Ort werden entfernt."
    )
    drop_portrait = forms.BooleanField(label="Porträt entfernen", required=False)

    field_order = ("name", "phone", "task", "languages", "portrait", "drop_portrait", "is_shown", "wants_digest")

    class Meta:
        model = User
        fields = ["name", "phone", "task", "languages", "is_shown", "wants_digest"]
        help_texts = {
            "task": "So stellt das Stadtteilbüro Sie vor, zum Beispiel „Quartiersmanagerin“.",
            "languages": "In denen Sie beraten, zum Beispiel „Deutsch, Türkisch“.",
            "is_shown": "Name, Aufgabe, Sprachen und Porträt sind dann für alle im Internet zu sehen. "
            "Das ist freiwillig; Sie können es jederzeit zurücknehmen.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.portrait:
            del self.fields["drop_portrait"]
        if not self.instance.office_id:
            # Only an office presents people.
            for name in ("task", "languages", "is_shown", "portrait", "drop_portrait"):
                self.fields.pop(name, None)


class MembershipForm(MasterDataForm):
    """A role with its scope and its validity."""

    actor = ActorField(
        label="Träger",
        required=False,
        help_text="Für Mitarbeitende eines Trägers: Name eintippen und aus der Liste wählen.",
    )
    constraint_messages = {
        "membership_validity_in_order": ("valid_to", VALIDITY),
        "membership_once": (None, "Diese Rolle hat die Person bereits ab diesem Tag."),
    }

    class Meta:
        model = Membership
        fields = ["role", "district", "department", "actor", "valid_from", "valid_to"]
        help_texts = {
            "district": "Für Rollen im Quartiersmanagement.",
            "department": "Für Rollen in einem Fachbereich.",
            "valid_from": "Leer: schon immer.",
            "valid_to": "Leer: ohne Ende. Der Tag selbst zählt noch mit.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["actor"].queryset = Actor.objects.active()

    def clean(self) -> dict:
        """A role needs the scope that belongs to it and no other; what does not belong is left out."""
        cleaned = super().clean()
        role = cleaned.get("role")
        if role not in Role:
            return cleaned
        for roles, name, missing in SCOPES:
            if role not in roles:
                cleaned[name] = None
                self.errors.pop(name, None)
            elif not cleaned.get(name) and name not in self.errors:
                self.add_error(name, missing)
        return cleaned


class DeputyshipForm(MasterDataForm):
    """Who stands in for a person, from when to when."""

    constraint_messages = {
        "deputyship_validity_in_order": ("valid_to", VALIDITY),
        "deputy_is_somebody_else": ("deputy", "Die Vertretung muss eine andere Person sein."),
    }

    class Meta:
        model = Deputyship
        fields = ["deputy", "valid_from", "valid_to"]

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, instance=Deputyship(person=person), **kwargs)
        today = timezone.localdate()
        self.fields["deputy"].queryset = User.objects.possible_deputies(person, on=today)
        self.fields["valid_from"].initial = today

    def clean_valid_to(self):
        """A stand-in that is already over would be a rewriting of history."""
        valid_to = self.cleaned_data["valid_to"]
        if valid_to < timezone.localdate():
            raise forms.ValidationError("Dieser Tag ist schon vorbei.")
        return valid_to
