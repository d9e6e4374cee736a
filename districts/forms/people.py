"""Forms about people, roles and deputies."""

from django import forms
from django.utils import timezone

from districts.forms.base import MasterDataForm
from districts.models import Deputyship, Membership, User
from districts.roles import DEPARTMENT_ROLES, DISTRICT_ROLES, Role

VALIDITY = "Das Ende liegt vor dem Anfang."


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

    class Meta:
        model = User
        fields = ["name", "phone", "wants_digest"]


class MembershipForm(MasterDataForm):
    """A role with its scope and its validity."""

    constraint_messages = {
        "membership_validity_in_order": ("valid_to", VALIDITY),
        "membership_once": (None, "Diese Rolle hat die Person bereits ab diesem Tag."),
    }

    class Meta:
        model = Membership
        fields = ["role", "district", "department", "valid_from", "valid_to"]
        help_texts = {
            "district": "Für Rollen im Quartiersmanagement.",
            "department": "Für Rollen in einem Fachbereich.",
            "valid_from": "Leer: schon immer.",
            "valid_to": "Leer: ohne Ende. Der Tag selbst zählt noch mit.",
        }

    def clean(self) -> dict:
        """A role needs the scope that belongs to it and no other; what does not belong is left out."""
        cleaned = super().clean()
        role = cleaned.get("role")
        if role in DISTRICT_ROLES:
            cleaned["department"] = None
            if not cleaned.get("district") and "district" not in self.errors:
                self.add_error("district", "Bitte ein Quartier wählen.")
        elif role in DEPARTMENT_ROLES:
            cleaned["district"] = None
            if not cleaned.get("department") and "department" not in self.errors:
                self.add_error("department", "Bitte einen Fachbereich wählen.")
        elif role in Role:
            cleaned["district"] = cleaned["department"] = None
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
