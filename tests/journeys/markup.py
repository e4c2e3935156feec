"""A page as its reader finds it: links, and forms with fields that stand under labels. Read from the HTML alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from html.parser import HTMLParser

LINK = re.compile(r'<a\s[^>]*?href="([^"]+)"')
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSENT = {"submit", "button", "reset", "image", "file"}


@dataclass(eq=False)
class Node:
    """An element, or with tag "" a piece of text."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)
    words: str = ""

    def walk(self) -> Iterator["Node"]:
        for child in self.children:
            yield child
            yield from child.walk()

    def all(self, *tags: str) -> list["Node"]:
        return [node for node in self.walk() if node.tag in tags]

    def first(self, *tags: str) -> "Node | None":
        return next((node for node in self.walk() if node.tag in tags), None)

    def above(self) -> Iterator["Node"]:
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    @property
    def text(self) -> str:
        """Its words, without those of options and scripts."""
        pieces = [node.words for node in [self, *self.walk()] if not node.tag]
        return " ".join("".join(pieces).split())

    def __getitem__(self, name: str) -> str:
        return self.attrs.get(name, "")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Node("page")

    def handle_starttag(self, tag, attrs):
        node = Node(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(node)
        if tag not in VOID:
            self.here = node

    def handle_endtag(self, tag):
        node = self.here
        while node.parent is not None and node.tag != tag:
            node = node.parent
        if node.parent is not None:
            self.here = node.parent

    def handle_data(self, data):
        self.here.children.append(Node("", parent=self.here, words=data))


class Form:
    """A form with what it would send as it stands, and its fields by the words that stand at them."""

    def __init__(self, node: Node, page: "Page") -> None:
        self.node = node
        self.action = node["action"]
        self.controls = [each for each in node.all("input", "select", "textarea") if each["name"]]
        self.labels = {label["for"]: label for label in page.root.all("label") if label["for"]}

    @property
    def buttons(self) -> list[Node]:
        return [each for each in self.node.all("button") if each["type"] in ("submit", "")]

    def caption(self, control: Node) -> str:
        """The words at a field; of radio buttons and checkboxes that belong together, those over all of them."""
        if control["type"] not in ("radio", "checkbox"):
            return self.words(control)
        whole = next((up for up in control.above() if up["id"] == f"div_id_{control['name']}"), None)
        if whole is None and control["type"] == "radio":
            whole = next((up for up in control.above() if up.tag == "fieldset"), None)
        words = whole and whole.first("legend", "label")
        return _bare(words.text) if words else self.words(control)

    def words(self, control: Node) -> str:
        label = self.labels.get(control["id"]) or next((up for up in control.above() if up.tag == "label"), None)
        return _bare((label.first("strong") or label).text) if label else control["aria-label"] or control["name"]

    def as_it_stands(self) -> dict[str, list[str]]:
        """What a browser would send if nothing were typed."""
        sent: dict[str, list[str]] = {}
        for control in self.controls:
            for value in self._standing(control):
                sent.setdefault(control["name"], []).append(value)
        return sent

    def _standing(self, control: Node) -> list[str]:
        if control.tag == "textarea":
            return ["".join(node.words for node in control.walk()).removeprefix("\n")]
        if control.tag == "select":
            options = control.all("option")
            chosen = [each for each in options if "selected" in each.attrs] or options[:1]
            return [each["value"] for each in chosen]
        if control["type"] in ("radio", "checkbox"):
            return [control["value"] or "on"] if "checked" in control.attrs else []
        return [] if control["type"] in UNSENT or "disabled" in control.attrs else [control["value"]]

    def fill(self, typed: dict[str, object]) -> dict[str, list[object]]:
        """What is sent when these values are typed, each under the words of its field.

        Fields and choices are named by their words or the beginning of them; several choices as a list.

        Raises: LookupError.
        """
        sent: dict[str, list[object]] = dict(self.as_it_stands())
        for caption, value in typed.items():
            fields = self.at(caption)
            if isinstance(value, bool):
                ticked = [each for each in sent.get(fields[0]["name"], []) if each != (fields[0]["value"] or "on")]
                sent[fields[0]["name"]] = [*ticked, fields[0]["value"] or "on"] if value else ticked
            else:
                sent[fields[0]["name"]] = self._given(fields, value)
        return sent

    def at(self, caption: str) -> list[Node]:
        """The field with these words, or the one whose words begin with them. Raises: LookupError."""
        shown = [(self.caption(each), each) for each in self.controls if each["type"] != "hidden"]
        found = [each for words, each in shown if words == caption]
        found = found or [each for words, each in shown if words.startswith(caption)]
        if len({each["name"] for each in found}) != 1:
            raise LookupError(f"{len(found)} fields {caption!r}; there are {sorted({words for words, _each in shown})}")
        return found

    def _given(self, fields: list[Node], value: object) -> list[object]:
        one = fields[0]
        if one.tag == "select":
            return [_chosen([(each.text, each["value"]) for each in one.all("option")], value)]
        if one["type"] in ("radio", "checkbox"):
            offered = [(self.words(each), each["value"]) for each in fields]
            return [_chosen(offered, each) for each in (value if isinstance(value, list) else [value])]
        return [value]


def _chosen(offered: list[tuple[str, str]], words: object) -> str:
    """Raises: LookupError when nothing, or more than one thing, on offer begins with these words."""
    begin = [value for label, value in offered if label.startswith(str(words))]
    exact = [value for label, value in offered if label == str(words)]
    found = exact or begin
    if len(found) != 1:
        raise LookupError(f"{words!r} is not one of {[label for label, _value in offered]}")
    return found[0]


def _bare(words: str) -> str:
    return words.rstrip("* ").strip()


class Page:
    """One page; most are left again without a closer look. Args: path: where it was found."""

    def __init__(self, html: str, path: str) -> None:
        self.html, self.path = html, path

    @cached_property
    def root(self) -> Node:
        reader = _Reader()
        reader.feed(self.html)
        return reader.root

    @property
    def addresses(self) -> set[str]:
        """Where its links lead."""
        return {unescape(address) for address in LINK.findall(self.html)}

    def has(self, part: str) -> bool:
        return f'id="{part}"' in self.html

    def part(self, part: str) -> Node:
        """The element with this id; the whole page for "". Raises: LookupError."""
        if not part:
            return self.root
        found = next((node for node in self.root.walk() if node["id"] == part), None)
        if found is None:
            raise LookupError(f"{self.path} has no part {part!r}")
        return found

    def links(self, part: str = "") -> list[tuple[str, str]]:
        """Words and address of each link."""
        return [(node.text, node["href"]) for node in self.part(part).all("a") if node["href"]]

    def form(self, button: str, part: str = "") -> tuple[Form, Node]:
        """The one form with a button that begins with these words, and the button. Raises: LookupError."""
        within = self.part(part)
        forms = [Form(node, self) for node in (within, *within.walk(), *within.above()) if node.tag == "form"]
        pressed = [(form, each) for form in forms for each in form.buttons if each.text.startswith(button)]
        if len(pressed) != 1:
            seen = [each.text for form in forms for each in form.buttons]
            raise LookupError(f"{len(pressed)} buttons {button!r} on {self.path}; there are {seen}")
        return pressed[0]
