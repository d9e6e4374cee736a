"""The description of a concern as people type it: what, where, topic, how it came in (K01)."""

from datetime import date
from itertools import groupby

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from concerns.actions.intake import ConcernData
from concerns.models import Concern, Topic
from concerns.summary import title_from
from districts.models import District, User
from quartier.web.forms import QuartierForm

OUTSIDE = "gesamtstädtisch / außerhalb"
EARLIEST = date(1990, 1, 1)


class _ByTheme(ModelChoiceIterator):
    """Topics below their theme."""

    def __iter__(self):
        yield "", self.field.empty_label
        for theme, topics in groupby(self.queryset, key=lambda topic: topic.parent):
            yield theme.name, [self.choice(topic) for topic in topics]


class TopicField(forms.ModelChoiceField):
    """A topic of the catalogue; themes cannot be chosen."""

    iterator = _ByTheme

    def label_from_instance(self, obj: Topic) -> str:
        """Name, and whether only the team will see the concern."""
        return f"{obj.name} (vertraulich)" if obj.is_sensitive else obj.name


class _OwnFirst(ModelChoiceIterator):
    """The person's own districts, then the others, then what lies outside all of them (I10)."""

    def __iter__(self):
        districts = list(self.queryset)
        own = [self.choice(one) for one in districts if one.pk in self.field.own]
        others = [self.choice(one) for one in districts if one.pk not in self.field.own]
        yield from [("Meine Quartiere", own), ("Andere Quartiere", others)] if own and others else [*own, *others]
        yield "", OUTSIDE


class DistrictField(forms.ModelChoiceField):
    """A district, or none: then the concern lies outside all of them."""

    iterator = _OwnFirst
    own: frozenset[int] = frozenset()


def topics() -> "forms.models.QuerySet[Topic]":
    """Topics that can be chosen, in the order of the catalogue."""
    return (
        Topic.objects.filter(is_active=True, parent__is_active=True)
        .select_related("parent")
        .order_by("parent__position", "parent__sort_key", "position", "sort_key")
    )


class ConcernForm(QuartierForm):
    """What is logged of a concern, for the person who logs it. Give `concern` when it is edited."""

    text = forms.CharField(
        label="Was ist das Anliegen?",
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ohne Namen: Der Text geht so an den Fachbereich.",
    )
    place = forms.CharField(label="Wo? Ort in Worten", max_length=200, required=False)
    district = DistrictField(label="Quartier", queryset=District.objects.none(), required=False)
    topic = TopicField(label="Thema", queryset=Topic.objects.none(), empty_label="Bitte wählen")
    title = forms.CharField(
        label="Titel", max_length=120, required=False, help_text="Leer lassen, dann gelten die ersten Wörter."
    )
    kind = forms.ChoiceField(label="Art", choices=Concern.Kind, initial=Concern.Kind.DEFECT)
    spot = forms.ChoiceField(
        label="Art des Ortes", choices=[("", "keine Angabe"), *Concern.Spot.choices], required=False
    )
    lat = forms.FloatField(
        label="Breitengrad",
        required=False,
        localize=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    lon = forms.FloatField(
        label="Längengrad",
        required=False,
        localize=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    channel = forms.ChoiceField(label="Eingang über", choices=Concern.Channel, initial=Concern.Channel.OFFICE_HOURS)
    occasion = forms.CharField(
        label="Anlass", max_length=120, required=False, help_text="Zum Beispiel: Sommerfest, Rundgang."
    )
    received_on = forms.DateField(label="Eingegangen am")
    urgency = forms.ChoiceField(label="Dringlichkeit", choices=Concern.Urgency, initial=Concern.Urgency.NORMAL)
    affected = forms.IntegerField(label="Betroffene (geschätzt)", required=False, min_value=1, max_value=1_000_000)

    def __init__(self, *args, user: User, concern: Concern | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        today = timezone.localdate()
        districts = District.objects.valid_on(today)
        choosable = topics()
        if concern is not None:
            districts |= District.objects.filter(pk=concern.district_id)
            choosable = (topics() | Topic.objects.filter(pk=concern.topic_id).select_related("parent")).distinct()
        self.fields["district"].own = user.rights.team_district_ids
        self.fields["district"].queryset = districts
        self.fields["topic"].queryset = choosable
        self.fields["received_on"].widget.attrs["max"] = today.isoformat()
        self.stays_in = concern.district_id if concern else None

    def clean_received_on(self) -> date:
        """May be past, never future."""
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Der Eingang kann nicht in der Zukunft liegen.")
        if day < EARLIEST:
            raise forms.ValidationError("Das liegt zu weit zurück. Bitte das Jahr prüfen.")
        return day

    def clean_district(self) -> District | None:
        """Any district may be chosen, as long as somebody there takes the concern over (I6)."""
        district = self.cleaned_data["district"]
        if district is None or district.pk in self.user.rights.team_district_ids or district.pk == self.stays_in:
            return district
        if not User.objects.managers_of(district.pk, on=timezone.localdate()).exists():
            raise forms.ValidationError(
                f"Für {district} ist zurzeit kein Quartiersmanagement eingetragen. Bitte „{OUTSIDE}“ wählen, "
                "dann bleibt das Anliegen bei Ihnen."
            )
        return district

    def clean(self) -> dict:
        """A text or a title, and a point on the map whole or not at all."""
        data = super().clean()
        text, title = data.get("text", ""), data.get("title", "")
        if not text and not title and not {"text", "title"} & set(self.errors):
            self.add_error("text", "Bitte kurz beschreiben, worum es geht.")
        data["title"] = title or title_from(text)
        if not {"lat", "lon"} & set(self.errors) and (data.get("lat") is None) != (data.get("lon") is None):
            self.add_error("lat" if data.get("lat") is None else "lon", "Bitte beide Werte angeben oder keinen.")
        return data

    def concern_data(self) -> ConcernData:
        """What the actions get."""
        names = ConcernData.__dataclass_fields__.keys() & self.cleaned_data.keys()
        return ConcernData(**{name: self.cleaned_data[name] for name in names})


class EditForm(ConcernForm):
    """A stored concern; `version` is the one on the person's screen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, concern: Concern, data=None, *, user: User) -> "EditForm":
        """The form of a concern as it is stored."""
        stored = {name: getattr(concern, name) for name in ConcernForm.base_fields}
        stored |= {"district": concern.district_id, "topic": concern.topic_id, "version": concern.version}
        return cls(data, initial=stored, user=user, concern=concern)

    def on_top_of(self, concern: Concern) -> "EditForm":
        """The same typed values against what is stored by now: saving again overwrites that knowingly."""
        self.data = self.data.copy()
        self.data["version"] = str(concern.version)
        return self

    def differences(self, concern: Concern) -> list[tuple[str, str, str]]:
        """Label, what is stored and what was typed, wherever the two differ."""
        rows = [
            (self.fields[name].label, _words(concern, name, getattr(concern, name)), _words(concern, name, typed))
            for name, typed in self.cleaned_data.items()
            if name in ConcernForm.base_fields
        ]
        return [row for row in rows if row[1] != row[2]]


def _words(concern: Concern, name: str, value) -> str:
    """A value as people read it."""
    if name == "district":
        return str(value or OUTSIDE)
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    choices = dict(concern._meta.get_field(name).flatchoices)
    return str(choices.get(value, "–" if value in (None, "") else value))
