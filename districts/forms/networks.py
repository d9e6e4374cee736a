"""Forms about networks, their members and relations."""

from django import forms
from django.utils import timezone

from districts.forms.actors import CITYWIDE, clean_districts_of
from districts.forms.base import MasterDataForm
from districts.forms.fields import ActorField, offer_keepers, offered
from districts.forms.places import VALIDITY, VALIDITY_HINTS
from districts.forms.versions import VersionedForm
from districts.models import ActionField, Actor, District, Network, NetworkMembership, Relation, TargetGroup, User


class NetworkForm(VersionedForm):
    """A network."""

    coordinator = ActorField(label="Koordination", required=False)

    class Meta:
        model = Network
        fields = [
            *("name", "kind", "status", "districts", "purpose", "action_fields", "target_groups"),
            *("coordinator", "keeper", "rhythm", "last_met_on", "founded_on"),
        ]
        widgets = {
            "districts": forms.CheckboxSelectMultiple,
            "action_fields": forms.CheckboxSelectMultiple,
            "target_groups": forms.CheckboxSelectMultiple,
            "purpose": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "districts": CITYWIDE,
            "rhythm": "Zum Beispiel „alle zwei Monate“.",
            "keeper": "Wer für das Team hingeht. Geht jemand, wird das Netzwerk vorher übergeben.",
        }
        error_messages = {"name": {"unique": "Ein Netzwerk mit diesem Namen gibt es schon."}}

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        stored = self.instance.pk
        chosen = {name: [one.pk for one in self.initial.get(name) or ()] for name in ("action_fields", "target_groups")}
        self.fields["action_fields"].queryset = offered(ActionField, chosen["action_fields"])
        self.fields["target_groups"].queryset = offered(TargetGroup, chosen["target_groups"])
        districts = District.objects.valid_on(timezone.localdate())
        if stored:
            districts |= District.objects.filter(pk__in=[one.pk for one in self.initial["districts"]])
        self.fields["districts"].queryset = districts.defer("boundary")
        self.fields["coordinator"].queryset = Actor.objects.visible_to(user)
        offer_keepers(self.fields["keeper"], (), self.instance.keeper_id)

    def clean_districts(self):
        """Whoever enters a network keeps the right to change it."""
        return clean_districts_of(self.user, self.cleaned_data["districts"])

    def clean_last_met_on(self):
        """A meeting that is still to come has not taken place."""
        day = self.cleaned_data["last_met_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("Das Treffen kann nicht in der Zukunft liegen.")
        return day


class MemberForm(MasterDataForm):
    """An actor's time in a network."""

    actor = ActorField(label="Akteur")
    constraint_messages = {"network_membership_in_order": ("valid_to", VALIDITY)}

    class Meta:
        model = NetworkMembership
        fields = ["actor", "role", "valid_from", "valid_to"]
        help_texts = VALIDITY_HINTS

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["actor"].queryset = Actor.objects.visible_to(user)


class RelationForm(MasterDataForm):
    """What an actor has to do with another one."""

    target = ActorField(label="Anderer Akteur")

    class Meta:
        model = Relation
        fields = ["kind", "target", "strength", "last_active_on", "note"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = Actor.objects.visible_to(user)
