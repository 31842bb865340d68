"""Records of a data set with what is known of them: how loud, how far, of which station; where and when the event."""

import numpy as np
import pandas as pd

from trova_widgets.geometry import distance_km


def describe_records(members: pd.DataFrame, records: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return the members of a data set with what is known of each record and its event, in their order.

    Parameters
    ----------
    members : DataFrame
        As of `Store.dataset_members`, a row a record.
    records, events : DataFrame
        As of the store.

    Returns
    -------
    DataFrame
        ``position``, ``record_id``, ``event_id``, ``event_class``, ``split``, ``fold``, ``cutoff_hz``, ``snr_db``,
        ``onset_s``, ``station`` (with its seismic network; empty where it is not known), ``sampling_rate_hz``,
        ``start_time``; of the event ``distance_km``, ``longitude``, ``latitude``, ``magnitude``, ``origin_time``.
    """
    known = records.set_index("record_id").reindex(members["record_id"])
    of_event = events.set_index("event_id").reindex(members["event_id"])
    column = {
        name: (known[name] if name in known else pd.Series(np.nan, index=known.index)).to_numpy(dtype=float)
        for name in ("snr_db", "onset_s", "station_longitude", "station_latitude")
    }
    place = {name: of_event[name].to_numpy(dtype=float) for name in ("longitude", "latitude", "magnitude")}
    described = members[["position", "record_id", "event_id", "event_class", "split", "fold", "cutoff_hz"]].copy()
    described["snr_db"], described["onset_s"] = column["snr_db"], column["onset_s"]
    described["distance_km"] = distance_km(
        column["station_longitude"], column["station_latitude"], place["longitude"], place["latitude"]
    )
    described["longitude"], described["latitude"] = place["longitude"], place["latitude"]
    described["magnitude"] = place["magnitude"]
    described["station"] = [
        f"{network}.{station}" if network and station else station
        for network, station in zip(known["network"].fillna(""), known["station"].fillna(""), strict=True)
    ]
    described["sampling_rate_hz"] = known["sampling_rate_hz"].to_numpy(dtype=float)
    described["origin_time"] = of_event["origin_time"].to_numpy()
    described["start_time"] = known["start_time"].to_numpy()
    return described.reset_index(drop=True)
