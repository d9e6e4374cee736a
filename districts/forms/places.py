"""Forms about districts, offices and departments."""

from django import forms
from django.forms import inlineformset_factory
from django.utils import timezone

from districts.forms.base import MasterDataForm
from districts.models import Department, DepartmentContact, District, Office
from quartier.web.forms import QuartierForm

VALIDITY = "Das Ende liegt vor dem Anfang."
VALIDITY_HINTS = {"valid_from": "Leer: schon immer.", "valid_to": "Leer: ohne Ende. Der Tag selbst zählt noch mit."}


class DistrictForm(MasterDataForm):
    """A district; its boundary comes from an import."""

    constraint_messages = {"district_validity_in_order": ("valid_to", VALIDITY)}

    class Meta:
        model = District
        fields = ["name", "short_name", "borough", "valid_from", "valid_to"]
        help_texts = VALIDITY_HINTS
        error_messages = {"name": {"unique": "Ein Quartier mit diesem Namen gibt es schon."}}


class OfficeForm(MasterDataForm):
    """An office with its address and the districts it serves."""

    class Meta:
        model = Office
        fields = ["name", "street", "postcode", "city", "phone", "email", "districts"]
        widgets = {"districts": forms.CheckboxSelectMultiple}
        error_messages = {"name": {"unique": "Ein Stadtteilbüro mit diesem Namen gibt es schon."}}


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
