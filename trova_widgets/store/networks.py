"""The catalogue of network types, and the saved networks."""

import json
from typing import TYPE_CHECKING

from trova_widgets.identity import identity_of
from trova_widgets.store.connection import Connection
from trova_widgets.store.rows import NetworkRow
from trova_widgets.store.tables import Table, TableGroup, missing, refuse_taken_name, tidy, to_json

if TYPE_CHECKING:
    import pandas as pd

_NETWORK = Table(
    name="network",
    columns={
        "network_id": "VARCHAR",
        "name": "VARCHAR",
        "network_type": "VARCHAR",
        "architecture": "VARCHAR",
        "values": "JSON",
        "created_at": "TIMESTAMP_NS",
    },
)
_NETWORK_TYPE = Table(name="network_type", columns={"name": "VARCHAR", "title": "VARCHAR", "description": "VARCHAR"})
_ARCHITECTURE = Table(
    name="architecture",
    columns={"network_type": "VARCHAR", "name": "VARCHAR", "title": "VARCHAR", "layers": "JSON"},
)
_LAYER_PARAMETER = Table(
    name="layer_parameter",
    columns={
        "network_type": "VARCHAR",
        "architecture": "VARCHAR",
        "name": "VARCHAR",
        "layer": "VARCHAR",
        "position": "INTEGER",
        "parameter": "VARCHAR",
        "default": "JSON",
        "kind": "VARCHAR",
        "minimum": "DOUBLE",
        "maximum": "DOUBLE",
        "choices": "JSON",
        "meaning": "VARCHAR",
        "constraint": "VARCHAR",
    },
)


class NetworkTables(TableGroup):
    """The catalogue and the saved networks."""

    def keep_catalogue(
        self, network_types: "pd.DataFrame", architectures: "pd.DataFrame", layer_parameters: "pd.DataFrame"
    ) -> bool:
        """Write the catalogue where it is another one than is there; saved networks keep the values they have.

        Parameters
        ----------
        network_types : DataFrame
            Columns ``name``, ``title``, ``description``.
        architectures : DataFrame
            Columns ``network_type``, ``name``, ``title``, ``layers`` (JSON value).
        layer_parameters : DataFrame
            Columns ``network_type``, ``architecture``, ``name``, ``layer``, ``position``, ``parameter``, ``default``
            (JSON value), ``kind`` (``"integer"``, ``"real"`` or ``"enumerated"``), ``minimum``, ``maximum``,
            ``choices`` (JSON value), ``meaning``, ``constraint``.

        Returns
        -------
        bool
            Whether it was written.

        Raises
        ------
        StoreError
            When a column is missing or a value breaks a rule; then the catalogue stays as it was.
        """
        contents = [
            (table, table.rows_of_frame(frame))
            for table, frame in (
                (_NETWORK_TYPE, network_types),
                (_ARCHITECTURE, architectures),
                (_LAYER_PARAMETER, layer_parameters),
            )
        ]
        identity = identity_of([[table.name, json.loads(to_json(rows))] for table, rows in contents])
        kept = self._database.rows("SELECT identity FROM catalogue")
        if kept == [(identity,)]:
            return False

        def replace(connection: Connection) -> None:
            connection.execute("DELETE FROM catalogue")
            connection.execute("INSERT INTO catalogue VALUES (?)", [identity])
            for table, rows in contents:
                connection.execute(f"DELETE FROM {table.name}")
                table.insert(connection, rows)

        self._database.write("catalogue", replace)
        return True

    def catalogue(self) -> dict[str, "pd.DataFrame"]:
        """Return the catalogue.

        Returns
        -------
        dict of str to DataFrame
            ``"network_types"``, ``"architectures"`` and ``"layer_parameters"``, with the columns that
            `keep_catalogue` takes.
        """

        def read(connection: Connection) -> dict[str, "pd.DataFrame"]:
            return {
                "network_types": connection.query("SELECT * FROM network_type ORDER BY name"),
                "architectures": tidy(
                    connection.query("SELECT * FROM architecture ORDER BY network_type, name"), "layers"
                ),
                "layer_parameters": tidy(
                    connection.query(
                        "SELECT * FROM layer_parameter ORDER BY network_type, architecture, position, name"
                    ),
                    "default",
                    "choices",
                ),
            }

        return self._database.run(read)

    def add_network(self, row: NetworkRow) -> int:
        """Save a network and return whether it is new (1) or was there (0).

        Raises
        ------
        StoreError
            When another network has the name.
        """
        rows = _NETWORK.rows_of([row])

        def add(connection: Connection) -> int:
            refuse_taken_name(connection, _NETWORK, "network_id", row.network_id, row.name, "network")
            return _NETWORK.insert(connection, rows)

        return self._database.write("networks", add)

    def networks(self) -> "pd.DataFrame":
        """Return all saved networks, the oldest first.

        Returns
        -------
        DataFrame
            Columns ``network_id``, ``name``, ``network_type``, ``architecture``, ``values`` (dict),
            ``created_at`` (UTC, ns).
        """
        return tidy(self._database.query("SELECT * FROM network ORDER BY created_at, network_id"), "values")

    def network(self, name: str) -> NetworkRow:
        """Return the saved network of a name or an identity.

        Raises
        ------
        StoreError
            When there is none.
        """
        found = self._database.run(lambda c: _NETWORK.read(c, "WHERE name = ? OR network_id = ?", name, name))
        if not found:
            raise missing(self._database, _NETWORK, name, "network")
        return NetworkRow(**found[0])
