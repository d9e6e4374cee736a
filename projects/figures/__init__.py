"""Figures of what people do together, for the evaluation's chapters: one count for page, file and report (Q13)."""

from .bodies import BodyFigures, body_figures
from .needs import NeedFigures, need_figures
from .projects import ProjectFigures, project_figures
from .public_relations import PRFigures, pr_figures, tone_by_year

__all__ = [
    "BodyFigures", "NeedFigures", "PRFigures", "ProjectFigures", "body_figures", "need_figures", "pr_figures",
    "project_figures", "tone_by_year",
]  # fmt: skip
