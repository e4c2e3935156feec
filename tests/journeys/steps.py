"""The steps of a project's journey as people take them in their browsers. Pages only: no action, no database."""

import re
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.journeys.browsing import Desk


def take(desk: Desk, project: str, step: str, lands_in: str) -> None:
    """The step forward, from the project's own page."""
    desk.open(project)
    desk.follow(step)
    desk.sees("Nothing is missing.")
    desk.press(step)
    desk.told(f"The project is now in {lands_in}.")


def confirm_outcomes(desk: Desk, project: str, stage: str) -> None:
    """Every outcome of the stage is confirmed with what shows it."""
    desk.open(f"{project}stages/{stage}/")
    codes = desk.within("#outcomes article").evaluate_all("rows => rows.map(row => row.id)")
    assert codes
    for code in codes:
        row = desk.within(f"#{code}")
        row.get_by_text("Answer", exact=True).first.click()
        desk.choose("Confirmed", row)
        row.get_by_label("What shows it").fill(f"Walked through with the customer: {code}.")
        desk.press("Record the answer", row)
        expect(desk.within(f"#{code} h3")).to_contain_text("Confirmed")


def add_version(
    desk: Desk, artifact: str, *, text: str = "", link: str = "", file: Path | None = None, note: str = ""
) -> None:
    """A version is added and submitted."""
    desk.open(artifact)
    add = desk.within("#add")
    if file:
        add.get_by_label("File").set_input_files(file)
    if link:
        add.get_by_label("or a link").fill(link)
    if text:
        add.get_by_label("or a text").fill(text)
    add.get_by_label("What changed").fill(note)
    desk.press("Add this version", add)
    desk.told("is added.")
    for part in desk.within("#parts input[type='checkbox']").all():
        part.check()
    if desk.within("#parts").count():
        desk.press("These parts are in it")
        desk.told("Recorded.")
    desk.page.get_by_role("button", name=re.compile("^Submit version")).click()
    desk.told("It waits for approval by somebody else.")


def approve(desk: Desk, artifact: str) -> None:
    """Somebody else approves the version that waits."""
    desk.open(artifact)
    desk.page.get_by_role("button", name=re.compile("^Approve version")).click()
    desk.told("Approved.")


def open_round(desk: Desk, project: str, kind: str, *, candidate: str = "", delta: bool = False) -> str:
    """A round is prepared, from the project's own page; returns the room's address."""
    desk.open(project)
    with desk.page.expect_navigation():
        desk.within(f"#reviews a[href$='/reviews/new/{kind}/']").click()
    if candidate:
        desk.within("main").get_by_label("Release candidate").select_option(candidate)
    if delta:
        desk.within("main").get_by_label("Delta review").check()
    desk.press("Prepare the round")
    desk.told("is being prepared.")
    return path_of(desk.page)


def name_candidate(desk: Desk, project: str, ref: str) -> None:
    """Today's build is named a release candidate, on the page of its register."""
    desk.open(f"{project}registers/candidates/")
    desk.fill("Candidate", ref)
    desk.fill("Built on", timezone.localdate().isoformat())
    desk.press("Record it")
    desk.told(f"{ref} is recorded.")


def begin_answer(desk: Desk, code: str, value: str, *, evidence: str = "", reason: str = "") -> None:
    """One question of the room that is open is opened in its place and answered; nothing is saved yet."""
    desk.within(f"#{code}").get_by_role("link", name=re.compile(rf"^(Answer( again)?|Assess) {code}$")).click()
    form = desk.within(f"#{code} form[data-keep]")
    desk.choose(value, form)
    field = form.get_by_label("Evidence")
    lines = field.input_value().splitlines()
    if lines and all(line.rstrip().endswith(":") for line in lines):  # the question says what is to be stated
        evidence = "\n".join(f"{line.rstrip()} {evidence}" for line in lines)
    field.fill(evidence)
    form.get_by_label("Reason").fill(reason)


def save_answer(desk: Desk, code: str) -> None:
    """Its button is pressed; the answer of the server is not waited for."""
    desk.within(f"#{code}").get_by_role("button", name="Save the answer").click()


def answered(desk: Desk, code: str, value: str) -> None:
    """The room that is open shows this answer."""
    expect(desk.within(f"#{code}:not(.is-editing) .item-pills").first).to_contain_text(value)


def answer(desk: Desk, code: str, value: str, *, evidence: str = "", reason: str = "") -> None:
    """One question of the room that is open, in place."""
    acknowledge(desk)
    begin_answer(desk, code, value, evidence=evidence, reason=reason)
    save_answer(desk, code)
    answered(desk, code, value)


def acknowledge(desk: Desk) -> None:
    """Says in the room that is open that its questions are known, where that is asked for."""
    known = desk.page.get_by_role("button", name="I know the questions")
    if known.count():
        with desk.page.expect_navigation():
            known.click()


def unanswered(desk: Desk) -> list[str]:
    """The questions of the room that is open which still block, in the page's order."""
    return desk.within("article.item").evaluate_all(
        "rows => rows.filter(row => /Not answered: blocks/.test(row.querySelector('.item-answer').textContent))"
        ".map(row => row.id)"
    )


def answer_all(desk: Desk, room: str) -> None:
    """Every question that blocks is answered the good way, with evidence."""
    desk.open(room)
    for code in unanswered(desk):
        answer(desk, code, "Clear" if code.startswith("N-") else "Confirmed", evidence=f"Looked at it: {code}.")


def open_sign_page(desk: Desk, project: str) -> None:
    """From the inbox, as everybody does who was asked."""
    desk.open("/")
    desk.page.locator(f"main a[href^='{project}'][href$='/sign/']").first.click()
    desk.page.wait_for_url("**/sign/")


def prove(desk: Desk, box: Locator, password: str) -> None:
    """The password, and the code of whoever has an authenticator app."""
    box.get_by_label("Your password").fill(password)
    if desk.code:
        box.get_by_label("Code of your authenticator app").fill(desk.code())


def sign(desk: Desk, position: str, password: str, *, comment: str = "") -> None:
    """Fills the box at the end of the sign page that is open and presses its button."""
    box = desk.within("form.sign-box")
    box.get_by_role("radio", name=re.compile(rf"^{re.escape(position)}(?!,)")).first.check()
    if comment:
        box.get_by_role("textbox", name="Comment").fill(comment)
    prove(desk, box, password)
    with desk.page.expect_navigation():
        box.get_by_role("button", name=re.compile("^Sign as")).click()


def sign_statement(desk: Desk, project: str, topic: str, side: str, password: str) -> None:
    """A statement is read and signed, from the project's list of them."""
    desk.open(f"{project}statements/")
    with desk.page.expect_navigation():
        desk.within(f"#{topic} a[href$='/{topic}/{side}/']").click()
    box = desk.within("#signature")
    box.get_by_label("Your password").fill(password)
    with desk.page.expect_navigation():
        box.get_by_role("button", name="Sign", exact=True).click()
    desk.told("You have signed")


def request_sign_offs(desk: Desk, room: str) -> None:
    desk.open(room)
    desk.follow("Request the sign-offs")
    desk.press("Request the sign-offs")


def fill_decision(desk: Desk, decision: str, password: str, *, reason: str = "") -> None:
    """The box at the end of the decide page that is open."""
    box = desk.within("form.sign-box")
    box.get_by_role("radio", name=re.compile(rf"^{decision} ")).check()
    if reason:
        box.get_by_label("Reason").fill(reason)
    risks = box.get_by_label("The risks that remain are dealt with or acceptable.")
    if decision == "Go" and risks.count():
        risks.check()
    prove(desk, box, password)
    with desk.page.expect_navigation():
        box.get_by_role("button", name=re.compile("^Decide as")).click()


def decide(desk: Desk, room: str, decision: str, password: str, *, reason: str = "") -> None:
    """The chair decides, from the room."""
    desk.open(room)
    desk.follow("Go or no-go")
    fill_decision(desk, decision, password, reason=reason)


def waiting_for(desk: Desk, room: str) -> list[str]:
    """Whose signatures the room is waiting for."""
    desk.open(room)
    return sorted(desk.within("#people .signer:has-text('Waiting'), #people .signer:has-text('Must sign again')")
                  .locator(".signer-name").all_inner_texts())  # fmt: skip


def missing(desk: Desk) -> list[tuple[str, str]]:
    """The list of what is missing on the page that is open: each entry with the address of its link, "" without."""
    return [
        (entry["text"].strip(), entry["href"] or "")
        for entry in desk.within("#readiness li.blocker, #readiness ul.folded li").evaluate_all(
            "rows => rows.filter(row => !row.querySelector('details')).map(row => ({text: row.innerText || "
            "row.textContent, href: row.querySelector('a') && row.querySelector('a').getAttribute('href')}))"
        )
    ]


MENDED_BY = [
    (r"/artifacts/[^/]+/#parts$", "#parts button:has-text('These parts are in it')"),
    (r"/statements/#", "{anchor}"),
    (r"/artifacts/[^/]+/$", "#add button:has-text('Add this version')"),
    (r"/stages/[^/]+/#", "{anchor} summary:has-text('Answer')"),
    (r"/edit/#", "{anchor}"),
    (r"/requirements/$", "button:has-text('Record')"),
    (r"/registers/[^/]+/$", "button:has-text('Record it')"),
    (r"/roles/$", "a:has-text('Fill the roles')"),
    (r"/registers/", "#add button:has-text('Record it')"),
    (r"/reviews/new/[^/]+/$", "button:has-text('Prepare the round')"),
    (r"/participants/$", "button:has-text('Name the person')"),
    (r"/sign/$", "form.sign-box button:has-text('Sign as')"),
    (r"/decide/$", "form.sign-box button:has-text('Decide as')"),
    (r"/reviews/[^/]+/#facts$", "#facts a:has-text('Change')"),
    (r"/reviews/[^/]+/#", "{anchor} :is(.item-actions a:has-text('Answer'), button:has-text('Pin version'))"),
    (r"/reviews/[^/]+/$", "#readiness .panel-foot :is(a, button)"),  # the round's own next step
]


def follow_every_entry(desk: Desk, page: str, *, instead: dict[str, Desk] | None = None) -> list[str]:
    """Each entry of the list leads to a page that answers 200 and has what mends it. Returns the entries' words.

    Args:
        instead: for addresses that end like this, who is to follow the link: a signature is given by its signer.
    """
    desk.open(page)
    entries = missing(desk)
    seen: set[str] = set()
    for text, href in entries:
        assert href, f"no link where it is mended: {text}"
        if href in seen:
            continue
        seen.add(href)
        path, anchor = urldefrag(href)
        follower = next((other for end, other in (instead or {}).items() if path.endswith(end)), desk)
        if urlsplit(follower.page.url).path != path:
            _click(follower, page, href)
        assert follower.status == 200, f"{href}: {follower.status}"
        fix = next(fix for pattern, fix in MENDED_BY if re.search(pattern, href)).replace("{anchor}", f"#{anchor}")
        expect(follower.page.locator(fix).first, f"{text} cannot be mended at {href}").to_be_visible()
    return [text for text, _href in entries]


def _click(desk: Desk, page: str, href: str) -> None:
    desk.open(page)
    for folded in desk.within("#readiness details:not([open]) > summary").all():
        folded.click()
    with desk.page.expect_navigation():
        desk.within(f"#readiness a[href='{href}']").first.click()


def path_of(page: Page) -> str:
    return urlsplit(page.url).path
