"""Base of all list filters."""

import django_filters

from quartier.web.forms import QuartierForm


class QuartierFilterSet(django_filters.FilterSet):
    """A filter with our form; a value that cannot be read is shown as an error and finds nothing."""

    class Meta:
        form = QuartierForm

    def get_form_class(self):
        """Our cleaning form also where a subclass brings its own Meta."""
        fields = {name: filter_.field for name, filter_ in self.filters.items()}
        return type(f"{type(self).__name__}Form", (QuartierForm,), fields)

    @property
    def qs(self):
        """The filtered rows; none when the filter itself is wrong."""
        if self.is_bound and not self.form.is_valid():
            return self.queryset.none()
        return super().qs

    @property
    def active_count(self) -> int:
        """How many fields narrow the list at the moment."""
        if not self.is_bound or not self.form.is_valid():
            return 0
        return sum(1 for value in self.form.cleaned_data.values() if value not in (None, "", [], ()) and value)
