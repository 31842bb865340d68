"""What all groups of tables share: rows in as one text, tables out with proper types."""

import json
import math
from base64 import b64encode
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import repeat
from typing import TYPE_CHECKING, Any

from trova_widgets.errors import StoreError
from trova_widgets.store.connection import Connection
from trova_widgets.store.database import Database
from trova_widgets.store.literals import check_parameter, literal

if TYPE_CHECKING:
    import pandas as pd

# some 4 MB of text for the largest rows, the fingerprints
_CHUNK = 5000


class TableGroup:
    """Some tables of a workspace, and what one does with them.

    Parameters
    ----------
    database : Database
        Where the tables are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def _add(self, table: "Table", subject: str, rows: Sequence[Sequence[object]]) -> int:
        """Add rows in a transaction of their own and return how many were new."""
        if not rows:
            return 0
        return self._database.write(subject, lambda connection: table.insert(connection, rows))


@dataclass(frozen=True, kw_only=True)
class Table:
    """How a table's rows travel: all of them as one JSON text of columns, a single parameter.

    It is bound where the file is open here and a literal where the owner has it, and the database unpacks it a
    column at a time, which is as quick as it gets without an interchange format.

    Parameters
    ----------
    name : str
        The table.
    columns : dict of str to str
        Its columns and their types.
    refers : dict of str to str, optional
        Columns that hold the identity of another table's row, with that table.
    key : tuple of str, optional
        Columns that tell a row from every other one, where the table itself has no key; whoever inserts must see to it
        that no other transaction adds the same row meanwhile.
    """

    name: str
    columns: Mapping[str, str]
    refers: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()

    def insert(self, connection: Connection, rows: Sequence[Sequence[object]], *, compared: bool = True) -> int:
        """Add rows and return how many were new; a row whose key is there already changes nothing.

        Parameters
        ----------
        connection : Connection
            Within a transaction when there are many rows.
        rows : sequence of sequences
            The values, in the order of the columns.
        compared : bool
            Whether rows of a table without a key of its own are compared with those that are there, which costs a look
            at all of them; not needed where none of them can be there.

        Raises
        ------
        StoreError
            When a value cannot be stored, breaks a rule of the table, or refers to what is not there.
        """
        if not rows:
            return 0
        self._refuse_orphans(connection, rows)
        statement = self._insert_statement(compared)
        starts = range(0, len(rows), _CHUNK)
        return sum(connection.execute(statement, [self._text(rows[i : i + _CHUNK])]) for i in starts)

    def read(self, connection: Connection, where: str, *parameters: object) -> list[dict[str, Any]]:
        """Return the rows that a condition chooses, each as the fields of its frozen row.

        Parameters
        ----------
        connection : Connection
            Any session.
        where : str
            What follows the table's name, with question marks for the parameters.
        *parameters
            Their values.

        Returns
        -------
        list of dict
            Times as integers named ``*_ns``, JSON decoded.
        """
        selected = ", ".join(
            f'epoch_ns("{name}")' if kind == "TIMESTAMP_NS" else f'"{name}"' for name, kind in self.columns.items()
        )
        names = [field_of(name, kind) for name, kind in self.columns.items()]
        decoders = [json.loads if kind == "JSON" else None for kind in self.columns.values()]
        return [
            {
                name: decode(value) if decode is not None and value is not None else value
                for name, decode, value in zip(names, decoders, values, strict=True)
            }
            for values in connection.rows(f"SELECT {selected} FROM {self.name} {where}", parameters)
        ]

    def rows_of(self, items: Iterable[object]) -> list[list[object]]:
        """Return the values of frozen rows, in the order of the columns."""
        names = [field_of(name, kind) for name, kind in self.columns.items()]
        return [[getattr(item, name) for name in names] for item in items]

    def rows_of_frame(self, frame: "pd.DataFrame", **constants: object) -> list[tuple[object, ...]]:
        """Return the rows of a table that has these columns, some of them perhaps the same for all rows.

        Raises
        ------
        StoreError
            When a column is missing or another one is there.
        """
        wanted = [name for name in self.columns if name not in constants]
        if set(frame.columns) != set(wanted):
            raise StoreError(
                f"The table for {self.name!r} has the columns {', '.join(map(str, frame.columns))}; "
                f"expected {', '.join(wanted)}."
            )
        columns = [
            repeat(constants[name], len(frame)) if name in constants else _values_of(frame[name])
            for name in self.columns
        ]
        return list(zip(*columns, strict=True))

    def _refuse_orphans(self, connection: Connection, rows: Sequence[Sequence[object]]) -> None:
        for column, parent in self.refers.items():
            position = list(self.columns).index(column)
            ids = {str(row[position]) for row in rows if row[position] is not None}
            orphans = connection.rows(
                f"SELECT id FROM (SELECT unnest(from_json(?, '[\"VARCHAR\"]')) AS id) "
                f"ANTI JOIN {parent} ON id = {parent}.{parent}_id ORDER BY id LIMIT 1",
                [chosen(ids)],
            )
            if orphans:
                raise StoreError(
                    f"A row for {self.name!r} refers to the {parent} {orphans[0][0]!r}, which is not there; "
                    "add that first."
                )

    def _insert_statement(self, compared: bool) -> str:
        structure = json.dumps({name: [_TRAVELS_AS.get(kind, kind)] for name, kind in self.columns.items()})
        names = ", ".join(f'"{name}"' for name in self.columns)
        unpacked = ", ".join(f'unnest(given."{name}") AS "{name}"' for name in self.columns)
        values = ", ".join(
            _ARRIVES_AS.get(kind, "{}").format(f'"{name}"') + f' AS "{name}"' for name, kind in self.columns.items()
        )
        rows = f"SELECT {values} FROM (SELECT {unpacked} FROM (SELECT from_json(?, {literal(structure)}) AS given))"
        return f"INSERT INTO {self.name} ({names}) {self.each_once(rows, compared=compared)}"

    def each_once(self, rows: str, *, compared: bool = True) -> str:
        """Return what follows ``INSERT INTO``: the rows of a query, none of them twice and none that is there."""
        if not self.key:
            return f"{rows} ON CONFLICT DO NOTHING"
        key = ", ".join(self.key)
        others = f"ANTI JOIN {self.name} USING ({key})" if compared else ""
        return f"SELECT DISTINCT ON ({key}) * FROM ({rows}) {others}"

    def _text(self, rows: Sequence[Sequence[object]]) -> str:
        columns = zip(*rows, strict=True)
        return json.dumps(
            {name: _column(kind, column) for (name, kind), column in zip(self.columns.items(), columns, strict=True)},
            ensure_ascii=False,
            separators=(",", ":"),
        )


def _values_of(column: "pd.Series[Any]") -> list[object]:
    """Return the values of a column; where pandas says <NA>, None."""
    nullable = column.dtype.name.startswith(("Int", "Float", "boolean"))
    values: list[object] = column.to_numpy(dtype=object, na_value=None).tolist() if nullable else column.tolist()
    return values


def columns_of(row: type, *, without: Collection[str] = ()) -> dict[str, str]:
    """Return the columns that keep a frozen row's fields, with their types.

    Parameters
    ----------
    row : type
        A dataclass; a field that ends in ``_ns`` is a time, whose column has no unit.
    without : collection of str
        Fields that have no column.

    Examples
    --------
    >>> from dataclasses import make_dataclass
    >>> columns_of(make_dataclass("Row", [("name", str), ("made_at_ns", int), ("scores", "Mapping[str, float]")]))
    {'name': 'VARCHAR', 'made_at': 'TIMESTAMP_NS', 'scores': 'JSON'}
    """
    columns = {}
    for each in fields(row):
        if each.name in without:
            continue
        if each.name.endswith("_ns"):
            columns[each.name.removesuffix("_ns")] = "TIMESTAMP_NS"
            continue
        annotation = each.type if isinstance(each.type, str) else each.type.__name__
        columns[each.name] = _COLUMN_TYPES.get(annotation.removesuffix(" | None"), "JSON")
    return columns


def field_of(column: str, kind: str) -> str:
    """Return the name of a column's field in a frozen row: times carry their unit there."""
    return f"{column}_ns" if kind == "TIMESTAMP_NS" else column


def chosen(ids: Iterable[str]) -> str:
    """Return identities as the one parameter that `CHOSEN` unpacks."""
    return json.dumps(list(ids))


#: What follows ``IN``: the identities of one parameter made by `chosen`.
CHOSEN = """(SELECT unnest(from_json(?, '["VARCHAR"]')))"""


def to_json(value: object) -> str:
    """Return a value as JSON text; numbers that are not finite become null, numpy's become Python's.

    Raises
    ------
    StoreError
        When the value holds something that JSON has no word for.

    Examples
    --------
    >>> to_json({"loss": [0.5, float("nan")]})
    '{"loss":[0.5,null]}'
    """
    return json.dumps(_json_value(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def tidy(frame: "pd.DataFrame", *json_columns: str) -> "pd.DataFrame":
    """Return a table whose times are in UTC and whose JSON columns are Python's dictionaries and lists."""
    for name, dtype in frame.dtypes.items():
        if dtype.kind == "M":
            frame[name] = frame[name].dt.tz_localize("UTC")
    for name in json_columns:
        # None where there is nothing: pandas would make a number of it
        values = [json.loads(text) if isinstance(text, str) else None for text in frame[name]]
        frame[name] = type(frame[name])(values, index=frame.index, dtype=object)
    return frame


def refuse_taken_name(connection: Connection, table: Table, key: str, identity: str, name: str, what: str) -> None:
    """Refuse a name that something else of the same kind has.

    Raises
    ------
    StoreError
        When the name is taken by another identity.
    """
    if connection.rows(f"SELECT 1 FROM {table.name} WHERE name = ? AND {key} <> ?", [name, identity]):
        raise StoreError(f"There is another {what} with the name {name!r}; choose a new name.")


def missing(database: Database, table: Table, name: str, what: str) -> StoreError:
    """Return the error that says what there is instead of what was asked for."""
    names = [found for (found,) in database.rows(f"SELECT name FROM {table.name} ORDER BY name LIMIT 10")]
    there = f"there are {', '.join(names)}" if names else "there is none yet"
    return StoreError(f"There is no {what} named {name!r}; {there}.")


def _column(kind: str, values: Sequence[object]) -> Sequence[object]:
    """Return a column's values as JSON has them, looked at all together where their types allow it."""
    encode = _ENCODERS.get(kind, _plain)
    return values if encode is _plain and _are_plain(values) else [encode(value) for value in values]


def _are_plain(values: Sequence[object]) -> bool:
    """Return whether JSON has all of them as they are: texts, or numbers, of one type, or nothing."""
    types = set(map(type, values)) - {type(None)}
    if len(types) > 1 or not types <= {str, float, int}:
        return False
    different: set[Any] = set(values) - {None}
    if types <= {str}:
        return _are_texts("".join(different))
    if types <= {float}:
        return all(map(math.isfinite, different))
    return bool(-(2**63) <= min(different) <= max(different) < 2**63)


def _are_texts(joined: str) -> bool:
    try:
        check_parameter(joined)
    except StoreError:
        # one by one, the error names the text
        return False
    return True


def _plain(value: object) -> object:
    checked = check_parameter(value)
    if isinstance(checked, float) and not math.isfinite(checked):
        return str(checked)
    return checked


def _numbers(value: object) -> object:
    return [_plain(number) for number in value] if isinstance(value, list) else _plain(value)


def _base64(value: object) -> str:
    content = check_parameter(value)
    if not isinstance(content, bytes):
        raise StoreError(f"Expected bytes, and there is a {type(value).__name__}.")
    return b64encode(content).decode()


def _json_value(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(_plain(name)): _json_value(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        # what a network told of thousands of records is looked at all together
        if _are_plain(value):
            return value
        return [_json_value(item) for item in value]
    to_list = getattr(value, "tolist", None)
    if to_list is not None:
        return _json_value(to_list())
    plain = check_parameter(value)
    if isinstance(plain, float) and not math.isfinite(plain):
        return None
    if isinstance(plain, bytes):
        raise StoreError("Bytes have no place in a JSON value; store them in a file of the workspace.")
    return plain


_COLUMN_TYPES = {"bytes": "BLOB", "str": "VARCHAR", "int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN"}
_TRAVELS_AS = {"TIMESTAMP_NS": "BIGINT", "BLOB": "VARCHAR", "JSON": "VARCHAR"}
_ARRIVES_AS = {"TIMESTAMP_NS": "make_timestamp_ns({})", "BLOB": "from_base64({})"}
_ENCODERS: dict[str, Callable[[object], object]] = {"BLOB": _base64, "JSON": to_json, "DOUBLE[]": _numbers}
