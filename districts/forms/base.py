"""Model forms whose database constraints speak German."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError

from quartier.web.forms import QuartierModelForm


class MasterDataForm(QuartierModelForm):
    """A model form that says in words which rule of the database a row would break, next to the field concerned."""

    # name of the constraint: (field or None for the whole form, message)
    constraint_messages: Mapping[str, tuple[str | None, str]] = {}

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
