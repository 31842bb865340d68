"""Of stations with several components, the page says which one a data set takes, and takes another one."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visitor, started
from tests.workspace.archives import DAY, moment, record, table
from trova_widgets import Workspace

pytestmark = pytest.mark.browser


def test_a_component_is_chosen_on_the_page(browser: Browser, tmp_path: Path) -> None:
    rows = []
    for number in range(16):
        for place, channel in enumerate(("BHZ", "BHN")):
            start = str(moment(DAY, 3600 * number))
            record(tmp_path / "data", f"{number}{channel}.mseed", start, seed=2 * number + place, channel=channel)
        rows.append((f"E{number}", moment(DAY, 3600 * number + 15), 67, 33, ("earthquake", "explosion")[number % 2]))
    with Workspace.create(tmp_path / "study") as study:
        study.import_records(tmp_path / "data", catalog=table(tmp_path / "c.csv", rows))
        study.compute_fingerprints()
    with started("serve", tmp_path) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
        tab = Visitor(context, address).open("overview")
        build = tab.get_by_text("Build a data set")
        build.click()
        expect(tab.locator(".trova-report")).to_contain_text("the vertical one was taken (BHZ)")
        tab.locator(".trova-dataset-components").click()
        tab.locator(".v-overlay .v-list-item").filter(has_text=re.compile("^N$")).click()
        expect(tab.locator(".trova-dataset-dataset-1")).to_be_visible()
        build.click()
        expect(tab.locator(".trova-report")).to_contain_text("the N one was taken (BHN)")
        context.close()
