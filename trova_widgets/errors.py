"""What can go wrong, as sentences: the value, what was expected, and the way out."""


class TrovaError(Exception):
    """Any error that a user can mend; its message is one or two whole sentences."""


class RecordError(TrovaError):
    """A waveform or a catalogue cannot be taken in or cannot be analysed."""


class RecipeError(TrovaError):
    """The parameters of a fingerprint contradict each other or the record."""


class SettingError(TrovaError):
    """A setting has no such name, or is not allowed such a value; or what was written is not understood."""


class NetworkError(TrovaError):
    """A network type or an architecture is not in the catalogue, or a network cannot be built."""


class PlanError(TrovaError):
    """A plan, a data set or a split cannot be made as asked."""


class StoreError(TrovaError):
    """The workspace's database is missing, taken by another process, or of a newer version.

    Attributes
    ----------
    is_refusal : bool
        Whether the database works and refuses a value: without that value, the rest can be kept.
    """

    is_refusal = False


class RefusedValueError(StoreError):
    """The database works and refuses a value."""

    is_refusal = True


class TrovaWarning(UserWarning):
    """Something goes on in another way than was asked for; the message says how, and why."""
