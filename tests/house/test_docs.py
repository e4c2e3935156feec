"""What the documents promise at their first glance."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.req("SEED-129", "SEED-130")
def test_the_source_is_attributed_as_it_asks():
    readme = " ".join((ROOT / "README.md").read_text().split())
    assert "The Microsoft Operations Framework 4.0 is provided with permission from Microsoft Corporation." in readme
    assert "https://creativecommons.org/licenses/by/3.0/us/" in readme
    for said in ("content is adapted", "provided as is", "used to describe", "neither endorses"):
        assert said in readme


def test_links_between_documents_lead_somewhere():
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    broken = [
        (str(document.relative_to(ROOT)), link)
        for document in documents
        for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text())
        if "://" not in link and not (document.parent / link).exists()
    ]
    assert documents
    assert broken == []
