"""The networks page: the catalogue of what can be built, a network in the making, and those that are saved."""

from typing import Any

import pandas as pd
from traitlets import Bool, Dict, List, Unicode, observe

from trova_widgets.errors import NetworkError, TrovaError
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.page import PageModel
from trova_widgets.models.words import moment
from trova_widgets.networks import (
    Architecture,
    LayerParameter,
    Value,
    architecture,
    check,
    network_types,
    parse_values,
    summary,
)


class NetworksModel(PageModel):
    """The state and the actions of the networks page.

    Attributes
    ----------
    types, architectures : list of dict
        The catalogue, and the architecture models of the chosen type: ``value``, ``title``.
    network_type, chosen, name : str
        The chosen type and architecture model, and what the network will be called.
    description : str
        What kind of network that is.
    parameters : list of dict
        What can be set, layer by layer: ``name``, ``layer``, ``parameter``, ``default``, ``meaning``, ``constraint``.
    values : dict of str to str
        What is set other than typical, as typed.
    problems : dict of str to str
        What is wrong with a value.
    layers : list of dict
        The diagram: ``position``, ``kind``, ``title``, ``text``, ``shape``, ``learned``.
    verdict : dict
        ``buildable``, ``reason``, ``warnings``, ``learned`` (how many numbers the network learns).
    networks : list of dict
        The saved ones: ``name``, ``type``, ``values``, ``created``.
    """

    slug = "networks"

    types = List(Dict())
    architectures = List(Dict())
    network_type = Unicode("")
    chosen = Unicode("")
    name = Unicode("")
    description = Unicode("")
    parameters = List(Dict())
    values = Dict()
    problems = Dict()
    layers = List(Dict())
    verdict = Dict()
    networks = List(Dict())
    can_create = Bool(False)

    def __init__(self, application: ApplicationModel) -> None:
        self._size = 64
        super().__init__(application)
        self.types = [{"value": kind.name, "title": f"{kind.name}: {kind.title}"} for kind in network_types()]
        self.network_type = network_types()[0].name

    def refresh(self) -> None:
        """Read the saved networks again."""
        self._reading.ask(self._read, self._show, self.application.tell)

    def create(self) -> None:
        """Save the network under its name."""
        name, network_type, chosen = self.name.strip(), self.network_type, self.chosen
        values = self._given()
        self.do(
            f"Saving {name}",
            lambda: self.workspace.create_network(name, network_type, chosen, **values),
            lambda _: self._created(name),
        )

    @observe("network_type")
    def _choose_type(self, _: Any = None) -> None:
        kind = next(kind for kind in network_types() if kind.name == self.network_type)
        self.description = kind.description
        self.architectures = [{"value": model.name, "title": model.title} for model in kind.architectures]
        self.chosen = kind.architectures[0].name

    @observe("chosen", "network_type")
    def _choose_model(self, _: Any = None) -> None:
        model = self._model()
        if model is not None:
            self.values = {}
            self.parameters = [_parameter_row(model, parameter) for parameter in model.parameters.values()]
            self._examine()

    @observe("values", "name")
    def _examine(self, _: Any = None) -> None:
        """Check the values as they are typed, and draw what they make."""
        model = self._model()
        if model is None:
            return
        given = self._given()
        found = check(model, given, self._size)
        layers = summary(model, given, self._size) if found.buildable else ()
        self.layers = [
            {
                "position": layer.position,
                "kind": layer.kind,
                "title": layer.title,
                "text": layer.text,
                "shape": " × ".join(str(side) for side in layer.output_shape),
                "learned": f"{layer.parameter_count:,}" if layer.parameter_count else "",
            }
            for layer in layers
        ]
        self.verdict = {
            "buildable": found.buildable,
            "reason": found.reason or "",
            "warnings": list(found.warnings),
            "learned": f"{sum(layer.parameter_count for layer in layers):,}",
        }
        self.can_create = found.buildable and not self.problems and bool(self.name.strip())

    def _model(self) -> Architecture | None:
        try:
            return architecture(self.network_type, self.chosen)
        except NetworkError:
            # the type has just been changed, and its first model is chosen next
            return None

    def _given(self) -> dict[str, Value]:
        """Return the values that are understood, and say what is wrong with the others."""
        model = self._model()
        given: dict[str, Value] = {}
        problems = {}
        for name, text in self.values.items():
            if not str(text).strip() or model is None:
                continue
            try:
                values = parse_values(str(text))
                if len(values) > 1:
                    raise NetworkError("One value here; ranges belong to an experiment.")
                given[name] = model.parameter(name).value_of(values[0])
            except TrovaError as error:
                problems[name] = str(error)
        self.problems = problems
        return given

    def _created(self, name: str) -> None:
        self.application.tell(f"{name} is saved; an experiment can vary it now.")
        # what somebody has begun to write meanwhile stays
        if self.name.strip() == name:
            self.name, self.values = "", {}
        self.application.refresh()

    def _read(self) -> tuple[pd.DataFrame, int]:
        return self.workspace.networks(), self.workspace.recipe().size

    def _show(self, found: tuple[pd.DataFrame, int]) -> None:
        networks, self._size = found
        self.networks = [
            {
                "name": row["name"],
                "type": f"{row['network_type']}, {row['architecture']}",
                "values": _unusual(row),
                "created": moment(row["created_at"]),
            }
            for row in reversed(networks.to_dict("records"))
        ]
        self.read = True


def _unusual(network: dict[str, Any]) -> list[str]:
    """Return the values that differ from the model's own."""
    usual = architecture(network["network_type"], network["architecture"]).defaults
    return [f"{name} = {value}" for name, value in network["values"].items() if value != usual[name]]


def _parameter_row(model: Architecture, parameter: LayerParameter) -> dict[str, Any]:
    layer = next(layer for layer in model.layers if layer.position == parameter.position)
    return {
        "name": parameter.name,
        "layer": f"{layer.position}  {layer.title}",
        "parameter": parameter.parameter,
        "default": str(parameter.default),
        "meaning": parameter.meaning,
        "constraint": parameter.constraint,
    }
