"""Is a workspace whole? Files against rows, rows against each other, contents against their hashes; and mending it.

Nothing that was stored is ever deleted: what does not belong is moved to the folder ``quarantine``, files as they are,
rows as CSV.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from trova_widgets.identity import identity_of_bytes
from trova_widgets.networks import weights_problem
from trova_widgets.records.catalogues.sheets import marked_frame
from trova_widgets.reports import Report
from trova_widgets.store import REFERENCES, Store
from trova_widgets.workspace.imaging import fingerprint_id
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.running import RunFolder, StoreSink
from trova_widgets.workspace.statistics import StatisticsFolder
from trova_widgets.workspace.waveforms import WaveformFolder

# an import or a run that is at work has files whose rows are still to come
_SETTLED_S = 600.0

_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that is not as it should be.

    Attributes
    ----------
    kind : str
        What is wrong, the same words for all that is wrong in this way.
    subject : str
        The file or the row.
    way_out : str
        What repairing does about it, or what a person can do.
    can_be_repaired : bool
        Whether `Workspace.repair` does it.
    """

    kind: str
    subject: str
    way_out: str
    can_be_repaired: bool = True


@dataclass(frozen=True, kw_only=True, repr=False)
class CheckReport(Report):
    """What a check of a workspace found.

    Attributes
    ----------
    files, rows : int
        How many were looked at.
    findings : tuple of Finding
        What is not as it should be.
    repaired : bool
        Whether those that can be repaired have been.
    quarantine : Path or None
        Where what did not belong was moved to.
    """

    files: int
    rows: int
    findings: tuple[Finding, ...]
    repaired: bool = False
    quarantine: Path | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong, or nothing is left to mend."""
        return all(self.repaired and finding.can_be_repaired for finding in self.findings)

    def __str__(self) -> str:
        lines = [f"{self.files} files and {self.rows} rows were looked at."]
        if not self.findings:
            return lines[0] + " All is well."
        for kind, count in Counter(finding.kind for finding in self.findings).most_common():
            alike = [finding for finding in self.findings if finding.kind == kind]
            names = ", ".join(finding.subject for finding in alike[:_NAMED])
            more = f" and {count - _NAMED} more" if count > _NAMED else ""
            done = "repaired: " if self.repaired and alike[0].can_be_repaired else ""
            lines.append(f"{count} x {kind}: {names}{more}. {done}{alike[0].way_out}")
        if self.quarantine is not None:
            lines.append(f"What did not belong is in {self.quarantine}.")
        elif not self.repaired and any(finding.can_be_repaired for finding in self.findings):
            lines.append("Repair it with: trova doctor --repair")
        return "\n".join(lines)


class Doctor:
    """Looks at a workspace and, if asked to, mends it.

    Parameters
    ----------
    folder : Path
        The workspace's folder.
    store : Store
        Its database.
    waveforms : WaveformFolder
        Its waveform files.
    runs : RunFolder
        Its weights and its journals.
    statistics : StatisticsFolder
        The statistics that its recipes compare with.
    mend : bool
        Whether what can be repaired is.
    """

    def __init__(
        self,
        folder: Path,
        store: Store,
        waveforms: WaveformFolder,
        runs: RunFolder,
        statistics: StatisticsFolder,
        *,
        mend: bool,
    ) -> None:
        self._store = store
        self._waveforms = waveforms
        self._runs = runs
        self._statistics = statistics
        self._mend = mend
        self._folder = folder
        self._quarantine = folder / "quarantine" / time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        self._files = 0

    def examine(self, progress: Progress) -> CheckReport:
        """Look at everything, and mend it as one goes."""
        findings = [*self._database()]
        if not findings:
            findings += [*self._journals(), *self._waveform_files(progress), *self._weights_files()]
            findings += [*self._statistics_files(), *self._references(), *self._values(), *self._fingerprints()]
        return CheckReport(
            files=self._files,
            rows=sum(self._store.counts().values()),
            findings=tuple(findings),
            repaired=self._mend,
            quarantine=self._quarantine if self._quarantine.exists() else None,
        )

    def _database(self) -> Iterator[Finding]:
        for table, reason in self._store.unreadable_tables().items():
            yield Finding(
                kind="table of the database that cannot be read",
                subject=table,
                way_out=f"{reason} Put a copy from .trova/backups or a backup of your own in the database's place.",
                can_be_repaired=False,
            )

    def _journals(self) -> Iterator[Finding]:
        """Find trials that a runner which was killed has finished, and whose rows the store has not got."""
        sink = StoreSink(self._store)
        for experiment, journal in self._runs.journals():
            results = journal.read()
            there = sink.finished([result.trial_id for result in results])
            left = [result for result in results if result.trial_id not in there]
            if left and not self._runs.is_alive(experiment):
                if self._mend:
                    sink.append(left)
                    journal.clear()
                yield Finding(
                    kind="unfinished journal of a run",
                    subject=f"{experiment} ({len(left)} trials)",
                    way_out="Its trials are put into the database.",
                )

    def _waveform_files(self, progress: Progress) -> Iterator[Finding]:
        rows = self._store.records()[["file_name", "file_hash"]].drop_duplicates()
        expected = dict(zip(rows["file_name"], rows["file_hash"], strict=True))
        present = dict(self._waveforms.files())
        for name, path in progress(sorted(present.items()), "looking at waveforms", len(present)):
            self._files += 1
            if _is_partial(name):
                if _is_settled(path):
                    yield self._set_aside(path, "waveform file that was never finished")
            elif name not in expected:
                if _is_settled(path):
                    yield self._set_aside(path, "waveform file without a record")
            elif identity_of_bytes(path.read_bytes()) != expected[name]:
                yield self._set_aside(path, "waveform file whose content has changed", "Import its archive again.")
        for name in sorted(set(expected) - set(present)):
            yield Finding(
                kind="record whose waveform file is missing",
                subject=name,
                way_out="Import its archive again, which restores the file.",
                can_be_repaired=False,
            )

    def _weights_files(self) -> Iterator[Finding]:
        files = sorted(self._runs.weights.glob("*")) if self._runs.weights.exists() else []
        finished = self._store.finished([path.stem for path in files])
        for path in files:
            self._files += 1
            if path.name.startswith(".") or path.suffix != ".safetensors" or path.stem not in finished:
                if _is_settled(path):
                    yield self._set_aside(path, "file of weights without a finished trial")
            elif (problem := weights_problem(path.read_bytes(), path.stem)) is not None:
                yield self._set_aside(path, f"file of weights of which {problem}", "Run its trial's experiment again.")

    def _statistics_files(self) -> Iterator[Finding]:
        whole = set()
        for name, path in self._statistics.files():
            self._files += 1
            if name == f"{identity_of_bytes(path.read_bytes())}.json":
                whole.add(path.stem)
            elif not _is_partial(name):
                yield self._set_aside(path, "file of statistics whose content has changed")
            elif _is_settled(path):
                yield self._set_aside(path, "file of statistics that was never finished")
        recipes = self._store.recipes()
        for recipe_id, values in zip(recipes["recipe_id"], recipes["values"], strict=True):
            if values.get("statistics", "") not in {"", *whole}:
                yield Finding(
                    kind="recipe whose statistics are missing",
                    subject=recipe_id,
                    way_out=f"Restore statistics/{values['statistics']}.json from a backup or an export, or "
                    "fit the same records once more.",
                    can_be_repaired=False,
                )

    def _references(self) -> Iterator[Finding]:
        for reference in REFERENCES:
            rows = self._store.dangling(reference)
            if rows.empty:
                continue
            can_be_repaired = reference.remedy != "none"
            if can_be_repaired and self._mend:
                self._keep_rows(rows, f"{reference.table}-without-{reference.parent}")
                self._store.set_aside(reference)
            done = "They are moved to quarantine" if reference.remedy == "set aside" else "The reference is emptied"
            for value in rows[reference.column]:
                yield Finding(
                    kind=f"row of {reference.table} that refers to no {reference.parent}",
                    subject=str(value),
                    way_out=f"{done}." if can_be_repaired else "It is frozen; restore the other row from a backup.",
                    can_be_repaired=can_be_repaired,
                )

    def _values(self) -> Iterator[Finding]:
        stale = self._store.stale_values()
        if stale and self._mend:
            self._store.renew_values()
        for record_id in stale:
            yield Finding(
                kind="record whose values are not those of its history",
                subject=record_id,
                way_out="They are made anew from the history.",
            )

    def _fingerprints(self) -> Iterator[Finding]:
        keys = self._store.fingerprint_keys()
        wrong = [
            row.fingerprint_id
            for row in keys.itertuples(index=False)
            if row.fingerprint_id != fingerprint_id(row.record_id, row.recipe_id, int(row.variant), row.cutoff_hz)
        ]
        if wrong and self._mend:
            self._keep_rows(self._store.fingerprints(fingerprint_ids=wrong), "fingerprint-of-another-identity")
            self._store.set_aside_fingerprints(wrong)
        for identity in wrong:
            yield Finding(
                kind="fingerprint that is not what its identity says",
                subject=identity,
                way_out="It is moved to quarantine; compute what is missing with: trova fingerprint",
            )

    def _set_aside(self, path: Path, kind: str, then: str = "") -> Finding:
        relative = path.relative_to(self._folder)
        if self._mend:
            target = self._quarantine / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        return Finding(kind=kind, subject=relative.as_posix(), way_out=f"It is moved to quarantine. {then}".strip())

    def _keep_rows(self, rows: pd.DataFrame, name: str) -> None:
        self._quarantine.mkdir(parents=True, exist_ok=True)
        if "bits" in rows:
            rows = rows.assign(bits=[bytes(bits).hex() for bits in rows["bits"]])
        marked_frame(rows).to_csv(self._quarantine / f"{name}.csv", index=False)


def _is_partial(name: str) -> bool:
    return name.startswith(".")


def _is_settled(path: Path) -> bool:
    """Whether a file is old enough for its rows to have come, if they were to come."""
    try:
        return time.time() - path.stat().st_mtime > _SETTLED_S
    except FileNotFoundError:
        return False
