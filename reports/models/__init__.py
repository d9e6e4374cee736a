"""What reports keep: sums of the loop, indicators, released reports."""

from .indicators import Indicator, IndicatorFile, IndicatorValue
from .mirror import COMMENT_LIMIT, Mirror
from .reports import Report, ReportFile, ReportRun, ReportSettings, ReportText
from .sheets import MOST_ENTRIES, Sheet, SheetEntry
from .sums import WHOLE_CITY, Change, KeptPiece, KeptSum

__all__ = [
    "COMMENT_LIMIT",
    "MOST_ENTRIES",
    "WHOLE_CITY",
    "Change",
    "Indicator",
    "IndicatorFile",
    "IndicatorValue",
    "KeptPiece",
    "KeptSum",
    "Mirror",
    "Report",
    "ReportFile",
    "ReportRun",
    "ReportSettings",
    "ReportText",
    "Sheet",
    "SheetEntry",
]
