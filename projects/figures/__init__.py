"""Figures of what people do together, for the evaluation's chapters: one count for page, file and report (Q13)."""

from .bodies import BodyFigures, body_figures
from .needs import NeedFigures, need_figures

__all__ = ["BodyFigures", "NeedFigures", "body_figures", "need_figures"]
