"""Model forms whose database constraints speak German."""

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH

from quartier.web.forms import QuartierModelForm


class MasterDataForm(QuartierModelForm):
    """A model form that says in words which rule of the database a row would break, next to the field concerned."""

    # name of the constraint: (field or None for the whole form, message)
    constraint_messages: Mapping[str, tuple[str | None, str]] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                _name_empty_choice(field)

    def validate_constraints(self) -> None:
        """Check every constraint of the model before the database does."""
        exclude = self._get_validation_exclusions() - set(self.fields)
        for constraint in self._meta.model._meta.constraints:
            try:
                constraint.validate(self._meta.model, self.instance, exclude=exclude)
            except ValidationError as error:
                field, message = self.constraint_messages.get(constraint.name, (None, error.messages[0]))
                self.add_error(field, message)

    def validate_unique(self) -> None:
        """Uniqueness of single fields; what spans several is among the constraints."""
        try:
            self.instance.validate_unique(exclude=self._get_validation_exclusions())
        except ValidationError as error:
            self._update_errors(error)


def _name_empty_choice(field: forms.ChoiceField) -> None:
    """Say in words what it means to choose nothing."""
    words = "Bitte wählen" if field.required else "keine Angabe"
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label is not None:
            field.empty_label = words
    elif field.choices and field.choices[0][0] == "" and field.choices[0][1] == BLANK_CHOICE_DASH[0][1]:
        field.choices = [("", words), *field.choices[1:]]
