"""Fields that several forms of the directory use."""

import re
from collections.abc import Iterable

from django import forms
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from districts.languages import Spoken
from districts.models import Actor, ListEntry, User

_NUMBERED = re.compile(r"\(Nr\. (\d{1,18})\)$")


def actor_label(actor: Actor) -> str:
    """How an actor is written into a field: the name, and a number that tells it from others of the same name."""
    return f"{actor.name} (Nr. {actor.pk})"


class ActorInput(forms.TextInput):
    """A text field that offers names while somebody types; without scripts the name is typed in full."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        """The field and, beside it, the list that is filled while typing."""
        attrs = {**(attrs or {}), "list": f"{name}-names", "autocomplete": "off"}
        attrs |= {
            "hx-get": f"{reverse_lazy('districts:actor_options')}?feld={name}",
            "hx-target": f"#{name}-names",
            "hx-trigger": "input changed delay:250ms",
        }
        names = format_html('<datalist id="{}-names"></datalist>', name)
        return super().render(name, value, attrs, renderer) + names


class ActorField(forms.CharField):
    """An actor, found by what is written: the number that the list adds, or a name only one actor has.

    A form sets `queryset` to the actors that may be chosen.
    """

    widget = ActorInput

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", "Name eintippen und aus der Liste wählen.")
        super().__init__(**{"max_length": 240, **kwargs})
        self.queryset = Actor.objects.none()

    def prepare_value(self, value):
        """The stored actor as it is written; what somebody typed stays as it is."""
        if isinstance(value, int):
            value = Actor.objects.filter(pk=value).only("name").first()
        return actor_label(value) if isinstance(value, Actor) else value

    def clean(self, value) -> Actor | None:
        """The actor that is meant; none for an empty field."""
        text = super().clean(value)
        return self._find(text) if text else None

    def _find(self, text: str) -> Actor:
        if numbered := _NUMBERED.search(text):
            if found := self.queryset.filter(pk=int(numbered[1])).first():
                return found
            raise forms.ValidationError("Diesen Akteur gibt es hier nicht (mehr).")
        named = list(self.queryset.filter(Q(name__iexact=text) | Q(short_name__iexact=text))[:6])
        if len(named) == 1:
            return named[0]
        if named:
            raise forms.ValidationError(f"Mehrere Akteure heißen so. Bitte genau einen nennen: {_listed(named)}.")
        near = self.queryset.alike(text)
        if near:
            raise forms.ValidationError(
                f"Keinen Akteur mit diesem Namen gefunden. Gemeint sein könnten: {_listed(near)}."
            )
        raise forms.ValidationError(
            "Keinen Akteur mit diesem Namen gefunden. Ist er neu, tragen Sie ihn bitte zuerst unter „Akteure“ ein."
        )


def _listed(actors: list[Actor]) -> str:
    return "; ".join(map(actor_label, actors))


def known_actor(text: str) -> Actor | None:
    """The actor that a free text names for certain: by the number of the list, or by a name only one has."""
    numbered, present = _NUMBERED.search(text), Actor.objects.present()
    if numbered:
        return present.filter(pk=int(numbered[1])).first()
    named = list(present.filter(name__iexact=text)[:2])
    return named[0] if len(named) == 1 else None


class LanguagesField(forms.MultipleChoiceField):
    """Languages that are spoken, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(**{"label": "Sprachen", "choices": Spoken.choices, "required": False, **kwargs})


def offered(model: type[ListEntry], chosen=()):
    """What a list offers, together with what is chosen already, even if it is no longer offered."""
    return model.objects.filter(Q(is_active=True) | Q(pk__in=list(chosen)))


def offer_keepers(field: forms.ModelChoiceField, district_ids: Iterable[int], chosen: int | None) -> None:
    """Let a field choose among today's teams of these districts (of all without any), and who is chosen already."""
    people = User.objects.teams_of(list(district_ids), on=timezone.localdate())
    field.queryset = people | User.objects.filter(pk=chosen) if chosen else people
    field.empty_label = "niemand Bestimmtes"
