"""The networks page: the catalogue of what can be built, a network in the making, and those that are saved."""

from typing import Any

from traitlets import Bool, Dict, List, Unicode, observe

from trova_widgets.errors import NetworkError, SettingError, TrovaError
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.changing import changing
from trova_widgets.models.formatting import moment
from trova_widgets.models.handles import free_name
from trova_widgets.models.page import PageModel
from trova_widgets.models.setting_rows import setting_row
from trova_widgets.networks import Architecture, Layer, architecture, check, network_types, summary
from trova_widgets.space import Setting, Value, parse_values
from trova_widgets.wording import counted


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
        The saved ones: ``name``, ``type``, ``values``, ``created``, ``used`` (by how many experiments).
    opened : str
        The saved network that the form was filled with; nothing where it is a new one.
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
    opened = Unicode("")
    can_create = Bool(False)

    def __init__(self, application: ApplicationModel) -> None:
        self._size = 64
        self._rows: dict[str, dict[str, Any]] = {}
        self._asked_for = ""
        super().__init__(application)
        self.types = [{"value": kind.name, "title": f"{kind.name}: {kind.title}"} for kind in network_types()]
        self.network_type = network_types()[0].name
        application.observe(lambda _: self._follow_address(), ["page", "subject"])
        self._follow_address()

    def refresh(self) -> None:
        """Read the saved networks again."""
        self._reading.submit(self._read, self._show, self.application.notify)

    def copy(self, name: str) -> None:
        """Fill the form with a saved network, under a new name."""
        if name in self._rows:
            self.application.open(self.slug, name)
            self.name = free_name(name, set(self._rows))

    def begin(self) -> None:
        """Begin a new network."""
        self.opened, self.name, self.values = "", "", {}
        if self.application.page == self.slug:
            self.application.open(self.slug)

    @changing
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
            self.parameters = [_parameter_row(layer, setting) for layer in model.layers for setting in layer.parameters]
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
        self.can_create = found.buildable and not self.problems and self.name.strip() not in {"", *self._rows}

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
                    raise SettingError("One value here; ranges belong to an experiment.")
                given[name] = model.space[name].coerce(values[0])
            except TrovaError as error:
                problems[name] = str(error)
        self.problems = problems
        return given

    def _created(self, name: str) -> None:
        self.application.notify(f"{name} is saved; an experiment can vary it now.")
        # what somebody has begun to write meanwhile stays
        if self.name.strip() == name:
            self.begin()
        self.application.refresh()

    def _follow_address(self) -> None:
        """Open the network that the address names; one that is not there yet is opened when it has been read."""
        if self.application.page == self.slug:
            self._asked_for = self.application.subject
            self._open()

    def _open(self) -> None:
        row = self._rows.get(self._asked_for)
        if row is None or not self.types:
            return
        name, self._asked_for = self._asked_for, ""
        usual = architecture(row["network_type"], row["architecture"]).space.defaults
        # the type chooses its first model, and a model empties the values
        self.network_type = row["network_type"]
        self.chosen = row["architecture"]
        self.values = {setting: str(value) for setting, value in row["values"].items() if value != usual[setting]}
        self.opened, self.name = name, ""

    def _read(self) -> dict[str, Any]:
        return {
            "networks": self.workspace.networks(),
            "used": self.workspace.experiments()["network_id"].value_counts(),
            "size": self.workspace.recipe().size,
        }

    def _show(self, found: dict[str, Any]) -> None:
        networks, self._size = found["networks"], found["size"]
        self._rows = {row["name"]: row for row in networks.to_dict("records")}
        if self.opened not in self._rows:
            self.opened = ""
        self._open()
        self.networks = [
            {
                "name": row["name"],
                "type": f"{row['network_type']}, {row['architecture']}",
                "values": _unusual(row),
                "created": moment(row["created_at"]),
                "used": _used(int(found["used"].get(row["network_id"], 0))),
            }
            for row in reversed(list(self._rows.values()))
        ]
        self.read = True


def _unusual(network: dict[str, Any]) -> list[str]:
    """Return the values that differ from the model's own."""
    usual = architecture(network["network_type"], network["architecture"]).space.defaults
    return [f"{name} = {value}" for name, value in network["values"].items() if value != usual[name]]


def _used(count: int) -> str:
    return counted(count, "experiment") if count else ""


def _parameter_row(layer: Layer, parameter: Setting) -> dict[str, str]:
    place = {"layer": f"{layer.position}  {layer.title}", "parameter": parameter.name}
    return {**setting_row(parameter), **place, "name": layer.full_name(parameter.name)}
