"""What holds for every page, read from its HTML."""

from html.parser import HTMLParser

DATA = {"application/json"}


class InlineFinder(HTMLParser):
    """Collects what the content security policy would refuse: scripts and styles written into the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not given.get("src") and given.get("type") not in DATA):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or (name.startswith("on") and name not in {"on"}):
                self.found.append(f"{tag} {name}={value}")
            if name in {"href", "src", "action"} and (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"{tag} {name}={value}")


def inline_parts(html: str) -> list[str]:
    finder = InlineFinder()
    finder.feed(html)
    return finder.found
