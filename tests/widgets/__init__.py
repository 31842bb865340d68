"""Widgets without a browser. What bqplot does when it is imported is not ours to mend; ours stay errors."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import bqplot  # noqa: F401
