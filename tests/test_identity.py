"""What a set of identities in little memory says is what Python's own set says."""

import pickle

from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.identity import Identities, identity_of_bytes

FEW = st.binary(max_size=1).map(identity_of_bytes)
IDENTITIES = st.one_of(FEW, st.binary(min_size=10, max_size=10).map(bytes.hex))


@given(st.lists(IDENTITIES), st.lists(IDENTITIES))
def test_it_holds_what_a_set_holds(inside: list[str], others: list[str]) -> None:
    known = pickle.loads(pickle.dumps(Identities(inside)))
    assert list(known) == sorted(set(inside)) and len(known) == len(set(inside))
    assert [identity in known for identity in inside + others] == [i in set(inside) for i in inside + others]


def test_what_is_no_text_is_in_no_set() -> None:
    assert None not in Identities([identity_of_bytes(b"a")])
