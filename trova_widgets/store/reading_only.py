"""Who may only read a database: the guard of the owner process, and the test that a statement changes nothing."""

import hmac

import duckdb

# a SELECT can call these, and each of them opens another way to this or another database
_OTHER_DOORS = ("quack_", "read_duckdb", "write_")
_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.TRANSACTION)


def only_reads(sql: str) -> bool:
    """Return whether a text holds queries and nothing that changes a row, a table or a setting.

    Several queries may want to see the same moment: the bounds of a transaction are let through as well.

    Examples
    --------
    >>> only_reads("SELECT 1"), only_reads("SELECT 1; DROP TABLE event"), only_reads("CHECKPOINT")
    (True, False, False)
    """
    if any(name in sql.lower() for name in _OTHER_DOORS):
        return False
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error:
        # what cannot be read is refused by the database itself, with the place of the mistake
        return True
    return all(statement.type in _READING for statement in statements)


class Guard:
    """What the owner process asks before it lets a session in, and before it runs a statement of it.

    Quack calls these as functions of the database.

    Parameters
    ----------
    token : str
        The secret of those who may change the workspace.
    reading_token : str
        The secret of those who may read it.
    """

    def __init__(self, token: str, reading_token: str) -> None:
        self._token, self._reading_token = token.encode(), reading_token.encode()
        self._writers: set[str] = set()

    def authenticate(self, session: str, given: str, _: str) -> bool:
        """Return whether a secret opens the door, and note for which of the two."""
        secret = given.encode()
        if hmac.compare_digest(secret, self._token):
            self._writers.add(session)
            return True
        return hmac.compare_digest(secret, self._reading_token)

    def authorize(self, session: str, sql: str) -> str | None:
        """Return the statement that may be run, or None."""
        return sql if session in self._writers or only_reads(sql) else None
