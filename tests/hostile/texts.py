"""Texts that want to be more than texts: XML that grows or reads, formulas, markup, tables out of measure, archives."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Iterator

import numpy as np

from tests.hostile.making import Hostile, a_catalog, a_file, an_inventory
from tests.records.making import counts, mseed, trace

XML = '<?xml version="1.0" encoding="UTF-8"?>'
BODY = (
    '<q:quakeml xmlns="http://quakeml.org/xmlns/bed/1.2" xmlns:q="http://quakeml.org/xmlns/quakeml/1.2">'
    '<eventParameters publicID="smi:local/a"><event publicID="smi:local/{event}"><type>{type}</type>'
    '<origin publicID="smi:local/o"><time><value>2021-05-04T12:00:05Z</value></time><latitude><value>67</value>'
    "</latitude><longitude><value>33</value></longitude></origin></event></eventParameters></q:quakeml>"
)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
SCML = (
    '<seiscomp xmlns="http://geofon.gfz-potsdam.de/ns/seiscomp3-schema/0.11" version="0.11">'
    "<EventParameters>{}</EventParameters></seiscomp>"
)
STATIONXML = (
    '<FDSNStationXML xmlns="http://www.fdsn.org/xml/station/1" schemaVersion="1.1"><Source>{}</Source></FDSNStationXML>'
)


def _quakeml(event: str = "e1", kind: str = "earthquake", before: str = "") -> str:
    return XML + before + BODY.format(event=event, type=kind)


def bombs() -> Iterator[Hostile]:
    laughs = f"<!DOCTYPE lolz [{LAUGHS}]>"
    secret = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    begin = BODY.split("<event ")[0]
    documents = {
        "laughs": _quakeml("&l9;", before=laughs),
        "laughs-in-type": _quakeml(kind="&l9;", before=laughs),
        "quadratic": _quakeml("&a;" * 5000, before=f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>'),
        "secret": _quakeml("&x;", before=secret),
        "parameter": _quakeml(before='<!DOCTYPE x [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;]>'),
        "foreign-dtd": _quakeml(before='<!DOCTYPE q SYSTEM "http://127.0.0.1:1/x.dtd">'),
        "include": _quakeml().replace(
            "<event ", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/><event '
        ),
        "stylesheet": _quakeml(before='<?xml-stylesheet type="text/xsl" href="file:///etc/passwd"?>'),
        "deep": XML + begin + "<a>" * 100_000,
        "deep-and-closed": XML + begin + "<a>" * 5000 + "</a>" * 5000 + "</eventParameters></q:quakeml>",
        "long-attribute": _quakeml("e" * 2_000_000),
        "scml-laughs": XML + laughs + SCML.format("&l9;"),
        "scml-secret": XML + secret + SCML.format("&x;"),
    }
    for name, text in documents.items():
        yield Hostile(f"xml-{name}", a_catalog("catalog.xml", text.encode()))
    for encoding in ("utf-16", "utf-7", "utf-32"):
        text = _quakeml("&x;", before=secret).replace("UTF-8", encoding)
        yield Hostile(f"xml-secret-{encoding}", a_catalog("catalog.xml", text.encode(encoding)))
    yield Hostile("xml-record-laughs", a_file("record.xml", _quakeml("&l9;", before=laughs).encode()))
    for name, before in (("laughs", laughs), ("secret", secret)):
        inventory = XML + before + STATIONXML.format("&l9;" if name == "laughs" else "&x;")
        yield Hostile(f"xml-stations-{name}", an_inventory("stations.xml", inventory.encode()))


EVIL = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{constructor.constructor('alert(1)')()}}",
    "'); DROP TABLE event; --",
    "\x1b[2J\x07",
    "${jndi:ldap://127.0.0.1:1/a}",
    "%s%s%n",
]


def texts() -> Iterator[Hostile]:
    for number, text in enumerate(EVIL):
        quoted = text.replace('"', '""')
        for column in ("event_id", "event_type"):
            values = {"event_id": f"text-{number}", "event_type": "earthquake"} | {column: quoted}
            table = "event_id,time,event_type,magnitude_type\n"
            table += f'"{values["event_id"]}",2021-05-04T12:00:05Z,"{values["event_type"]}","{quoted}"\n'
            yield Hostile(f"text-{number:02d}-in-{column}", a_catalog("catalog.csv", table.encode()))
    for number, text in enumerate(EVIL[5:8]):
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        yield Hostile(f"text-{number}-in-quakeml", a_catalog("catalog.xml", _quakeml(escaped).encode()))
    header = {"kevnm": "=HYPERLINK()", "kstnm": "<b>X</b>", "o": 5.0}
    one = trace(counts(seed=88).astype(np.float32), station="<b>X", sac=header)
    target = io.BytesIO()
    one.write(target, format="SAC")
    yield Hostile("text-in-sac", a_file("record.sac", target.getvalue()))
    slist = (
        "TIMESERIES <i>_../..__=1+1_R, 800 samples, 40 sps, 2021-05-04T12:00:00, SLIST, INTEGER, C\n"
        + "1 2 3 4\n" * 200
    )
    yield Hostile("text-in-slist", a_file("record.ascii", slist.encode()))


def tables() -> Iterator[Hostile]:
    row = "e1,2021-05-04T12:00:05Z\n"
    for name, content in {
        "columns": ",".join(f"c{n}" for n in range(50_000)) + ",event_id,time\n",
        "three-thousand-columns": "event_id,time," + ",".join(f"c{n}" for n in range(3000)) + "\n",
        "same-columns": "event_id,event_id,time,time\n" + "e1,e2,2021-05-04,2021-05-05\n",
        "long-cell": "event_id,time\n" + "e" * 5_000_000 + ",2021-05-04\n",
        "long-number": "event_id,time,magnitude\n" + f"e1,2021-05-04,{'9' * 100_000}\n",
        "huge-numbers": "event_id,time,latitude,depth\ne1,2021-05-04,1e999,-1e999\n",
        "not-a-number": "event_id,time,latitude\ne1,2021-05-04,inf\ne2,2021-05-04,nan\n",
        "open-quote": 'event_id,time\n"e1,2021-05-04\n' + row * 50,
        "zero-bytes": "event_id,time\ne\0" + "1,2021-05-04\n",
        "years": "event_id,time\na,0000-00-00\nb,99999-12-31\nc,-2021-05-04\nd,2021-02-30\n",
        "only-names": "event_id,time\n",
        "only-separators": ",".join("" for _ in range(100)) + "\n",
        "ragged": "event_id,time\n" + "e1,2021-05-04,more,and,more\n",
        "old-mac": "event_id,time\re1,2021-05-04T12:00:05Z\r",
        "formula-names": "=cmd(),event_id,time\n1," + row,
    }.items():
        yield Hostile(f"table-{name}", a_catalog("catalog.csv", content.encode()))
    yield Hostile("table-utf16", a_catalog("catalog.csv", f"event_id,time\n{row}".encode("utf-16")))
    yield Hostile("table-latin1", a_catalog("catalog.csv", "event_id,time\nKovdór,2021-05-04\n".encode("latin-1")))


def archives() -> Iterator[Hostile]:
    zeros = bytes(30_000_000)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("../../../escaped.mseed", mseed(trace(counts(seed=99))))
        packed.writestr("bomb.mseed", zeros)
    csz = io.BytesIO()
    with zipfile.ZipFile(csz, "w") as packed:
        packed.writestr("events.csv", "id,time,lat,lon,dep,magtype,mag\n")
        packed.comment = b"CSZ format ObsPy v1.5 obspy_no_uncompress"
    tape = io.BytesIO()
    with tarfile.open(fileobj=tape, mode="w") as packed:
        info = tarfile.TarInfo("../../escaped.mseed")
        info.size = 100
        packed.addfile(info, io.BytesIO(bytes(100)))
    for name, content in {
        "zip": target.getvalue(),
        "csz": csz.getvalue(),
        "tar": tape.getvalue(),
        "gz": gzip.compress(zeros),
        "tgz": gzip.compress(tape.getvalue()),
        "bz2": bz2.compress(zeros),
        "xz": lzma.compress(zeros),
        "zst": b"\x28\xb5\x2f\xfd" + bytes(100),
        "7z": b"7z\xbc\xaf\x27\x1c" + bytes(100),
    }.items():
        yield Hostile(f"archive-{name}", a_file(f"record.{name}", content))
    yield Hostile("archive-zip-as-catalog", a_catalog("catalog.zip", target.getvalue()))
    yield Hostile("archive-gz-as-stations", an_inventory("stations.gz", gzip.compress(zeros)))
