"""Maps in bfloat16 for compiled code, which knows no such number: the upper half of a float32, as uint16."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic, overload

_HALF, _JUST_BELOW_HALF, _LAST = np.uint32(16), np.uint32(0x7FFF), np.uint32(1)


@intrinsic  # type: ignore[untyped-decorator]
def _float_of(_typing: Any, bits: Any) -> Any:
    """Read 32 bits as a float32."""

    def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.float32))

    return types.float32(types.uint32), build


@intrinsic  # type: ignore[untyped-decorator]
def _bits_of(_typing: Any, value: Any) -> Any:
    """Read a float32 as 32 bits."""

    def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.uint32))

    return types.uint32(types.float32), build


def read(maps: Any, at: Any) -> Any:
    """Return an element of float32 or bfloat16 maps as float32, in compiled code."""
    raise NotImplementedError("read is for compiled code.")


def write(maps: Any, at: Any, value: Any) -> Any:
    """Set an element of float32 or bfloat16 maps, rounded to the nearest, in compiled code."""
    raise NotImplementedError("write is for compiled code.")


@overload(read, inline="always")  # type: ignore[untyped-decorator]
def _read(maps: Any, at: Any) -> Any:
    if maps.dtype == types.float32:

        def plainly(maps: Any, at: Any) -> Any:
            return maps[at]

        return plainly

    def widened(maps: Any, at: Any) -> Any:
        return _float_of(np.uint32(np.uint32(maps[at]) << _HALF))

    return widened


@overload(write, inline="always")  # type: ignore[untyped-decorator]
def _write(maps: Any, at: Any, value: Any) -> Any:
    if maps.dtype == types.float32:

        def plainly(maps: Any, at: Any, value: Any) -> None:
            maps[at] = value

        return plainly

    def rounded(maps: Any, at: Any, value: Any) -> None:
        bits = _bits_of(value)
        # to the nearest, and from the middle to the even one
        bits = np.uint32(bits + _JUST_BELOW_HALF + ((bits >> _HALF) & _LAST))
        maps[at] = np.uint16(bits >> _HALF)

    return rounded
