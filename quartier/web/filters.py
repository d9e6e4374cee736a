"""Bases of all list filters."""

from functools import cached_property

import django_filters

from quartier.web.forms import QuartierForm


class QuartierFilterSet(django_filters.FilterSet):
    """A filter with our form; a value that cannot be read is shown as an error and finds nothing."""

    more: tuple[str, ...] = ()  # fields that the page folds away

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

    @property
    def more_active(self) -> bool:
        """Whether one of the folded fields narrows the list."""
        return any(self.data.get(name) for name in self.more)

    def in_words(self) -> list[str]:
        """What narrows the list, for people who have only the paper."""
        words = []
        for name, value in self.form.cleaned_data.items() if self.form.is_valid() else ():
            if value not in (None, "", False):
                choices = dict(getattr(self.form.fields[name], "choices", ()) or ())
                words.append(self.form.fields[name].label + ("" if value is True else f": {choices.get(value, value)}"))
        return words


class SearchedFilterSet(QuartierFilterSet):
    """A list with words to look for (`q`, by `by_text`), which leaves out what is over unless a `status` is chosen.

    The rows know `matching(text)` and `sounding(text)`.
    """

    def not_over(self, rows):
        """The rows that are shown without a choice."""
        raise NotImplementedError

    @property
    def qs(self):
        """The chosen rows; a search that finds nothing by letters looks for what sounds like it."""
        return self._found[0]

    @property
    def is_near(self) -> bool:
        """Whether nothing contains the words, so that similar ones are shown."""
        return self._found[1]

    @cached_property
    def _found(self) -> tuple:
        found, chosen = super().qs, self.form.cleaned_data if self.form.is_valid() else {}
        if chosen and not chosen.get("status"):
            found = self.not_over(found)
        text = chosen.get("q")
        if not text or (exact := found.matching(text)).exists():
            return exact if text else found, False
        return found.filter(pk__in=found.sounding(text)), True

    def by_text(self, queryset, name, value):
        """Nothing yet: `_found` searches after everything else has narrowed the list."""
        return queryset
