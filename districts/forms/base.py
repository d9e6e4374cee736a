"""Model forms whose database constraints speak German."""

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.models import InlineForeignKeyField, construct_instance

from quartier.web.forms import QuartierModelForm


class MasterDataForm(QuartierModelForm):
    """A model form that says in words which rule of the database a row would break, next to the field concerned."""

    # name of the constraint: (field or None for the whole form, message)
    constraint_messages: Mapping[str, tuple[str | None, str]] = {}
    # Fields that the form does not show but whose value is known, so that constraints over them can be checked.
    known: frozenset[str] = frozenset()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                _name_empty_choice(field)

    def _post_clean(self) -> None:
        """As Django does it, except that every constraint is checked by itself, so that its own words can be used."""
        exclude = self._get_validation_exclusions()
        exclude |= {name for name, field in self.fields.items() if isinstance(field, InlineForeignKeyField)}
        self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
        try:
            self.instance.full_clean(exclude=exclude, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            self._update_errors(error)
        self._check_constraints(exclude)
        if self._validate_unique:
            self.validate_unique()

    def _check_constraints(self, exclude: set[str]) -> None:
        """Fields the form shows take part even when they are empty: an open end is what overlaps most.

        What has to ask the database comes last and only for values that make sense by themselves.
        """
        exclude = exclude - set(self.fields) - self.known | set(self.errors)
        constraints = self._meta.model._meta.constraints
        for constraint in sorted(constraints, key=lambda one: not isinstance(one, CheckConstraint)):
            if self.errors and not isinstance(constraint, CheckConstraint):
                break
            try:
                constraint.validate(self._meta.model, self.instance, exclude=exclude)
            except ValidationError as error:
                field, message = self.constraint_messages.get(constraint.name, (None, error.messages[0]))
                self.add_error(field, message)


def _name_empty_choice(field: forms.ChoiceField) -> None:
    """Say in words what it means to choose nothing."""
    words = "Bitte wählen" if field.required else "keine Angabe"
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label is not None:
            field.empty_label = words
    elif field.choices and field.choices[0][0] == "" and field.choices[0][1] == BLANK_CHOICE_DASH[0][1]:
        field.choices = [("", words), *field.choices[1:]]
