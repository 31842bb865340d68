"""What the processor of this machine can do, told without loading torch."""

import re
from functools import cache
from pathlib import Path
from shutil import which

_CPUINFO = Path("/proc/cpuinfo")


@cache
def has_bfloat16() -> bool:
    """Return whether the processor multiplies bfloat16 in hardware (AVX-512 BF16), as torch tells it.

    Where the system has no list of what its processor can, torch is asked, which takes seconds to load.
    """
    try:
        flags = re.search(r"^flags\s*:(.*)$", _CPUINFO.read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        flags = None
    if flags is not None:
        return "avx512_bf16" in flags[1].split()
    import torch

    return bool(torch.cpu._is_avx512_bf16_supported())


def has_nvidia_driver() -> bool:
    """Return whether a driver for graphics processors of NVIDIA is loaded; torch may still lack what it needs."""
    return Path("/proc/driver/nvidia/version").exists() or Path("/dev/dxg").exists() or bool(which("nvidia-smi"))
