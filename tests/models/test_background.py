"""What comes of answers that do not come in the order of their queue."""

import asyncio
from collections.abc import Callable
from threading import Event

import pytest

from trova_widgets.errors import TrovaError
from trova_widgets.models.background import InOrderQueue, LatestOnlyQueue


async def answered() -> None:
    """Wait until everything that is done in the background is done."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.gather(*others)


def asked(
    kind: type[InOrderQueue] | type[LatestOnlyQueue], first: Callable[[], str], then: Callable[[str], None]
) -> None:
    """Ask twice, of which the first answer comes last."""

    async def ask() -> None:
        queue, release = kind(), Event()

        def wait_and_answer() -> str:
            release.wait()
            return first()

        def second(text: str) -> None:
            then(text)
            release.set()

        queue.submit(wait_and_answer, then, then)
        await asyncio.sleep(0)
        queue.submit(lambda: "second", second, then)
        await answered()

    asyncio.run(ask())


def refuse() -> str:
    raise TrovaError("nothing can be read")


@pytest.mark.parametrize("kind", [InOrderQueue, LatestOnlyQueue])
@pytest.mark.parametrize("first", [lambda: "first", refuse])
def test_an_answer_or_a_refusal_that_is_overtaken_is_not_shown(
    kind: type[InOrderQueue] | type[LatestOnlyQueue], first: Callable[[], str]
) -> None:
    shown: list[str] = []
    asked(kind, first, shown.append)
    assert shown == ["second"]


def test_readings_in_their_order_are_all_shown() -> None:
    shown: list[str] = []

    async def ask() -> None:
        readings, release = InOrderQueue(), Event()

        def wait_and_answer() -> str:
            release.wait()
            return "second"

        def first(text: str) -> None:
            shown.append(text)
            release.set()

        # a last one only would not be seen before everything is still
        readings.submit(lambda: "first", first)
        readings.submit(wait_and_answer, shown.append)
        await answered()

    asyncio.run(ask())
    assert shown == ["first", "second"]
