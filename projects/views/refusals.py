"""Lets `save_form` speak of the refusals of the loop."""

from collections.abc import Callable

from django.core.exceptions import ValidationError

from districts.actions.base import Conflict as Late
from projects.actions.base import Conflict, LoopError


def refusing(act: Callable) -> Callable:
    """`act`, with a `Conflict` of the loop as 409 and every other refusal as an error of the form."""

    def guarded(**given):
        try:
            return act(**given)
        except Conflict as error:
            raise Late(str(error)) from error
        except LoopError as error:
            raise ValidationError(str(error)) from error

    return guarded
