"""Forms about contact persons and the contact log."""

from django import forms
from django.utils import timezone

from districts.forms.fields import LanguagesField, offer_keepers, offered
from districts.forms.places import VALIDITY
from districts.forms.versions import VersionedForm
from districts.models import Actor, ContactNote, ContactPerson, District, TargetGroup, User
from districts.models.contacts import PRIVATE
from districts.roles import Perm
from quartier.web.forms import QuartierForm


class ContactPersonForm(VersionedForm):
    """A contact person; what is private is only there for the team that keeps contact.

    Ending has a step of its own, which deletes what is private; here a last day can only be corrected.
    """

    languages = LanguagesField()
    constraint_messages = {
        "contact_person_in_order": ("valid_to", VALIDITY),
        "contact_person_private_needs_consent": (
            "consent_on",
            "Private Angaben brauchen eine Einwilligung mit Datum.",
        ),
        "contact_person_private_goes_with_the_end": (
            "valid_to",
            "Wer nicht mehr Ansprechperson ist, hat keine privaten Angaben. Bitte diesen Tag oder jene löschen.",
        ),
    }

    class Meta:
        model = ContactPerson
        fields = [
            *("name", "function", "phone", "email", "languages", "keeper"),
            *("is_key_person", "is_multiplier", "is_speaker", "is_volunteer", "reaches", "valid_from", "valid_to"),
            *("consent_on", *PRIVATE),
        ]
        widgets = {"reaches": forms.CheckboxSelectMultiple}
        help_texts = {
            "consent_on": "Ohne Einwilligung dürfen hier nur dienstliche Angaben stehen.",
            "private_note": "Zum Beispiel, wann jemand gut zu erreichen ist. Nur das Team sieht das.",
            "valid_to": "Leer: ohne Ende.",
            "keeper": "Wer im Team diese Person kennt. Geht jemand, wird der Kontakt vorher übergeben.",
        }

    def __init__(self, *args, with_private: bool, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = [one.pk for one in self.initial.get("reaches") or ()]
        self.fields["reaches"].queryset = offered(TargetGroup, chosen)
        here = [one.pk for one in self.instance.actor.districts.all()]
        offer_keepers(self.fields["keeper"], here, self.instance.keeper_id)
        if not with_private:
            for name in ("consent_on", *PRIVATE):
                del self.fields[name]
        if self.instance.valid_to is None:
            del self.fields["valid_to"]

    def clean_consent_on(self):
        """Nobody has agreed tomorrow."""
        day = self.cleaned_data["consent_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("Die Einwilligung kann nicht in der Zukunft liegen.")
        return day


class OwnContactForm(ContactPersonForm):
    """A contact person for the carrier's own staff: nothing private, and not whom the teams hold for important."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, with_private=False, **kwargs)
        for name in ("is_key_person", "is_multiplier"):
            del self.fields[name]


class EndContactForm(QuartierForm):
    """When somebody stops being the contact person, and who follows."""

    valid_to = forms.DateField(label="Letzter Tag")
    successor = forms.ModelChoiceField(
        label="Nachfolge",
        queryset=ContactPerson.objects.none(),
        required=False,
        empty_label="noch niemand",
        help_text="Wer folgt, muss als Ansprechperson dieses Akteurs eingetragen sein.",
    )

    def __init__(self, *args, person: ContactPerson, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        others = ContactPerson.objects.filter(actor=person.actor_id).valid_on(today).exclude(pk=person.pk)
        self.fields["successor"].queryset = others
        self.fields["valid_to"].initial = today


class NoteForm(VersionedForm):
    """An entry of the contact log."""

    class Meta:
        model = ContactNote
        fields = ["kind", "on", "person", "topic", "text", "follow_up_on", "is_confidential", "district"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "follow_up_on": "An diesem Tag liegt der Kontakt wieder im Arbeitskorb des Teams.",
            "is_confidential": "Nur Quartiersmanager/innen dieses Quartiers sehen den Eintrag.",
            "district": "Das Team dieses Quartiers sieht den Eintrag, sonst niemand.",
        }

    def __init__(self, *args, user: User, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.confidential_in = user.rights.districts(Perm.CONFIDENTIAL_LOG)
        today = timezone.localdate()
        own = list(user.rights.districts(Perm.CONTACT_LOG))
        here = [one.pk for one in actor.districts.all()]
        self.fields["district"].queryset = District.objects.filter(pk__in=own).defer("boundary")
        if not self.instance.pk:
            self.initial |= {"on": today, "district": next((pk for pk in sorted(own) if pk in here), min(own))}
        people = ContactPerson.objects.filter(actor=actor)
        self.fields["person"].queryset = people
        if not self.confidential_in:
            del self.fields["is_confidential"]

    def clean_on(self):
        """A log tells what has happened."""
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Das Gespräch kann nicht in der Zukunft liegen.")
        return day

    def clean(self) -> dict:
        """Nobody writes what they could not read again."""
        cleaned = super().clean()
        district = cleaned.get("district")
        if cleaned.get("is_confidential") and district and district.pk not in self.confidential_in:
            self.add_error("is_confidential", "Vertrauliches hält nur das Quartiersmanagement dieses Quartiers fest.")
        return cleaned
