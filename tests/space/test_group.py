import json
from dataclasses import FrozenInstanceError, dataclass
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.errors import PlanError, SettingError
from trova_widgets.space import SettingGroup, Space, declared


@dataclass(frozen=True, kw_only=True)
class Oven(SettingGroup):
    prefix: ClassVar[str] = "oven"

    heat: float = declared(180.0, "how hot", minimum=50, maximum=300, unit="K", reconnaissance="[150 : 25 : 250]")
    minutes: int = declared(40, "how long", minimum=1, scale="logarithmic")
    fan: str = declared("off", "whether the air is moved", choices=("on", "off"), implied="off")
    tray: str = declared("", "which tray", implied="")


@dataclass(frozen=True, kw_only=True)
class Strict(Oven):
    error = PlanError


ovens = st.builds(
    Oven,
    heat=st.floats(50, 300),
    minutes=st.integers(1, 1000),
    fan=st.sampled_from(["on", "off"]),
    tray=st.sampled_from(["", "upper", "lower"]),
)


def test_a_setting_is_declared_once_and_known_everywhere():
    heat, minutes, fan, tray = Oven.settings()
    assert [setting.name for setting in Oven.settings()] == ["oven.heat", "oven.minutes", "oven.fan", "oven.tray"]
    assert (heat.kind, heat.default, heat.minimum, heat.maximum, heat.unit) == ("real", 180.0, 50, 300, "K")
    assert (heat.meaning, heat.reconnaissance, heat.implied) == ("how hot", "[150 : 25 : 250]", None)
    assert [setting.kind for setting in (minutes, fan, tray)] == ["integer", "enumerated", "text"]
    assert [setting.order for setting in (heat, minutes, fan)] == ["numeric", "logarithmic", "enumerated"]
    assert fan.implied == "off"
    # the group's own default is that of the space
    assert Space(Oven.settings()).complete({}) == Oven().values()


@given(ovens)
def test_a_group_comes_back_from_json(oven):
    assert Oven.from_dict(json.loads(json.dumps(oven.to_dict()))) == oven
    assert Space(Oven.settings()).complete(oven.values()) == oven.values()


def test_what_was_implied_is_not_told():
    assert Oven().to_dict() == {"heat": 180.0, "minutes": 40}
    assert Oven(fan="on", tray="upper").to_dict() == {"heat": 180.0, "minutes": 40, "fan": "on", "tray": "upper"}


def test_values_of_any_type_make_the_same_group():
    assert (
        Oven(heat=np.float32(200), minutes=np.int64(30)) == Oven(heat=200, minutes=30.0) == Oven(heat=200.0, minutes=30)
    )
    assert type(Oven(minutes=30.0).minutes) is int
    with pytest.raises(FrozenInstanceError):
        Oven().heat = 100.0


def test_what_is_not_allowed_is_refused_in_the_groups_own_way():
    with pytest.raises(SettingError, match=r"oven.heat cannot be 400; choose a real number from 50 to 300 K\."):
        Oven(heat=400)
    with pytest.raises(PlanError, match=r"oven.fan cannot be 'maybe'; choose one of on, off\."):
        Strict(fan="maybe")
    with pytest.raises(PlanError, match=r"There is no setting oven.hat; there are heat, minutes, fan, tray\."):
        Strict.from_dict({"hat": 1})


def test_a_group_is_widened_by_a_subclass_with_one_line():
    @dataclass(frozen=True, kw_only=True)
    class Steaming(Oven):
        steam: float = declared(0.0, "how damp", minimum=0, maximum=1, implied=0.0)

    assert [setting.name for setting in Steaming.settings()][-1] == "oven.steam"
    assert Steaming().to_dict() == Oven().to_dict()
    assert len(Oven.settings()) == 4
