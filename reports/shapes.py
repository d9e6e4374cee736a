"""What a chart is drawn of: bars, lines, marks and texts with their coordinates, ready for the SVG templates."""

from dataclasses import dataclass, field

COLOURS = ("#2044aa", "#c25400", "#00785a", "#5c6670")
DASHES = ("", "7 4", "2 4", "9 3 2 3")


@dataclass(frozen=True)
class Text:
    """A piece of text at a point."""

    x: str
    y: str
    text: str
    anchor: str = "start"


class _OfSeries:
    """Something drawn in the way of its series."""

    series: int

    @property
    def colour(self) -> str:
        """The series' colour on paper."""
        return COLOURS[self.series]

    @property
    def dashes(self) -> str:
        """The series' dashes, "" for a solid line."""
        return DASHES[self.series]


@dataclass(frozen=True)
class Bar(_OfSeries):
    """A bar or a piece of one."""

    x: str
    y: str
    width: str
    height: str
    series: int


@dataclass(frozen=True)
class Mark(_OfSeries):
    """A point of a line: a circle, square, triangle or diamond by its series."""

    x: str
    y: str
    series: int
    points: str = ""  # of a polygon; "" is a circle


@dataclass(frozen=True)
class Line(_OfSeries):
    """A piece of a line between two gaps."""

    points: str
    series: int


@dataclass(frozen=True)
class Key(_OfSeries):
    """An entry of the legend: a square or, for lines, a short line with its marker; then the words."""

    x: str
    y: str
    text_x: str
    text_y: str
    label: str
    series: int
    line: Line
    mark: Mark


@dataclass
class Chart:
    """Everything the templates need; coordinates are ready to be written."""

    code: str
    kind: str
    title: str  # what it says in one sentence: the text instead of the picture
    detail: str  # every value, for whoever cannot see it
    width: int
    height: int = 0
    texts: list[Text] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    grid: list[tuple[str, str, str, str]] = field(default_factory=list)
    axis: list[tuple[str, str, str, str]] = field(default_factory=list)
    legend: list[Key] = field(default_factory=list)
