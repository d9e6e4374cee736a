"""Forms about events: planning, what came of them, photos."""

from django import forms
from django.utils import timezone

from districts.forms.fields import ActorField, offered
from districts.forms.versions import VersionedForm
from districts.models import Actor, District, EventFormat, Office, Room, TargetGroup, User
from districts.roles import Perm
from projects.actions.events import REPORT_SAYS_SOMETHING
from projects.models import Event, EventPhoto, Project
from quartier.web.forms import PhotoField, QuartierForm

from .projects import PARTICIPATION, PARTICIPATION_HINTS, keepers

LONGEST = 31  # days


class EventForm(VersionedForm):
    """What is planned; what came of it has a form of its own."""

    invited_via = forms.MultipleChoiceField(
        label="Eingeladen über", choices=Event.Invited, required=False, widget=forms.CheckboxSelectMultiple
    )
    constraint_messages = {
        "event_days_in_order": (
            "until",
            "Der letzte Tag liegt nach dem ersten. Bei einem einzigen Tag bleibt er leer.",
        ),
        "event_times_in_order": ("ends", "Das Ende liegt vor dem Beginn, oder der Beginn fehlt."),
        "event_room_of_office": ("room", "Zu einem Raum gehört sein Stadtteilbüro."),
    }

    class Meta:
        model = Event
        fields = [
            *("title", "format", "district", "project", "on", "until", "starts", "ends", "office", "room", "place"),
            *("description", "target_groups", "invited_via", "phase", "keeper", "repeats_yearly"),
            *PARTICIPATION,
            "is_public",
        ]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "target_groups": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "title": "So heißt auch der Anlass der Anliegen, die dort aufgenommen werden.",
            "until": "Nur wenn es mehrere Tage dauert.",
            "place": "So, wie ihn Gäste finden: „Wiese an der Reimser Straße“.",
            "description": "Text für Aushang und Kalender, ohne Namen von Privatpersonen.",
            "keeper": "In dessen Arbeitskorb kommt danach die Frage, wie es war.",
            "repeats_yearly": "Danach wird sie für das nächste Jahr vorgeschlagen.",
            "is_public": "Sie steht dann auf der Seite des Quartiers und in seinem Kalender.",
            **PARTICIPATION_HINTS,
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, today = user, timezone.localdate()
        stored = self.instance if self.instance.pk else None
        districts = District.objects.valid_on(today)
        if not user.rights.can(Perm.EDIT_ALL_PROJECTS):
            districts = districts.filter(pk__in=user.rights.districts(Perm.EDIT_EVENTS))
        offices, rooms = Office.objects.existing_on(today), Room.objects.filter(is_active=True)
        projects = Project.objects.visible_to(user).under_way()
        if stored:
            districts |= District.objects.filter(pk=stored.district_id)
            offices |= Office.objects.filter(pk=stored.office_id)
            rooms |= Room.objects.filter(pk=stored.room_id)
            projects |= Project.objects.filter(pk=stored.project_id)
        self.fields["district"].queryset = districts.defer("boundary")
        self.fields["office"].queryset, self.fields["room"].queryset = offices, rooms.select_related("office")
        self.fields["room"].label_from_instance = lambda one: f"{one.office.name}: {one.name}"
        self.fields["project"].queryset = projects.only("title", "sort_key")
        self.fields["format"].queryset = offered(EventFormat, [stored.format_id] if stored else ())
        chosen = self.initial.get("target_groups") or ()
        self.fields["target_groups"].queryset = offered(TargetGroup, [getattr(one, "pk", one) for one in chosen])
        self.fields["keeper"].queryset = keepers(stored.keeper_id if stored else None)
        self.fields["keeper"].empty_label = "niemand Bestimmtes: das Team des Quartiers"

    def clean(self):
        """A room belongs to the office; nothing takes longer than a month."""
        data = super().clean()
        room, office = data.get("room"), data.get("office")
        if room and office and room.office_id != office.pk:
            self.add_error("room", "Diesen Raum hat das gewählte Stadtteilbüro nicht.")
        on, until = data.get("on"), data.get("until")
        if on and until and (until - on).days > LONGEST:
            self.add_error("until", f"Bitte höchstens {LONGEST} Tage.")
        return data


class ReportForm(VersionedForm):
    """What came of an event."""

    constraint_messages = {"event_costs_not_negative": ("costs", "Bitte 0 oder mehr.")}

    class Meta:
        model = Event
        fields = [
            *("participants", "is_estimate", "groups", "helpers", "new_contacts", "costs", "paid_by", "evaluation"),
        ]
        localized_fields = ("costs",)
        widgets = {"evaluation": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "groups": "Zum Beispiel „vor allem Familien, kaum Jugendliche“.",
            "helpers": "Ehrenamtliche, ohne unser Team.",
            "new_contacts": "Menschen, mit denen wir vorher nicht gesprochen hatten.",
            "evaluation": "Was war gut, was machen wir anders?",
        }

    def clean(self):
        """That it took place is no report: a number or a sentence says so (Z30)."""
        data = super().clean()
        typed = {"participants", "evaluation"} & set(self.errors)
        if not typed and data.get("participants") is None and not data.get("evaluation"):
            self.add_error("participants", REPORT_SAYS_SOMETHING)
        return data


class CancelEventForm(QuartierForm):
    """Why an event is called off."""

    reason = forms.CharField(
        label="Grund", max_length=300, help_text="Steht auch öffentlich dabei, wenn die Veranstaltung öffentlich ist."
    )
    drop_tasks = forms.BooleanField(
        label="", required=False, initial=True,
        help_text="Ohne Häkchen bleiben sie offen, zum Beispiel um eine Buchung abzusagen.",
    )  # fmt: skip

    def __init__(self, *args, open_tasks: int, **kwargs):
        super().__init__(*args, **kwargs)
        if not open_tasks:
            del self.fields["drop_tasks"]
        else:
            words = "Die offene Aufgabe entfällt" if open_tasks == 1 else f"Die {open_tasks} offenen Aufgaben entfallen"
            self.fields["drop_tasks"].label = words


class PhotoForm(QuartierForm):
    """A photo with what it shows and who may see it."""

    photo = PhotoField(label="Foto")
    caption = forms.CharField(
        label="Was zu sehen ist", max_length=200, help_text="Für Menschen, die das Bild nicht sehen. Ohne Namen."
    )
    consent = forms.ChoiceField(
        label="Wer zu erkennen ist", choices=EventPhoto.Consent, widget=forms.RadioSelect,
        help_text="Ohne Einwilligung sieht das Foto nur unser Team; nach einem Jahr wird es gelöscht.",
    )  # fmt: skip

    def clean(self):
        """A photo is needed."""
        data = super().clean()
        if "photo" in data and data["photo"] is None:
            self.add_error("photo", "Bitte ein Foto wählen.")
        return data


class PhotoWordsForm(QuartierForm):
    """The words and the consent of a photo that is there."""

    caption = forms.CharField(label="Was zu sehen ist", max_length=200)
    consent = forms.ChoiceField(
        label="Wer zu erkennen ist", choices=EventPhoto.Consent, widget=forms.RadioSelect,
        help_text="Ohne Einwilligung verschwindet das Foto auch aus Beiträgen der Öffentlichkeitsarbeit.",
    )  # fmt: skip


class OrganiserForm(QuartierForm):
    """An actor with whom an event is held."""

    actor = ActorField(label="Akteur")

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["actor"].queryset = Actor.objects.visible_to(user)
