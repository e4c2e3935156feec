"""Statements are signed for every side by whoever holds a role for it; roles that nobody holds are filled first."""

from projects.actions import candidates, roles, statements
from projects.catalog.statements import STATEMENTS
from projects.checks.statements import Board
from projects.credentials import Proof

STANDS_IN = {"R-REL": "support", "R-UX": "product", "R-TM": "support", "P-CUST": "user"}


def sign_gate(gate):
    def sign(project, people, now):
        if gate == "release" and not project.releasecandidates.exists():
            built_on = now.date()
            candidates.add(project_id=project.pk, by=people.developer, ref="RC-1", built_on=built_on, now=now)
        wanted = [topic for topic in STATEMENTS.values() if topic.gate == gate and Board(project).wanted(topic)]
        for topic in wanted:
            for each in Board(project, [topic]).standings[0].sides:
                sign_side(project, people, topic, each.side, now)

    return sign


def sign_side(project, people, topic, side, now):
    asked = Board(project).signing(topic.code, side.code)
    if asked.signed:
        return asked.signed
    if not asked.holders:
        role = side.roles[0]
        person = getattr(people, STANDS_IN[role])
        roles.assign(project_id=project.pk, by=people.manager, role=role, person=person, now=now)
        asked = Board(project).signing(topic.code, side.code)
    taken = set(project.statements.filter(topic=topic.code).values_list("created_by", flat=True))
    by = next(person for person in asked.holders if person.pk not in taken)
    return statements.sign(
        project_id=project.pk,
        by=by,
        topic=topic.code,
        side=side.code,
        digest=asked.digest,
        proof=Proof(user_id=by.pk, method="password", bound_to=asked.digest, proved_at=now),
        now=now,
    )


SUPPLIES = {gate: sign_gate(gate) for gate in ("vision", "plan", "scope", "release", "close")}
