"""Networks that train fast on a processor: several layers in one pass, compiled once for a machine."""

from trova_widgets.networks.fused.network import FusedNetwork

__all__ = ["FusedNetwork"]
