"""What people write beside events, records, experiments and trials."""

import time
from typing import TYPE_CHECKING

from trova_widgets.store.tables import CHOSEN, Table, TableGroup, chosen, tidy

if TYPE_CHECKING:
    import pandas as pd

_ANNOTATION = Table(
    name="annotation",
    columns={"subject_id": "VARCHAR", "text": "VARCHAR", "author": "VARCHAR", "made_at": "TIMESTAMP_NS"},
)


class AnnotationTables(TableGroup):
    """Annotations, and the count of all changes."""

    def annotate(self, subject_id: str, text: str, author: str) -> None:
        """Append a note to whatever has an identity.

        Parameters
        ----------
        subject_id : str
            Identity of an event, a record, an experiment, a trial... An experiment may be named; its remarks are kept
            under its identity, which stays when it gets another name.
        text : str
            The note.
        author : str
            Who writes it.

        Raises
        ------
        StoreError
            When the text cannot be stored.
        """
        named = self._database.rows("SELECT experiment_id FROM experiment WHERE name = ?", subject_id)
        identity = named[0][0] if named else subject_id
        self._add(_ANNOTATION, "annotations", [[identity, text, author, time.time_ns()]])

    def annotations(self, subject_id: str | None = None) -> "pd.DataFrame":
        """Return the notes, the oldest first.

        Parameters
        ----------
        subject_id : str, optional
            Those on one subject, an experiment also by its name; all by default.

        Returns
        -------
        DataFrame
            Columns ``subject_id``, ``text``, ``author``, ``made_at`` (UTC, ns).
        """
        return tidy(
            self._database.query(
                """SELECT * FROM annotation WHERE coalesce(subject_id = ?, true)
                    OR subject_id IN (SELECT experiment_id FROM experiment WHERE name = ?) ORDER BY made_at""",
                subject_id,
                subject_id,
            )
        )

    def kinds_of(self, subject_id: str) -> frozenset[str]:
        """Return what has this identity, or this name in the case of an experiment; nothing where nothing has it.

        Returns
        -------
        frozenset of str
            Among ``"event"``, ``"record"``, ``"experiment"`` and ``"trial"`` (planned, or run elsewhere).
        """
        found = self._database.rows(
            """SELECT 'event' FROM event WHERE event_id = ?
            UNION ALL SELECT 'record' FROM record WHERE record_id = ?
            UNION ALL SELECT 'experiment' FROM experiment WHERE experiment_id = ? OR name = ?
            UNION ALL SELECT 'trial' FROM planned_trial WHERE trial_id = ?
            UNION ALL SELECT 'trial' FROM trial WHERE trial_id = ?""",
            *[subject_id] * 6,
        )
        return frozenset(kind for (kind,) in found)

    def revision(self, *subjects: str) -> int:
        """Return how many changes were committed; it grows with every write, by whichever process.

        Parameters
        ----------
        *subjects : str
            Count the changes of these alone, such as ``"fingerprints"``; all by default.

        Counted in rows that each write appends, because a counter that all writers updated would make them wait for
        each other, and a sequence would move before its transaction is committed.
        """
        if subjects:
            query = f"SELECT count(*) FROM change WHERE subject IN {CHOSEN}"
            return int(self._database.rows(query, chosen(subjects))[0][0])
        return self._database.changes()

    def counts(self) -> dict[str, int]:
        """Return how many rows the main tables have, in one cheap query.

        Returns
        -------
        dict of str to int
            ``events``, ``records``, ``fingerprints``, ``datasets``, ``networks``, ``experiments``.
        """
        tables = ("event", "record", "fingerprint", "dataset", "network", "experiment")
        parts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
        row = self._database.rows(f"SELECT {parts}")[0]
        return {f"{table}s": int(count) for table, count in zip(tables, row, strict=True)}
