"""Recipes, and the fingerprints made by them."""

import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from trova_widgets.errors import StoreError
from trova_widgets.store.connection import Connection
from trova_widgets.store.measured import parameter_codes
from trova_widgets.store.tables import CHOSEN, Table, TableGroup, chosen, refuse_taken_name, tidy

if TYPE_CHECKING:
    import pandas as pd

_RECIPE = Table(
    name="recipe",
    columns={"recipe_id": "VARCHAR", "name": "VARCHAR", "values": "JSON", "created_at": "TIMESTAMP_NS"},
)
_FINGERPRINT = Table(
    name="fingerprint",
    columns={
        "fingerprint_id": "VARCHAR",
        "record_id": "VARCHAR",
        "recipe_id": "VARCHAR",
        "variant": "TINYINT",
        "cutoff_hz": "DOUBLE",
        "size": "INTEGER",
        "bits": "BLOB",
    },
    refers={"record_id": "record", "recipe_id": "recipe"},
)

# Cut-offs that differ by less, as a share, have one fingerprint.
_SAME_CUTOFF = 1e-4


class FingerprintTables(TableGroup):
    """Recipes and fingerprints."""

    def add_recipe(self, recipe_id: str, name: str, values: Mapping[str, Any]) -> int:
        """Keep a recipe under a name and return whether it is new (1) or was there (0).

        Parameters
        ----------
        recipe_id : str
            Identity of the recipe.
        name : str
            The name that people use.
        values : dict
            Its parameters (JSON).

        Raises
        ------
        StoreError
            When another recipe has the name.
        """
        rows = [[recipe_id, name, values, time.time_ns()]]

        def add(connection: Connection) -> int:
            refuse_taken_name(connection, _RECIPE, "recipe_id", recipe_id, name, "recipe")
            return _RECIPE.insert(connection, rows)

        return self._database.write("recipes", add)

    def recipes(self) -> "pd.DataFrame":
        """Return all recipes, the oldest first.

        Returns
        -------
        DataFrame
            Columns ``recipe_id``, ``name``, ``values`` (dict), ``is_default``, ``created_at`` (UTC, ns). The default
            is the one chosen last, or the first recipe where none was chosen.
        """
        return tidy(
            self._database.query(
                """SELECT recipe_id, name, "values", recipe_id IS NOT DISTINCT FROM coalesce(
                    (SELECT arg_max(recipe_id, chosen_at) FROM default_recipe),
                    (SELECT arg_min(recipe_id, created_at) FROM recipe)) AS is_default, created_at
                FROM recipe ORDER BY created_at, recipe_id"""
            ),
            "values",
        )

    def set_default_recipe(self, recipe_id: str) -> None:
        """Choose the recipe that is used where none is named.

        Raises
        ------
        StoreError
            When there is no such recipe.
        """
        now = time.time_ns()

        def choose(connection: Connection) -> None:
            if not connection.rows("SELECT 1 FROM recipe WHERE recipe_id = ?", [recipe_id]):
                raise StoreError(f"There is no recipe {recipe_id!r}; add it first.")
            connection.execute("INSERT INTO default_recipe VALUES (?, make_timestamp_ns(?))", [recipe_id, now])

        self._database.write("recipes", choose)

    def add_fingerprints(self, frame: "pd.DataFrame") -> int:
        """Add fingerprints and return how many were new.

        Parameters
        ----------
        frame : DataFrame
            Columns ``fingerprint_id``, ``record_id``, ``recipe_id``, ``variant`` (-2 to 2), ``cutoff_hz`` [Hz],
            ``size``, ``bits`` (bytes: the ``size * size`` bits, or twice as many with signs, eight a byte).

        Raises
        ------
        StoreError
            When a column is missing, a record or a recipe is not there, or a value breaks a rule; then none of them
            is added.
        """
        return self._add(_FINGERPRINT, "fingerprints", _FINGERPRINT.rows_of_frame(frame))

    def fingerprints(
        self,
        recipe_id: str | None = None,
        record_ids: Iterable[str] | None = None,
        fingerprint_ids: Iterable[str] | None = None,
    ) -> "pd.DataFrame":
        """Return fingerprints by record and variant; each argument that is given narrows the choice.

        Parameters
        ----------
        recipe_id : str, optional
            Those of one recipe.
        record_ids : iterable of str, optional
            Those of some records.
        fingerprint_ids : iterable of str, optional
            Some of them.

        Returns
        -------
        DataFrame
            Columns ``fingerprint_id``, ``record_id``, ``recipe_id``, ``variant``, ``cutoff_hz``, ``size``, ``bits``
            (bytes).
        """
        where, parameters = _chosen_fingerprints(recipe_id, record_ids, fingerprint_ids)
        frame = self._database.query(f"SELECT * FROM fingerprint {where}", *parameters)
        frame["bits"] = frame["bits"].map(bytes)
        return frame

    def fingerprint_ids(self, recipe_id: str) -> set[str]:
        """Return the identities of the fingerprints of a recipe."""
        found = self._database.rows("SELECT fingerprint_id FROM fingerprint WHERE recipe_id = ?", recipe_id)
        return {identity for (identity,) in found}

    def fingerprint_bits(self, fingerprint_ids: Iterable[str]) -> dict[str, bytes]:
        """Return the bits of some fingerprints, by their identities; one that is not there is left out."""
        query = f"SELECT fingerprint_id, bits FROM fingerprint WHERE fingerprint_id IN {CHOSEN}"
        return dict(self._database.rows(query, chosen(fingerprint_ids)))

    def fingerprint_keys(self, recipe_id: str | None = None) -> "pd.DataFrame":
        """Return all but the bits of the fingerprints of a recipe, or of all recipes.

        Returns
        -------
        DataFrame
            Columns ``fingerprint_id``, ``record_id``, ``recipe_id``, ``variant``, ``cutoff_hz``, ``size``.
        """
        where, parameters = _chosen_fingerprints(recipe_id, None, None)
        return self._database.query(f"SELECT * EXCLUDE (bits) FROM fingerprint {where}", *parameters)

    def middle_variants(self, recipe_id: str) -> "pd.DataFrame":
        """Return the fingerprint of each record at the cut-off that counts for it, by the records' ids.

        One of a recipe without the high-pass has no cut-off (0 Hz), and always counts.

        Returns
        -------
        DataFrame
            Columns ``record_id``, ``bits`` (bytes). Records without such a fingerprint are absent.
        """

        def read(connection: Connection) -> "pd.DataFrame":
            code = parameter_codes(connection).get("cutoff_hz")
            return connection.query(
                f"""SELECT record_id, bits FROM fingerprint JOIN measured USING (record_id)
                WHERE recipe_id = ? AND variant = 0
                    AND (cutoff_hz = 0 OR abs(cutoff_hz - measured."values"[{code}]) <= {_SAME_CUTOFF} * cutoff_hz)
                ORDER BY record_id"""
                if code
                else "SELECT record_id, bits FROM fingerprint WHERE recipe_id = ? AND false",
                [recipe_id],
            )

        return self._database.run(read)


def _chosen_fingerprints(
    recipe_id: str | None, record_ids: Iterable[str] | None, fingerprint_ids: Iterable[str] | None
) -> tuple[str, list[str]]:
    conditions, parameters = ["true"], []
    if recipe_id is not None:
        conditions.append("recipe_id = ?")
        parameters.append(recipe_id)
    for column, ids in (("record_id", record_ids), ("fingerprint_id", fingerprint_ids)):
        if ids is not None:
            conditions.append(f"{column} IN {CHOSEN}")
            parameters.append(chosen(ids))
    return f"WHERE {' AND '.join(conditions)} ORDER BY record_id, recipe_id, variant, fingerprint_id", parameters
