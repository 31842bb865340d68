"""What can go wrong, as sentences: the value, what was expected, and the way out."""


class TrovaError(Exception):
    """Any error that a user can mend; its message is one or two whole sentences."""


class RecordError(TrovaError):
    """A waveform or a catalogue cannot be taken in or cannot be analysed."""


class RecipeError(TrovaError):
    """The parameters of a fingerprint contradict each other or the record."""


class NetworkError(TrovaError):
    """A network type, an architecture or a layer parameter is not what the catalogue allows."""


class PlanError(TrovaError):
    """A plan, a data set or a split cannot be made as asked."""


class StoreError(TrovaError):
    """The workspace's database is missing, taken by another process, or of a newer version."""


class TrovaWarning(UserWarning):
    """Something goes on in another way than was asked for; the message says how, and why."""
