"""From recordings to gaze on the image, fixations, quality and attention maps."""

from gazecore.analysis.fixation_table import fixations_on_image
from gazecore.analysis.gaze_table import gaze_on_image
from gazecore.analysis.pans import pan_intervals
from gazecore.analysis.readings import ReadingInterval, reading_intervals
from gazecore.analysis.session import SessionAnalysis, analyse_session
from gazecore.analysis.settings import AnalysisSettings
from gazecore.analysis.study import AnalysisReport, Execution, analyse_study
from gazecore.analysis.viewports import ShownViewport, ViewportTimeline, viewport_timeline

__all__ = [
    "AnalysisReport",
    "AnalysisSettings",
    "Execution",
    "ReadingInterval",
    "SessionAnalysis",
    "ShownViewport",
    "ViewportTimeline",
    "analyse_session",
    "analyse_study",
    "fixations_on_image",
    "gaze_on_image",
    "pan_intervals",
    "reading_intervals",
    "viewport_timeline",
]
