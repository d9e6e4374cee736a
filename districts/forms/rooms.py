"""Forms about rooms and bookings."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from districts.forms.places import VALIDITY
from districts.forms.versions import VersionedForm
from districts.models import Actor, Booking, Office, Room, ShareMember, User
from districts.models.rooms import TEAM
from districts.roles import Perm
from quartier.web.forms import QuartierForm

RHYTHMS = (("once", "einmal"), ("weekly", "jede Woche"), ("fortnightly", "alle zwei Wochen"))
LONGEST = 366  # days of a series
MOST_DEVICES = 30
MOST_SIZE, MOST_SEATS = 5000, 1000  # of one room of an office


def _number(label: str, *, most: int, unit: str) -> forms.IntegerField:
    """How large a room of an office can be, in words that say so."""
    sentence = f"Bitte eine Zahl von 1 bis {most} ({unit}) oder das Feld leer lassen."
    messages = {"min_value": sentence, "max_value": sentence, "invalid": sentence}
    return forms.IntegerField(label=label, min_value=1, max_value=most, required=False, error_messages=messages)


class RoomForm(VersionedForm):
    """A room and what stands in it, one thing per line."""

    equipment = forms.CharField(
        label="Ausstattung",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ein Gerät je Zeile, zum Beispiel „Beamer“ oder „Lautsprecher“.",
    )
    size = _number("Größe in m²", most=MOST_SIZE, unit="m²")
    seats = _number("Sitzplätze", most=MOST_SEATS, unit="Plätze")
    known = frozenset({"office"})
    constraint_messages = {"room_name_once_per_office": ("name", "Einen Raum mit diesem Namen gibt es hier schon.")}

    class Meta:
        model = Room
        fields = ["name", "size", "seats", "is_barrier_free", "has_kitchen", "note", "is_active"]
        help_texts = {
            "name": "Wie in den Öffnungszeiten: Dann stehen Sprechzeiten in diesem Raum auch im Raumplan.",
            "is_active": "Ohne Häkchen bleiben frühere Buchungen stehen, neue sind nicht mehr möglich.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["equipment"] = "\n".join(one.name for one in self.instance.equipment.all())

    def clean_equipment(self) -> list[str]:
        """The lines that say something, each once, as it was written first."""
        lines = [line.strip() for line in self.cleaned_data["equipment"].splitlines()]
        found: dict[str, str] = {}
        for line in filter(None, lines):
            found.setdefault(line.casefold(), line)
        names = list(found.values())
        if any(len(name) > 80 for name in names):
            raise forms.ValidationError("Eine Zeile darf höchstens 80 Zeichen haben.")
        if len(names) > MOST_DEVICES:
            raise forms.ValidationError(f"Höchstens {MOST_DEVICES} Geräte.")
        return names


def is_in_team(user: User, office: Office) -> bool:
    """Whether a person books for everybody here: as the team of a district that the office serves."""
    own = user.rights.districts(Perm.BOOK_ROOMS)
    return any(one.pk in own for one in office.districts.all())


def holders_for(user: User, office: Office, on: date):
    """Actors for whom a person may book: the members of the shared office, or the own ones among them."""
    members = ShareMember.objects.of_office(office, on=on)
    found = Actor.objects.filter(pk__in=members.values("actor")).order_by("sort_key")
    return found if is_in_team(user, office) else found.filter(pk__in=user.rights.actor_ids)


class TimesForm(QuartierForm):
    """When, where, for whom and what for."""

    room = forms.ModelChoiceField(label="Raum", queryset=Room.objects.none(), empty_label=None)
    day = forms.DateField(label="Tag")
    starts = forms.TimeField(label="von")
    ends = forms.TimeField(label="bis")
    actor = forms.ModelChoiceField(label="Für wen", queryset=Actor.objects.none(), required=False, empty_label=TEAM)
    purpose = forms.CharField(
        label="Wofür", max_length=120, help_text="Bitte ohne Namen von Personen, zum Beispiel „Elterncafé“."
    )
    is_shown = forms.BooleanField(
        label="Zweck allen zeigen, auch auf dem Plan an der Tür",
        required=False,
        help_text="Sonst lesen ihn nur Sie und das Quartiersmanagement; andere sehen „belegt“.",
    )

    def __init__(self, *args, user: User, office: Office, **kwargs):
        super().__init__(*args, **kwargs)
        self.office = office
        self.fields["room"].queryset = Room.objects.bookable_by(user).filter(office=office)
        actor = self.fields["actor"]
        actor.queryset = holders_for(user, office, timezone.localdate())
        if not is_in_team(user, office):
            actor.required, actor.empty_label = True, None

    def clean_day(self) -> date:
        """Nothing is booked for yesterday."""
        day = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError("Dieser Tag ist schon vorbei.")
        return day

    def clean(self) -> dict:
        """The end comes after the beginning, and who books belongs to the shared office then."""
        cleaned = super().clean()
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", "Das Ende muss nach dem Anfang liegen.")
        goes_on = cleaned.get("rhythm", "once") != "once"
        actor, day = cleaned.get("actor"), (goes_on and cleaned.get("until")) or cleaned.get("day")
        if actor and day and not ShareMember.objects.of_office(self.office, on=day).filter(actor=actor).exists():
            self.add_error("actor", f"{actor} gehört am {day:%d.%m.%Y} nicht mehr zur Bürogemeinschaft.")
        return cleaned


class BookingForm(TimesForm):
    """A new booking, once or as a series."""

    rhythm = forms.ChoiceField(label="Wie oft", choices=RHYTHMS, initial="once", widget=forms.RadioSelect)
    until = forms.DateField(label="Letzter Tag der Reihe", required=False)
    skip_taken = forms.BooleanField(label="Tage auslassen, an denen der Raum belegt ist", required=False)

    def clean(self) -> dict:
        """A series needs an end, within a year."""
        cleaned = super().clean()
        day, until = cleaned.get("day"), cleaned.get("until")
        if cleaned.get("rhythm") == "once":
            cleaned["until"] = None
            self.errors.pop("until", None)
        elif not until and not {"until", "rhythm"} & set(self.errors):
            self.add_error("until", "Bitte angeben, bis wann die Reihe geht.")
        elif day and until and until < day:
            self.add_error("until", VALIDITY)
        elif day and until and (until - day).days > LONGEST:
            self.add_error("until", "Eine Reihe geht höchstens über ein Jahr.")
        return cleaned


class ChangeBookingForm(TimesForm):
    """One booking as it stands, with the version that was on the person's screen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, booking: Booking, **kwargs):
        super().__init__(*args, office=booking.room.office, initial=_stored(booking), **kwargs)
        if booking.actor_id:
            self.fields["actor"].queryset |= Actor.objects.filter(pk=booking.actor_id)
        self.fields["room"].queryset |= Room.objects.filter(pk=booking.room_id)

    def on_top_of(self, booking: Booking) -> dict:
        """Keep the typed values, now against what is stored, and say where the two differ."""
        self.data = self.data.copy()
        self.data["version"] = str(booking.version)
        typed, stored = self.cleaned_data, _stored(booking)
        names = ("room", "day", "starts", "ends", "actor", "purpose", "is_shown")
        rows = [(self.fields[name].label, _words(stored[name]), _words(typed[name])) for name in names]
        return {"differences": [row for row in rows if row[1] != row[2]]}


def _stored(booking: Booking) -> dict:
    return {
        **{name: getattr(booking, name) for name in ("room", "actor", "purpose", "is_shown", "version", "day")},
        "starts": booking.start_time,
        "ends": booking.end_time,
    }


def _words(value) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if hasattr(value, "strftime"):
        return f"{value:%H:%M}"
    return TEAM if value is None else str(value)


class CancelForm(QuartierForm):
    """Why a booking is cancelled, and whether those of its series that follow are, too."""

    reason = forms.CharField(label="Grund", max_length=200, help_text="Zum Beispiel „Kurs fällt aus“.")
    with_following = forms.BooleanField(label="Auch alle späteren Termine dieser Reihe absagen", required=False)

    def __init__(self, *args, booking: Booking, **kwargs):
        super().__init__(*args, **kwargs)
        if not booking.series:
            del self.fields["with_following"]


class UsageForm(QuartierForm):
    """The period that is counted."""

    first = forms.DateField(label="Von")
    last = forms.DateField(label="Bis")

    def clean(self) -> dict:
        """The end comes after the beginning."""
        cleaned = super().clean()
        if cleaned.get("first") and cleaned.get("last") and cleaned["last"] < cleaned["first"]:
            self.add_error("last", VALIDITY)
        return cleaned


def last_quarter_of_a_year(today: date) -> dict[str, date]:
    """The period that is asked for first: three months until today."""
    return {"first": today - timedelta(days=91), "last": today}
