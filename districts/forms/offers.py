"""Forms about offers and the rounds in which they are checked."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from districts.forms.actors import CITYWIDE, clean_districts_of
from districts.forms.base import MasterDataForm
from districts.forms.fields import ActorField, LanguagesField, offered
from districts.forms.versions import VersionedForm
from districts.models import (
    ActionField,
    Actor,
    District,
    InventoryRound,
    Offer,
    OfferKind,
    Office,
    TargetGroup,
    User,
)
from districts.roles import Perm
from quartier.web.forms import LeanSelect, QuartierForm

SETS = {"action_fields": ActionField, "target_groups": TargetGroup}
AGES = "Bitte ein Alter zwischen 0 und 120 Jahren."


class OfferForm(VersionedForm):
    """An offer; ending it has its own step."""

    constraint_messages = {
        "offer_ages_in_order": ("age_to", "Das höchste Alter liegt unter dem niedrigsten."),
        "offer_ages_of_people": (None, AGES),
        "offer_dates_in_order": ("ends_on", "Das Ende liegt vor dem Anfang."),
        "offer_free_costs_nothing": ("cost", "Kostenlos und Kosten schließen sich aus. Bitte eines davon entfernen."),
        "offer_has_room": ("capacity", "Bitte mindestens einen Platz oder das Feld leer lassen."),
    }
    provider = ActorField(label="Anbieter")
    languages = LanguagesField()
    verified = forms.BooleanField(label="Die Angaben sind damit geprüft", required=False, initial=True)
    confirmed = forms.BooleanField(label="Es ist ein anderes Angebot: trotzdem eintragen", required=False)

    class Meta:
        model = Offer
        fields = [
            *("title", "provider", "kind", "description", "districts", "place", "office", "times"),
            *("action_fields", "target_groups", "age_from", "age_to", "is_free", "cost", "languages"),
            *("barrier_free", "registration", "phone", "capacity", "funded_by", "funded_until"),
            *("starts_on", "ends_on", "status", "is_public"),
        ]
        widgets = {
            "districts": forms.CheckboxSelectMultiple,
            "action_fields": forms.CheckboxSelectMultiple,
            "target_groups": forms.CheckboxSelectMultiple,
            "description": forms.Textarea(attrs={"rows": 3}),
            "times": forms.Textarea(attrs={"rows": 2}),
            "kind": LeanSelect,
        }
        help_texts = {
            "districts": CITYWIDE,
            "description": "Ohne Namen von Personen.",
            "place": "Leer: im gewählten Stadtteilbüro, sonst beim Anbieter.",
            "times": "So, wie es auf einem Zettel stehen soll: „mittwochs 14–16 Uhr“.",
            "phone": "Leer: Nummer des Anbieters.",
            "cost": "Zum Beispiel „2 Euro“.",
            "ends_on": "Der letzte Tag. Leer: ohne Ende.",
            "funded_until": "Danach zählt das Angebot nicht mehr, bis jemand das Datum ändert.",
            "is_public": "Es steht dann im öffentlichen Verzeichnis, solange es läuft.",
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.alike, today = user, [], timezone.localdate()
        stored = self.instance if self.instance.pk else None
        if stored:
            del self.fields["confirmed"]
        for name, model in SETS.items():
            chosen = self.initial.get(name) or ()
            self.fields[name].queryset = offered(model, [getattr(one, "pk", one) for one in chosen])
        self.fields["kind"].queryset = offered(OfferKind, [stored.kind_id] if stored else ())
        self._offer_providers(user)
        districts, offices = District.objects.valid_on(today), Office.objects.existing_on(today)
        if stored:
            districts |= District.objects.filter(pk__in=[one.pk for one in self.initial.get("districts") or ()])
            offices |= Office.objects.filter(pk=stored.office_id)
        self.fields["districts"].queryset = districts.defer("boundary")
        self.fields["office"].queryset = offices
        self._set_status(stored)

    def _offer_providers(self, user: User) -> None:
        """Teams and Sozialplanung find any actor by typing; carrier staff choose among their own."""
        if user.rights.can(Perm.READ_ALL_OFFERS):
            self.fields["provider"].queryset = Actor.objects.visible_to(user)
            return
        own = Actor.objects.own_of(user)
        self.fields["provider"] = forms.ModelChoiceField(own, label="Anbieter", empty_label="Bitte wählen")
        if len(only := list(own[:2])) == 1:
            self.initial.setdefault("provider", only[0].pk)
            self.initial["provider"] = self.initial["provider"] or only[0].pk

    def _set_status(self, stored: Offer | None) -> None:
        if stored and stored.status == Offer.Status.ENDED:
            del self.fields["status"]
        else:
            self.fields["status"].choices = [one for one in Offer.Status.choices if one[0] != Offer.Status.ENDED]

    def clean_districts(self):
        """Whoever enters an offer keeps the right to change it; carrier staff have it for all their actor offers."""
        districts, provider = self.cleaned_data["districts"], self.cleaned_data.get("provider")
        rights = self.user.rights
        if provider is None or (rights.can(Perm.OWN_OFFERS) and provider.pk in rights.actor_ids):
            return districts  # without a provider the form is refused anyway, and what follows from it is unknown
        return clean_districts_of(self.user, districts)

    def clean(self) -> dict:
        """What the same provider offers under a like title must be looked at before a new one is entered."""
        cleaned = super().clean()
        known = cleaned.get("title"), cleaned.get("provider")
        if "confirmed" in self.fields and not cleaned.pop("confirmed", False) and all(known):
            self.alike = Offer.objects.visible_to(self.user).alike(*known)
            if self.alike:
                self.add_error("title", "Ein ähnliches Angebot dieses Anbieters gibt es schon. Bitte unten nachsehen.")
        return cleaned


class EndOfferForm(QuartierForm):
    """Since when there is no such offer any more."""

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


class RoundForm(MasterDataForm):
    """A new round for a district of the own team, or (Sozialplanung) for any."""

    constraint_messages = {
        "round_due_after_opening": ("due_on", "Das Datum liegt in der Vergangenheit."),
        "round_one_open": ("district", "In diesem Quartier läuft schon eine Bestandsaufnahme."),
        "round_title_once": ("title", "Diese Bestandsaufnahme gibt es in diesem Quartier schon."),
    }

    class Meta:
        model = InventoryRound
        fields = ["district", "title", "due_on"]
        help_texts = {
            "title": "Zum Beispiel „Herbstrunde 2026“.",
            "due_on": "Bis dahin sollen alle Angebote einmal angesehen sein.",
        }

    known = frozenset({"opened_on"})

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        districts = District.objects.valid_on(today).defer("boundary")
        if not user.rights.can(Perm.EDIT_ALL_ACTORS):
            districts = districts.filter(pk__in=user.rights.districts(Perm.EDIT_ACTORS))
        self.fields["district"].queryset = districts
        self.fields["due_on"].initial = today + timedelta(weeks=6)
        if len(only := list(districts[:2])) == 1:
            self.fields["district"].initial = only[0].pk
