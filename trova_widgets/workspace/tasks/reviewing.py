"""Labels that were in doubt, and what people who looked at them said."""

import pandas as pd

from trova_widgets.workspace.matching import GIVEN
from trova_widgets.workspace.tasks.base import WorkspaceBase

#: How the comment of a label begins that somebody gave who looked at a doubt.
REVIEWED = "looked at, as it was in doubt"


class ReviewTasks(WorkspaceBase):
    """What is asked about labels after they were doubted."""

    def reviews(self, dataset: str) -> pd.DataFrame:
        """Return the events of a data set of which somebody has said a class by now that is not the import's.

        An event counts when its latest label was given on a doubt (`trova_widgets.workspace.tasks.reviewing.REVIEWED`),
        or by a person after the data set was frozen; or when its label is another one than in the data set, whoever
        said it. A new version of the data set, ``copy("dataset", ...)``, takes the labels as they are now.

        Parameters
        ----------
        dataset : str
            Its name.

        Returns
        -------
        DataFrame
            Columns ``event_id``, ``event_class`` (in the data set), ``label`` (now), ``author``, ``made_at`` (UTC, ns),
            ``comment``, ``looked_at`` (whether a person said it); the latest last.

        Raises
        ------
        StoreError
            When there is no such data set.
        """
        row = self._store.dataset(dataset)
        frozen_at = pd.Timestamp(row.created_at_ns, tz="UTC")
        members = self._store.dataset_members(row.dataset_id)[["event_id", "event_class"]].drop_duplicates("event_id")
        latest = self._store.labels().drop_duplicates("event_id", keep="last").rename(columns={"event_class": "label"})
        found = members.merge(latest, on="event_id").merge(self._store.events()[["event_id", "event_type"]])
        # what an import says stands beside the event's type, or was given to all
        by_type = (found["comment"] != "") & (found["comment"] == found["event_type"])
        imported = by_type | (found["comment"] == GIVEN)
        on_doubt = found["comment"].str.startswith(REVIEWED)
        found["looked_at"] = on_doubt | (~imported & (found["made_at"] > frozen_at))
        found = found[found["looked_at"] | (found["label"] != found["event_class"])]
        columns = ["event_id", "event_class", "label", "author", "made_at", "comment", "looked_at"]
        return found.sort_values("made_at", kind="stable", ignore_index=True)[columns]
