"""Amounts as people write them: „1.234,50“, „1234.5“, „80 €“."""

import re
from decimal import Decimal

from django import forms
from django.utils.formats import number_format

_WRITTEN = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?|[0-9]+([.,][0-9]+)?")
WRONG = "Bitte einen Betrag wie 1.250,00 eingeben."


class AmountField(forms.DecimalField):
    """A number that is not negative, in German or English writing; an empty field gives `empty`."""

    default_error_messages = {
        "invalid": WRONG,
        "max_digits": "Diese Zahl ist zu groß.",
        "max_whole_digits": "Diese Zahl ist zu groß.",
        "max_decimal_places": "Das sind zu viele Stellen hinter dem Komma.",
    }

    def __init__(self, *, empty: Decimal | None = None, **kwargs):
        kwargs = {"min_value": 0, "max_digits": 11, "decimal_places": 2, "widget": forms.TextInput} | kwargs
        super().__init__(**kwargs)
        self.empty = None if empty is None else Decimal(empty)
        self.widget.attrs |= {"inputmode": "decimal", "maxlength": "20", "autocomplete": "off"}

    def to_python(self, value) -> Decimal | None:
        """The amount; a ValidationError for what is none."""
        text = str(value or "").replace("€", "").replace("\xa0", "").replace(" ", "")
        if not text:
            return self.empty if not self.required else None
        if not _WRITTEN.fullmatch(text) or len(text) > 20:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        if "," in text or re.fullmatch(r"\d{1,3}(\.\d{3})+", text):
            text = text.replace(".", "").replace(",", ".")
        return super().to_python(text)

    def prepare_value(self, value):
        """A stored amount in German; what somebody typed stays as it is."""
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            return number_format(value, decimal_pos=self.decimal_places, use_l10n=True, force_grouping=True)
        return value
