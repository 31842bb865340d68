"""The catalogue of network types as tables, so that it lies in the workspace beside what was made from it."""

from collections.abc import Sequence

import pandas as pd

from trova_widgets.networks import NetworkType


def catalogue_tables(types: Sequence[NetworkType]) -> dict[str, pd.DataFrame]:
    """Return the tables ``network_types``, ``architectures`` and ``layer_parameters`` of a catalogue."""
    models = [(kind, model) for kind in types for model in kind.architectures]
    return {
        "network_types": pd.DataFrame(
            [{"name": kind.name, "title": kind.title, "description": kind.description} for kind in types]
        ),
        "architectures": pd.DataFrame(
            [
                {
                    "network_type": kind.name,
                    "name": model.name,
                    "title": model.title,
                    "layers": [layer.kind for layer in model.layers],
                }
                for kind, model in models
            ]
        ),
        "layer_parameters": pd.DataFrame(
            [
                {
                    "network_type": kind.name,
                    "architecture": model.name,
                    "name": layer.full_name(parameter.name),
                    "layer": layer.kind,
                    "position": layer.position,
                    "parameter": parameter.name,
                    "default": parameter.default,
                    "kind": parameter.kind,
                    "minimum": parameter.minimum,
                    "maximum": parameter.maximum,
                    "choices": list(parameter.choices),
                    "meaning": parameter.meaning,
                    "constraint": parameter.constraint,
                }
                for kind, model in models
                for layer in model.layers
                for parameter in layer.parameters
            ]
        ),
    }
