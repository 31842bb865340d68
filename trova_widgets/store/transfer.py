"""All tables of a workspace as Parquet files, which other tools read, and rows out of such files taken in again."""

from pathlib import Path

from trova_widgets.errors import StoreError
from trova_widgets.store.connection import Connection
from trova_widgets.store.literals import literal
from trova_widgets.store.measured import note_names, values_that_count
from trova_widgets.store.records import PARAMETER
from trova_widgets.store.schema import newest_version
from trova_widgets.store.tables import TableGroup

#: The tables that are carried, parents before those that refer to them. `measured` follows from `parameter`.
TABLES = (
    "event",
    "event_revision",
    "label",
    "record",
    "match_revision",
    "source_file",
    "parameter_name",
    "parameter",
    "recipe",
    "default_recipe",
    "fingerprint",
    "dataset",
    "dataset_member",
    "network_type",
    "architecture",
    "layer_parameter",
    "network",
    "experiment",
    "search",
    "planned_trial",
    "trial",
    "annotation",
)
_NAMED = ("recipe", "dataset", "network", "experiment", "search")
# what decides whether two experiments of one name are the same one
_PLANS = ("network_id", "dataset_id", "plan")
_KEY_COLUMNS = 6
_KEYLESS = ("default_recipe", "event_revision", "match_revision", "source_file")
# origins of one event differ by less, seconds
_SAME_EVENT_S = 60
_FILE_NAME = "^[0-9a-f]{2}/[0-9a-f]{20}([.][a-z0-9]{1,10})?$"


class TransferTables(TableGroup):
    """The tables of a workspace, exported to files and imported from them."""

    @property
    def schema_version(self) -> int:
        """The version of the tables."""
        return newest_version()

    def export_tables(self, folder: Path) -> dict[str, int]:
        """Write each table into a file ``<table>.parquet``, and return how many rows it has.

        JSON is written as text, and moments as nanoseconds in UTC.

        Parameters
        ----------
        folder : Path
            Where the files go; it exists.

        Raises
        ------
        StoreError
            When the disk is full or cannot be written to.
        """

        def export(connection: Connection) -> dict[str, int]:
            # one moment for all tables, whatever others write meanwhile
            with connection.transaction():
                return {table: _export(connection, table, folder / f"{table}.parquet") for table in TABLES}

        return self._database.run(export)

    def import_tables(self, folder: Path) -> dict[str, int]:
        """Take in the rows of files that `export_tables` wrote, and return how many of each table were new.

        What is there already stays as it is; a trial of which there is a result gets no other one.

        Raises
        ------
        StoreError
            When a file cannot be read, a row breaks a rule, or something else has a name that is taken; then nothing
            of it is kept.
        """

        def take(connection: Connection) -> dict[str, int]:
            files = {table: folder / f"{table}.parquet" for table in TABLES}
            there = {table: file for table, file in files.items() if file.exists()}
            _refuse_strangers(connection, there)
            new = {table: _import(connection, table, file) for table, file in there.items()}
            if new.get("parameter"):
                note_names(connection, [name for (name,) in connection.rows("SELECT DISTINCT name FROM parameter")])
                connection.execute("DELETE FROM measured")
                connection.execute(f"INSERT INTO measured {values_that_count(connection)}")
            return new

        return self._database.write("import", take)


def _export(connection: Connection, table: str, target: Path) -> int:
    kinds = connection.rows(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [table]
    )
    columns = ", ".join(f'"{name}"::VARCHAR AS "{name}"' if kind == "JSON" else f'"{name}"' for name, kind in kinds)
    # the same rows make the same file; every key stands among the first columns
    order = ", ".join(str(place) for place in range(1, 1 + min(len(kinds), _KEY_COLUMNS)))
    connection.rows(f"COPY (SELECT {columns} FROM {table} ORDER BY {order}) TO {literal(str(target))} (FORMAT parquet)")
    return int(connection.rows(f"SELECT count(*) FROM {table}")[0][0])


def _import(connection: Connection, table: str, file: Path) -> int:
    rows = f"SELECT * FROM read_parquet({literal(str(file))})"
    if table in _KEYLESS:
        # the same choice, or change, at the same moment is the same row
        return connection.execute(f"INSERT INTO {table} BY NAME ({rows}) EXCEPT SELECT * FROM {table}")
    if table == "parameter_name" and connection.rows("SELECT 1 FROM parameter_name LIMIT 1"):
        # their numbers are this workspace's own
        return 0
    if table == "trial":
        rows += " WHERE trial_id NOT IN (SELECT trial_id FROM trial)"
    rows = PARAMETER.each_once(rows) if table == PARAMETER.name else f"{rows} ON CONFLICT DO NOTHING"
    return connection.execute(f"INSERT INTO {table} BY NAME {rows}")


def _refuse_strangers(connection: Connection, files: dict[str, Path]) -> None:
    """Refuse what cannot stand beside what is there, and names that lead out of the workspace."""
    for table in _NAMED:
        if table in files:
            taken = connection.rows(
                f"SELECT given.name FROM read_parquet({literal(str(files[table]))}) AS given JOIN {table} AS own "
                f"USING (name) WHERE given.{table}_id <> own.{table}_id LIMIT 1"
            )
            if taken:
                raise StoreError(
                    f"This workspace has another {table} with the name {taken[0][0]!r}; import into a new workspace."
                )
    if "event" in files:
        other = connection.rows(
            f"SELECT own.event_id FROM read_parquet({literal(str(files['event']))}) AS given JOIN event AS own "
            "USING (event_id) WHERE abs(epoch_ns(given.origin_time) - epoch_ns(own.origin_time)) > ? LIMIT 1",
            [_SAME_EVENT_S * 10**9],
        )
        if other:
            raise StoreError(
                f"This workspace has another event with the name {other[0][0][:80]!r}, at another time; import into a "
                "new workspace."
            )
    if "experiment" in files:
        differs = " OR ".join(f"given.{column} <> own.{column}::VARCHAR" for column in _PLANS)
        other = connection.rows(
            f"SELECT given.name FROM read_parquet({literal(str(files['experiment']))}) AS given "
            f"JOIN experiment AS own USING (experiment_id) WHERE {differs} LIMIT 1"
        )
        if other:
            raise StoreError(
                f"The experiment {other[0][0]!r} has another plan in this workspace; import into a new workspace."
            )
    if "record" in files:
        strange = connection.rows(
            f"SELECT file_name FROM read_parquet({literal(str(files['record']))}) "
            "WHERE NOT regexp_matches(file_name, ?) OR file_name[4:23] <> file_hash LIMIT 1",
            [_FILE_NAME],
        )
        if strange:
            raise StoreError(f"A record's file is named {strange[0][0][:80]!r}, which no export of Trova has; refused.")
