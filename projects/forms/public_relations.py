"""Forms about public relations: items, their images, what the second person says, clippings (Z41, Z42)."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone

from districts.forms.fields import LanguagesField
from districts.forms.versions import VersionedForm
from districts.models import District, User
from districts.roles import Perm
from projects.actions.pr_images import usable_photos
from projects.models import Clipping, Event, PRImage, PRItem, Project
from projects.pr_filters import FIRST_YEAR
from quartier.web.forms import CHECK_YEAR, LeanSelect, PhotoField, QuartierForm

OWN_DISTRICT = "Bitte mindestens eines Ihrer Quartiere ankreuzen oder keines (dann gilt es für die ganze Stadt)."
CITYWIDE = "Nichts angekreuzt: für die ganze Stadt."
BAD_LINK = "Bitte eine Internetadresse eingeben, zum Beispiel https://www.beispiel.de/seite."
NO_NAMES = (
    "Keine Namen, Adressen, Telefonnummern oder Umstände von Menschen, die ein Anliegen gemeldet haben, auch nicht so, "
    "dass man sie erraten kann. Leerzeile: neuer Absatz."
)
EVENTS_SINCE = timedelta(days=400)  # older ones are not offered any more
ORGANISED = ("keeper", "channels", "publish_on", "runs_until", "edition", "print_run", "cost", "link", "shows_strength")


class LinkField(forms.URLField):
    """An address in the internet: http or https, nothing else."""

    def __init__(self, **kwargs):
        known = {
            "required": False,
            "max_length": 500,
            "assume_scheme": "https",
            "error_messages": {"invalid": BAD_LINK},
        }
        super().__init__(**{**known, **kwargs})

    def clean(self, value) -> str:
        """The address; a ValidationError for everything a browser would not fetch."""
        found = super().clean(value)
        if found and not found.lower().startswith(("http://", "https://")):
            raise forms.ValidationError(BAD_LINK)
        return found


def _districts(form, user: User) -> None:
    """Districts of today and those that are chosen already."""
    found = District.objects.valid_on(timezone.localdate())
    if form.instance.pk:
        found |= District.objects.filter(pk__in=[getattr(one, "pk", one) for one in form.initial["districts"]])
    form.fields["districts"].queryset = found.defer("boundary")


def _own_districts(user: User, districts):
    own = user.rights.districts(Perm.DRAFT_PR)
    if districts and not any(one.pk in own for one in districts):
        raise forms.ValidationError(OWN_DISTRICT)
    return districts


def _projects(user: User, chosen: int | None):
    """Projects that are not over, and the one that is chosen."""
    shown = Project.objects.visible_to(user)
    return (shown.under_way() | shown.filter(pk=chosen)).only("title", "sort_key")


def _offer_keepers(field: forms.ModelChoiceField, chosen: int | None) -> None:
    """Anybody of today's teams, and who is chosen already."""
    people = User.objects.teams_of([], on=timezone.localdate())
    field.queryset = people | User.objects.filter(pk=chosen) if chosen else people


class _Days:
    """What the two forms of an item share."""

    constraint_messages = {
        "pr_item_days_in_order": ("runs_until", "Das Ende liegt vor dem Tag, an dem es erscheint."),
        "pr_item_cost_not_negative": ("cost", "Bitte einen Betrag ab 0 Euro."),
    }


class PRItemForm(_Days, VersionedForm):
    """An idea or a draft."""

    channels = forms.MultipleChoiceField(
        label="Verbreitet über", choices=PRItem.Channel.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = LanguagesField()
    link = LinkField(label="Zu finden unter")

    class Meta:
        model = PRItem
        fields = [
            *("kind", "title", "text", "districts", "project", "event", "channels", "languages"),
            *("keeper", "publish_on", "runs_until", "edition", "print_run", "cost", "link", "shows_strength"),
        ]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 14}),
            "districts": forms.CheckboxSelectMultiple,
            "project": LeanSelect,
            "event": LeanSelect,
        }
        help_texts = {
            "text": NO_NAMES,
            "districts": CITYWIDE,
            "publish_on": "Leer: sobald er freigegeben ist.",
            "runs_until": "Der letzte Tag, an dem ein Plakat hängt oder ein Flyer ausliegt.",
            "edition": "Zum Beispiel „Nr. 3/2026“.",
            "shows_strength": "Der Beitrag steht dann in der Sammlung „Positive Aspekte“.",
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, stored = user, self.instance
        _districts(self, user)
        self.fields["project"].queryset = _projects(user, stored.project_id)
        self.fields["event"].queryset = self._events(user, stored.event_id)
        _offer_keepers(self.fields["keeper"], stored.keeper_id if stored.pk else user.pk)

    def _events(self, user: User, chosen: int | None):
        since = timezone.localdate() - EVENTS_SINCE
        shown = Event.objects.visible_to(user)
        recent = Q(on__gte=since, district__in=list(user.rights.districts(Perm.DRAFT_PR))) & ~Q(status="cancelled")
        return shown.filter(recent | Q(pk=chosen)).only("title", "on")

    def clean_districts(self):
        """Whoever enters an item keeps the right to change it."""
        return _own_districts(self.user, self.cleaned_data["districts"])

    def clean(self):
        """The project of an event is the item's, too."""
        data = super().clean()
        event, project = data.get("event"), data.get("project")
        if event and event.project_id:
            if project and project.pk != event.project_id:
                self.add_error("event", "Diese Veranstaltung gehört zu einem anderen Projekt.")
            data["project"] = project or event.project
        if self.instance.pk and self.instance.text and "text" in data and not data["text"]:
            self.add_error("text", "Ein Entwurf braucht einen Text.")
        return data


class OrganiseForm(_Days, VersionedForm):
    """What may change although a second person has read it: days, channels, print run, cost."""

    channels = forms.MultipleChoiceField(
        label="Verbreitet über", choices=PRItem.Channel.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    link = LinkField(label="Zu finden unter")

    class Meta:
        model = PRItem
        fields = [*ORGANISED]
        help_texts = {name: PRItemForm.Meta.help_texts[name] for name in ("runs_until", "edition", "shows_strength")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _offer_keepers(self.fields["keeper"], self.instance.keeper_id)
        if self.instance.published_on:
            del self.fields["publish_on"]


class ReturnForm(QuartierForm):
    """Why an item comes back."""

    hint = forms.CharField(
        label="Was noch fehlt", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Die Verfasserin oder der Verfasser liest das am Entwurf.",
    )  # fmt: skip


class PublishForm(QuartierForm):
    """When it appeared, and where it is to be found."""

    on = forms.DateField(label="Erschienen am")
    link = LinkField(label="Zu finden unter", help_text="Nur wenn es im Internet steht.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


ALT_HELP = "Für Menschen, die das Bild nicht sehen. Ohne Namen."
RIGHTS_HELP = "Zum Beispiel „Foto: Stadtteilbüro Ost“, „© Verein Ostviertel, Nutzung erlaubt am 3.11.2026“."


CONSENT_HELP = "Ohne Einwilligung lässt sich der Beitrag nicht veröffentlichen. Das Bild wird nach einem Jahr gelöscht."


class ImageForm(QuartierForm):
    """An image with what it shows, whose it is and who has agreed."""

    photo = PhotoField(label="Bild", help_text="JPEG, PNG, WebP oder HEIC. Zusatzdaten wie der Ort werden entfernt.")
    alt = forms.CharField(label="Was zu sehen ist", max_length=300, help_text=ALT_HELP)
    rights = forms.CharField(label="Von wem das Bild ist", max_length=160, help_text=RIGHTS_HELP)
    consent = forms.ChoiceField(
        label="Wer zu erkennen ist", choices=PRImage.Consent, widget=forms.RadioSelect,
        help_text=CONSENT_HELP,
    )  # fmt: skip

    def clean(self):
        """An image is needed."""
        data = super().clean()
        if "photo" in data and data["photo"] is None:
            self.add_error("photo", "Bitte ein Bild wählen.")
        return data


class ImageWordsForm(QuartierForm):
    """The words and the consent of an image that is there; of what was handed in only the consent."""

    alt = forms.CharField(label="Was zu sehen ist", max_length=300, help_text=ALT_HELP)
    rights = forms.CharField(label="Von wem das Bild ist", max_length=160, help_text=RIGHTS_HELP)
    consent = forms.ChoiceField(label="Wer zu erkennen ist", choices=PRImage.Consent, widget=forms.RadioSelect)
    seen = forms.ChoiceField(choices=PRImage.Consent, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, image: PRImage, **kwargs):
        first = {name: getattr(image, name) for name in ("alt", "rights", "consent")} | {"seen": image.consent}
        super().__init__(*args, initial=first, **kwargs)
        if not image.item.is_writable:
            del self.fields["alt"], self.fields["rights"]

    def on_top_of(self, image: PRImage) -> dict:
        """What the person knows by now, so that they may send it again; nothing for the page."""
        self.data = self.data.copy()
        self.data["seen"] = PRImage.objects.filter(pk=image.pk).values_list("consent", flat=True).first() or ""
        return {}


class TakePhotoForm(QuartierForm):
    """One of the event's photos that may be shown."""

    photo = forms.ModelChoiceField(queryset=None, label="Foto", empty_label="Bitte wählen")
    rights = forms.CharField(label="Von wem das Bild ist", max_length=160, help_text=RIGHTS_HELP)

    def __init__(self, *args, item: PRItem, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["photo"].queryset = usable_photos(item).order_by("-pk")


class ClippingForm(VersionedForm):
    """What a medium wrote."""

    link = LinkField(label="Zu finden unter", help_text="Nur http- und https-Adressen.")

    class Meta:
        model = Clipping
        fields = ["on", "medium", "title", "link", "tone", "topic", "summary", "districts", "project", "item"]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "districts": forms.CheckboxSelectMultiple,
            "tone": forms.RadioSelect,
            "project": LeanSelect,
            "item": LeanSelect,
        }
        help_texts = {
            "summary": "In eigenen Worten, ohne Namen von Bewohnerinnen und Bewohnern.",
            "districts": CITYWIDE,
            "item": "Wenn der Bericht etwas von uns aufgreift.",
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, stored = user, self.instance
        _districts(self, user)
        self.fields["project"].queryset = _projects(user, stored.project_id)
        self.fields["tone"].choices = Clipping.Tone.choices  # nothing is chosen at first, and "nothing" is no choice
        since = timezone.localdate() - EVENTS_SINCE
        shown = PRItem.objects.filter(published_on__gte=since) | PRItem.objects.filter(pk=stored.item_id)
        self.fields["item"].queryset = shown.only("title").order_by("-published_on", "-pk")

    def clean_on(self):
        """What has not appeared yet is no echo."""
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Dieser Tag liegt in der Zukunft.")
        if day.year < FIRST_YEAR:  # earlier ones would make the figures by year a page of noughts
            raise forms.ValidationError(CHECK_YEAR)
        return day

    def clean_districts(self):
        """Whoever enters a clipping keeps the right to change it."""
        return _own_districts(self.user, self.cleaned_data["districts"])


class TakeOverForm(QuartierForm):
    """Who goes on with everything somebody kept in view."""

    to = forms.ModelChoiceField(queryset=None, label="Wer übernimmt", empty_label="Bitte wählen")

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = User.objects.teams_of([], on=timezone.localdate()).exclude(pk=person.pk)
