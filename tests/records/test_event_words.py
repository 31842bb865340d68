"""A doubt is taken out of a type and kept, however it is written; what only looks like one is no doubt."""

import pytest

from trova_widgets.records.event_words import type_and_doubt


@pytest.mark.parametrize(
    "text",
    [
        "explosion?", "explosion ??", "?explosion", "explosion (?)", "probable explosion", "suspected  explosion",
        "presumed explosion", "explosion (suspected)", "explosion, probable", "explosion - suspected",
        "suspected_explosion", "explosion_suspected", "not confirmed explosion", "susp. explosion",
    ],
)  # fmt: skip
def test_a_doubt_is_kept_beside_the_type(text):
    assert type_and_doubt(text) == ("explosion", "suspected")


@pytest.mark.parametrize("text", ["подозрение на взрыв", "взрыв?", "взрыв (предп.)", "вероятный взрыв"])
def test_doubts_in_russian(text):
    assert type_and_doubt(text) == ("взрыв", "suspected")


@pytest.mark.parametrize("text", ["earthquake", "mine blast", "unlikely", "improbable", "rock burst", "quarry_blast"])
def test_what_is_no_doubt_stays(text):
    assert type_and_doubt(text) == (text, None)


def test_certainty_is_kept_as_well():
    assert type_and_doubt("known explosion") == ("explosion", "known")
    assert type_and_doubt("explosion?", "known") == ("explosion", "known")
