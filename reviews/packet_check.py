"""Whether packets are still what people signed, and whether what they covered still says the same (AUD-03)."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from projects.ledger import digest
from projects.ledger_replay import Finding
from reviews import packets, signing
from reviews.models import Minutes, Packet, Review, ReviewState, SignOff

BATCH = 50  # rounds loaded at once
COVERED = ("items", "conditions", "findings", "participants")
PASSING = ("newest_version", "newest_digest", "settled")  # of a pin or a finding: true on the day of the packet


def packets_hold(project_id: int | None) -> Iterator[Finding]:
    """Each packet's bytes have its digest; a decided round's questions, answers and people are those decided on."""
    kept = Packet.objects.order_by("pk")
    reviews = Review.objects.filter(state=ReviewState.DECIDED).order_by("pk")
    signed = SignOff.objects.order_by("pk")
    if project_id is not None:
        kept = kept.filter(review__project=project_id)
        reviews = reviews.filter(project=project_id)
        signed = signed.filter(participant__review__project=project_id)
    for packet in kept.prefetch_related("sign_offs__participant").iterator(chunk_size=200):
        yield from _parts_hold(packet)
    minutes = Minutes.objects.order_by("pk")
    if project_id is not None:
        minutes = minutes.filter(review__project=project_id)
    for frozen in minutes.iterator(chunk_size=200):
        if digest(frozen.body) != frozen.digest:
            yield _finding("digest", f"reviews.minutes/{frozen.pk}", "body", _("The bytes of minutes were changed."))
    told = "pk", "participant", "participant__review", "packet__review", "participant__user", "user"
    lent = "delegation__participant", "delegation__delegate"
    for pk, place, review, of_packet, owner, user, lent_by, lent_to in signed.values_list(*told, *lent).iterator():
        if review != of_packet or (user != owner and (lent_by, lent_to) != (place, user)):
            text = _("A signature stands under the packet of another review, or in another person's place.")
            yield _finding("packet", f"reviews.signoff/{pk}", "packet", text)
    keys = list(reviews.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        for review in signing.loaded(Review.objects.filter(pk__in=keys[start : start + BATCH]).order_by("pk")):
            yield from _decided_on(review)


def _parts_hold(packet: Packet) -> Iterator[Finding]:
    """The bytes have their digest, and each group's part of them the digest that was kept and signed."""
    if digest(packet.body) != packet.digest:
        yield _finding("digest", f"reviews.packet/{packet.pk}", "body", _("The bytes of a packet were changed."))
        return
    if any(digest(packets.part(packet.body, group)) != told for group, told in packet.parts.items()):
        text = _("The digest of a part of a packet is not that of its lines.")
        yield _finding("digest", f"reviews.packet/{packet.pk}", "parts", text)
    for sign in packet.sign_offs.all():
        if digest(packets.part(packet.body, sign.participant.group)) != sign.part_digest:
            text = _("A signature names another digest than that of what concerned its signer.")
            yield _finding("digest", f"reviews.signoff/{sign.pk}", "part_digest", text)


def _decided_on(review: Review) -> Iterator[Finding]:
    name = f"reviews.review/{review.pk}"
    packet = Packet.objects.filter(review=review, digest=review.decision_digest).first()
    if packet is None:
        yield _finding("packet", name, "decision_digest", _("The packet that was decided on is not there."))
        return
    try:
        then = _lasting(packets.read(packet.body))
    except ValueError:
        return  # told of above: its bytes do not have its digest
    if review.is_go:
        yield from _everybody_signed(review, packet)
    now = _lasting(signing.build(review))
    for where in [*then, *(where for where in now if where not in then)]:
        before, after = then.get(where), now.get(where)
        if before != after:
            told = {"where": where, "object": name, "before": before or _("nothing"), "after": after or _("nothing")}
            text = _("%(where)s of %(object)s was decided on as %(before)s, and is now %(after)s.") % told
            yield _finding("packet", name, where, text)


def _everybody_signed(review: Review, packet: Packet) -> Iterator[Finding]:
    """Each line of what a go was decided on is covered by a signature of everybody whom it concerns."""
    content = signing.Content(packet.digest, packet.parts)
    for person in review.participants.all():
        if person.signs and signing.signature_of(person, content) is None:
            text = _("%(person)s signs, and has not signed what was decided on.") % {"person": person.user}
            yield _finding("packet", f"reviews.review/{review.pk}", "decision_digest", text)
    for number, line in enumerate(packets.lines(packet.body), start=1):
        if packets.ALL not in line.groups and not packet.parts.keys() & set(line.groups):
            text = _("Line %(number)d of what was decided on concerns nobody who signed.") % {"number": number}
            yield _finding("packet", f"reviews.packet/{packet.pk}", "body", text)


def _lasting(body: dict[str, Any]) -> dict[str, str]:
    """What of a packet stays true for ever, value by value: ``items/I1/answer/value`` is ``confirmed``.

    Not people's present names, nor whether newer versions have come.
    """
    return dict(leaf for part in COVERED for leaf in _leaves(body.get(part, []), part))


def _leaves(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _leaves(item, f"{where}/{_key(item, number)}")
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in PASSING and not (key == "name" and "id" in value):
                yield from _leaves(item, f"{where}/{key}")
    else:
        yield where, "" if value is None else str(value)


def _key(item: Any, number: int) -> str:
    """How a row of a list is called: by its code, number or person, whatever its place."""
    if isinstance(item, dict):
        if "artifact" in item:
            return f"{item['artifact']} {item['version']}"
        return str(item.get("code") or item.get("number") or item.get("person", {}).get("id") or number)
    return str(number)


def _finding(kind: str, name: str, column: str, text: str) -> Finding:
    return Finding(kind, text, object=name, field=column)
