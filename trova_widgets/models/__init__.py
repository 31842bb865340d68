"""The state and the actions of each view: traitlets only, so that all of it is tested without a browser."""
