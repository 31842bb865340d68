"""The network types, a file each. A file here that declares ``NETWORK_TYPE`` is in the catalogue."""
