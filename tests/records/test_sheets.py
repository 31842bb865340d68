import io

import pandas
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.records import read_catalog
from trova_widgets.records.catalogues.sheets import marked_frame, with_mark, without_mark

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


@given(st.text(st.sampled_from("'=+-@\t\r\n ab<")))
def test_every_text_comes_back_and_none_begins_like_a_formula(text):
    marked = with_mark(text)
    assert without_mark(marked) == text
    assert not marked.startswith(DANGEROUS)
    assert not marked.lstrip(" ").startswith(DANGEROUS)


def test_numbers_and_times_stay_and_texts_of_every_kind_are_marked():
    frame = pandas.DataFrame(
        {
            "event_id": ["=cmd|' /C calc'!A0", "kola7"],
            "magnitude": [-1.5, 2.0],
            "mixed": ["@SUM(A1)", None],
            "=name": [True, False],
            "time": pandas.to_datetime(["2021-05-04", "2021-05-05"]),
        }
    )
    text = marked_frame(frame).to_csv(index=False)
    assert text.splitlines()[0] == "event_id,magnitude,mixed,'=name,time"
    assert text.splitlines()[1] == "'=cmd|' /C calc'!A0,-1.5,'@SUM(A1),True,2021-05-04"


def test_an_exported_catalogue_reads_back_as_it_was():
    frame = pandas.DataFrame({"event_id": ["=HYPERLINK(1)", "-7", "'quoted"], "magnitude": [-0.5, 1.0, 2.0]})
    target = io.StringIO()
    marked_frame(frame).to_csv(target, index=False)
    events = read_catalog(target.getvalue().encode())
    assert [event.event_id for event in events] == list(frame["event_id"])
    assert [event.magnitude for event in events] == [-0.5, 1.0, 2.0]
