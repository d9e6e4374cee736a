"""Forms about bodies and their members."""

from django import forms
from django.utils import timezone

from districts.forms.fields import ActorField
from districts.forms.places import VALIDITY, VALIDITY_HINTS
from districts.forms.versions import VersionedForm
from districts.models import Actor, ContactPerson, Department, District, User
from districts.roles import Perm, Role
from projects.models import Body, BodyMember
from quartier.web.forms import QuartierForm

OWN_DISTRICT = "Bitte mindestens eines Ihrer Quartiere ankreuzen, oder keines und sich selbst als Koordination wählen."
STAFF = (Role.MANAGER, Role.ASSISTANT, Role.PLANNING)


class BodyForm(VersionedForm):
    """A body: what it is for, whom it concerns, when it meets."""

    constraint_messages = {
        "body_in_order": ("ended_on", VALIDITY),
        "body_rhythm_is_whole": (
            "every_months",
            "Für regelmäßige Termine fehlt noch etwas: Wochentag, der wievielte im Monat und Beginn.",
        ),
        "body_quorum_is_share": ("quorum", "Bitte eine Zahl zwischen 0 und 100."),
    }

    class Meta:
        model = Body
        fields = [
            *("name", "kind", "level", "term", "districts", "mandate", "power", "part", "voting_rules", "quorum"),
            *("every_months", "first_month", "nth", "weekday", "starts", "duration", "place"),
            *("coordinator", "is_public", "founded_on", "ended_on"),
        ]
        widgets = {"districts": forms.CheckboxSelectMultiple, "mandate": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "term": "Auf Zeit: für eine Aufgabe, danach ist Schluss.",
            "districts": "Nichts angekreuzt: für die ganze Stadt.",
            "voting_rules": "Zum Beispiel „einfache Mehrheit der Anwesenden, je Einrichtung eine Stimme“.",
            "quorum": "0: immer beschlussfähig.",
            "is_public": "Dann gibt es einen Kalender zum Abonnieren, ohne Anmeldung.",
            "ended_on": "Leer: ohne Ende. Der Tag selbst zählt noch mit.",
        }
        error_messages = {"name": {"unique": "Ein Gremium mit diesem Namen gibt es schon."}}

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, today = user, timezone.localdate()
        districts = District.objects.valid_on(today)
        people = User.objects.with_role(*STAFF, on=today)
        if self.instance.pk:
            districts |= District.objects.filter(pk__in=[one.pk for one in self.initial["districts"]])
            people = people | User.objects.filter(pk=self.instance.coordinator_id)
        self.fields["districts"].queryset = districts.defer("boundary")
        self.fields["coordinator"].queryset = people.distinct()

    def clean(self):
        """Whoever enters a body keeps the right to change it."""
        data = super().clean()
        starts, duration = data.get("starts"), data.get("duration")
        if starts and duration and starts.hour * 60 + starts.minute + duration >= 24 * 60:
            self.add_error("duration", "Die Sitzung würde erst am nächsten Tag enden. Bitte früher oder kürzer.")
        districts, own = data.get("districts") or [], self.user.rights.districts(Perm.EDIT_BODIES)
        keeps = any(one.pk in own for one in districts) or data.get("coordinator") == self.user
        if not keeps and not self.user.rights.can(Perm.EDIT_ALL_BODIES):
            self.add_error("districts", OWN_DISTRICT)
        return data


class MemberForm(VersionedForm):
    """Who belongs to a body: an actor, a department, a person with a login, or somebody by name."""

    known = frozenset({"body", "contact"})
    actor = ActorField(label="Akteur", required=False)
    contact_name = forms.CharField(
        label="Ansprechperson",
        max_length=120,
        required=False,
        help_text="Name aus dem Verzeichnis, nur zusammen mit einem Akteur. Die Einladung geht dann an die dienstliche "
        "Adresse.",
    )
    constraint_messages = {
        "body_member_in_order": ("valid_to", VALIDITY),
        "body_member_is_one": (
            None,
            "Bitte genau eines angeben: Akteur, Person mit Zugang, Fachbereich oder freier Name.",
        ),
        "body_member_address_needs_consent": (
            "consent_on",
            "Eine Adresse speichern wir nur zu einem freien Namen und mit dem Tag der Einwilligung.",
        ),
        "body_member_deputy_of_somebody": (
            "deputy_for",
            "Nur wer die Rolle Vertretung hat, vertritt jemanden, und hat dann selbst keine Stimme.",
        ),
        **{
            f"body_member_{field}_once": (None, "Gehört in dieser Zeit schon zum Gremium.")
            for field in ("contact", "user", "department", "name")
        },
    }

    class Meta:
        model = BodyMember
        fields = [
            *("actor", "department", "user", "name", "email", "consent_on"),
            *("role", "has_vote", "deputy_for", "valid_from", "valid_to"),
        ]
        help_texts = {
            **VALIDITY_HINTS,
            "name": "Für Menschen, die weder zu einem Akteur noch zur Verwaltung gehören.",
            "email": "Nur zum freien Namen.",
            "has_vote": "Eine Vertretung stimmt ab, wenn das Mitglied fehlt.",
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        today, body = timezone.localdate(), self.instance.body
        self.fields["actor"].queryset = Actor.objects.visible_to(user)
        if self.instance.contact_id:
            self.fields["contact_name"].initial = self.instance.contact.name
        self.fields["department"].queryset = Department.objects.valid_on(today)
        self.fields["user"].queryset = User.objects.active()
        seats = body.members.valid_on(today).exclude(pk=self.instance.pk).filter(deputy_for=None).with_names()
        self.fields["deputy_for"].queryset = seats

    def clean(self):
        """A contact person is found by the name, among those of the actor."""
        data = super().clean()
        name, actor = data.pop("contact_name", ""), data.get("actor")
        data["contact"] = self._contact(name, actor) if name else None
        self.instance.contact = data["contact"]
        return data

    def _contact(self, name: str, actor: Actor | None) -> ContactPerson | None:
        if actor is None:
            self.add_error("contact_name", "Bitte auch den Akteur angeben.")
            return None
        people = list(actor.contacts.filter(valid_to=None))
        found = next((one for one in people if one.name.casefold() == name.casefold()), None)
        if found is None:
            there = ", ".join(one.name for one in people) or "niemand eingetragen"
            self.add_error("contact_name", f"Diese Ansprechperson hat der Akteur nicht. Im Verzeichnis: {there}.")
        return found


class EndMemberForm(QuartierForm):
    """The last day of a membership."""

    last_day = forms.DateField(label="Dabei bis einschließlich", initial=timezone.localdate)
