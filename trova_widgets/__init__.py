"""Trova: binary fingerprints of seismograms, and the search for the network that reads them.

Almost everything starts with a `Workspace`: one study in one folder. The other names are what its methods take and give
back, the errors that they raise, and the fingerprint by itself.

The public names are loaded when they are first used, so that ``import trova_widgets`` costs nothing,
imports neither torch nor obspy, and writes nothing anywhere.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

#: Where each of the public names is at home.
_NAMES = {
    "access": ("AccessKeys",),
    "errors": (
        "NetworkError",
        "PlanError",
        "RecipeError",
        "RecordError",
        "RefusedValueError",
        "SettingError",
        "StoreError",
        "TrovaError",
        "TrovaWarning",
    ),
    "experiments": ("Best", "Plan", "Proposal", "RunStatus", "WorkerPool"),
    "experiments.choice": (
        "Drop",
        "Dropped",
        "Effect",
        "Evidence",
        "Halving",
        "HalvingRules",
        "Look",
        "Outcomes",
        "Race",
        "RaceRules",
        "Rung",
        "Training",
    ),
    "experiments.evaluation": ("Abstaining", "Chance", "Figure", "Figures", "Rated", "Reliability"),
    "experiments.seeking": ("Agenda", "Decision", "Influenced", "Proposed", "Search", "Step"),
    "figures.clock": ("Clock",),
    "fingerprinting": ("FingerprintRecipe", "SelectionStatistics", "fingerprint", "fingerprints"),
    "networks": ("LayerSummary",),
    "pages.application": ("application",),
    "records": ("Region", "Rejection", "RequestPolicy", "TableLayout", "Waveform"),
    "records.remarks": ("Remark",),
    "space": ("Grid", "Setting", "Space", "TrialResult"),
    "store": ("Belongings", "Bound", "NetworkRow", "PlacedEvents", "RecordFilter", "RecordPage"),
    "workspace": ("Workspace",),
    "workspace.answerer": ("Answerer",),
    "workspace.clock": ("ClockReport",),
    "workspace.comparing": ("Comparison",),
    "workspace.datasets": ("DatasetReport",),
    "workspace.deleting": ("Deletion",),
    "workspace.doctor": ("CheckReport", "Finding"),
    "workspace.evaluating": ("Evaluation", "Teller"),
    "workspace.evidence": ("ToldRecords",),
    "workspace.explaining": ("ExplainedAnswer",),
    "workspace.export": ("ExportReport",),
    "workspace.halving": ("HalvingReport",),
    "workspace.imaging": ("FingerprintReport",),
    "workspace.import_report": ("Counted", "ImportReport"),
    "workspace.model_card": ("CardPart", "ModelCard"),
    "workspace.planning": ("PlanReport",),
    "workspace.progress": ("Progress",),
    "workspace.quarries": ("QuarryReport",),
    "workspace.racing": ("RaceReport",),
    "workspace.record_choice": ("Choosable",),
    "workspace.result_tables": ("ResultTables",),
    "workspace.results": ("ExperimentResults",),
    "workspace.searching": ("SearchReport",),
    "workspace.states": ("ExperimentStatus",),
    "workspace.statistics": ("FittedStatistics",),
    "workspace.trial_report": ("TrialReport",),
    "workspace.verdict": ("Verdict",),
    "workspace.views": ("View",),
}
_HOME = {name: home for home, names in _NAMES.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"trova_widgets has no public name {name!r}; it has {', '.join(__all__)}")
    value = globals()[name] = getattr(import_module(f"trova_widgets.{_HOME[name]}"), name)
    return value


def __dir__() -> list[str]:
    return __all__
