"""Forms about districts, offices and departments."""

from django import forms
from django.forms import inlineformset_factory
from django.utils import timezone

from districts.forms.base import MasterDataForm
from districts.models import Department, DepartmentContact, District, LivingSpace, Office
from quartier.web.forms import PhotoField, QuartierForm

HEAD_LINES, HEAD_WIDTH = 4, 75
VALIDITY = "Das Ende liegt vor dem Anfang."
VALIDITY_HINTS = {"valid_from": "Leer: schon immer.", "valid_to": "Leer: ohne Ende. Der Tag selbst zählt noch mit."}


class DistrictForm(MasterDataForm):
    """A district; its boundary comes from an import."""

    constraint_messages = {
        "district_validity_in_order": ("valid_to", VALIDITY),
        "district_population_has_day": ("population_on", "Bitte Zahl und Stand zusammen angeben."),
    }

    class Meta:
        model = District
        fields = [
            *("name", "short_name", "borough", "description", "population", "population_on", "valid_from", "valid_to"),
        ]
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}
        help_texts = {**VALIDITY_HINTS, "description": "Steht am Anfang der Quartiersseite und des Profils."}
        error_messages = {"name": {"unique": "Ein Quartier mit diesem Namen gibt es schon."}}


class LivingSpaceForm(MasterDataForm):
    """A Lebensraum; its boundary comes from an import."""

    constraint_messages = {
        "living_space_in_order": ("valid_to", VALIDITY),
        "living_space_in_one_district_at_a_time": ("name", "Diesen Lebensraum gibt es in dieser Zeit schon."),
    }

    class Meta:
        model = LivingSpace
        fields = ["name", "district", "valid_from", "valid_to"]
        help_texts = VALIDITY_HINTS


class OfficeForm(MasterDataForm):
    """An office: where it is, whom it serves, what its page and its letters say."""

    constraint_messages = {
        "office_dates_in_order": ("closed_on", VALIDITY),
        "office_coordinates_in_pairs": ("lon", "Bitte Breiten- und Längengrad zusammen angeben."),
    }
    photo = PhotoField(
        label="Foto des Büros",
        help_text="JPEG, PNG, WebP oder HEIC, bis 10 MB. Zusatzdaten wie der Ort werden entfernt. Das Foto ist im "
        "Internet zu sehen: bitte ohne Menschen und Kennzeichen.",
    )
    drop_photo = forms.BooleanField(label="Foto entfernen", required=False)
    website = forms.URLField(label="Internetseite", required=False, assume_scheme="https")
    PLACE = ("name", "districts", "street", "postcode", "city", "lat", "lon", "directions", "phone", "email", "website")
    PAGE = ("carrier", "opened_on", "closed_on", "accessibility", "photo", "drop_photo")
    LETTERS = ("hours_note", "letterhead", "funding_note")

    class Meta:
        model = Office
        fields = [
            *("name", "districts", "street", "postcode", "city", "lat", "lon", "directions"),
            *("phone", "email", "website"),
            *("carrier", "opened_on", "closed_on", "accessibility", "hours_note", "letterhead", "funding_note"),
        ]
        widgets = {
            "districts": forms.CheckboxSelectMultiple,
            "accessibility": forms.Textarea(attrs={"rows": 3}),
            "hours_note": forms.Textarea(attrs={"rows": 2}),
            "letterhead": forms.Textarea(attrs={"rows": 3}),
            "funding_note": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "lat": "Für die Karte, in Grad, zum Beispiel 50,7766.",
            "lon": "Zum Beispiel 6,1175.",
            "closed_on": "Leer: Das Büro besteht. Der Tag selbst zählt noch mit.",
            "accessibility": "Was man vor dem Besuch wissen will: Stufen, Türbreite, Aufzug, WC, Induktionsschleife.",
            "hours_note": "Die Zeiten selbst stehen im Wochenplan. Hier nur, was dazukommt, zum Beispiel "
            "„und nach Vereinbarung“.",
            "directions": "Zum Beispiel „Eingang vom Hof, stufenlos“.",
            "letterhead": "Oben auf Briefen, zum Beispiel der Name der Stadt und des Fachbereichs.",
            "funding_note": "Unten auf Briefen, zum Beispiel Träger und Förderprogramm.",
        }
        error_messages = {"name": {"unique": "Ein Stadtteilbüro mit diesem Namen gibt es schon."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.photo:
            del self.fields["drop_photo"]

    @property
    def groups(self) -> list[tuple[str, list]]:
        """The fields under headings."""
        parts = (("Ort und Erreichbarkeit", self.PLACE), ("Büro", self.PAGE), ("Briefe und Quittungen", self.LETTERS))
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in parts]

    def clean_letterhead(self) -> str:
        """What fits above the window of the envelope."""
        text = self.cleaned_data["letterhead"]
        lines = text.splitlines()
        if len(lines) > HEAD_LINES or any(len(line) > HEAD_WIDTH for line in lines):
            raise forms.ValidationError(
                f"Über das Fenster des Umschlags passen {HEAD_LINES} Zeilen mit je {HEAD_WIDTH} Zeichen."
            )
        return text


class DepartmentForm(MasterDataForm):
    """A department; who follows it has its own step."""

    constraint_messages = {
        "department_validity_in_order": ("valid_to", VALIDITY),
        "department_link_needs_mailbox": ("mailbox", "Für Antworten über einen Link braucht es ein Funktionspostfach."),
    }

    class Meta:
        model = Department
        fields = [
            "code",
            "name",
            "kind",
            "division",
            "mailbox",
            "answers_by_link",
            "valid_from",
            "valid_to",
            "note",
        ]
        help_texts = VALIDITY_HINTS | {"code": "Zum Beispiel „FB 36“ oder „E 18“."}
        error_messages = {"code": {"unique": "Dieses Kürzel ist schon vergeben."}}
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}


class ContactForm(MasterDataForm):
    """A person or desk inside a department."""

    class Meta:
        model = DepartmentContact
        fields = ["name", "responsibility", "district", "phone", "email"]


ContactFormSet = inlineformset_factory(
    Department,
    DepartmentContact,
    form=ContactForm,
    extra=2,
    max_num=40,
    absolute_max=60,
    can_delete=True,
    can_delete_extra=False,
)


class SuccessorForm(QuartierForm):
    """Who continues a department's work, and from when."""

    successor = forms.ModelChoiceField(
        label="Wird fortgeführt von",
        queryset=Department.objects.none(),
        help_text="Die neue Stelle muss angelegt sein.",
    )
    last_day = forms.DateField(label="Letzter Tag der bisherigen Stelle")

    def __init__(self, *args, department: Department, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = Department.objects.exclude(pk=department.pk)
        self.fields["last_day"].initial = timezone.localdate()
