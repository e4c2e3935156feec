"""What the database refuses about reviews, answers and signatures, whoever asks (SEED-09, SEED-79, AUD-04, AUD-08).

Values are written out: a rule of the database changes only by changing it here.
"""

from typing import Literal

from projects.guard_rules import takes_nothing_more
from projects.guards import Guard, changed, never_deleted, only_added
from reviews import policy_guards

# The edges of `Review`'s state machine; a test compares them with the transitions.
REVIEW_EDGES = [
    "preparing>convened",
    "convened>signing",
    "convened>decided",
    "signing>decided",
    "preparing>withdrawn",
    "convened>withdrawn",
    "signing>withdrawn",
]
_edges = ", ".join(f"'{edge}'" for edge in REVIEW_EDGES)

_GO = "NEW.state = 'decided' AND OLD.state <> 'decided' AND NEW.decision IN ('go', 'go_conditions')"
# A signature counts when what was decided on says the same to its group as what was signed.
_SIGNED_BY_HIM = (
    "EXISTS (SELECT 1 FROM reviews_signoff s, reviews_packet k"
    " WHERE s.participant_id = p.id AND k.review_id = NEW.id AND k.digest = NEW.decision_digest"
    ' AND s.part_digest = PART_SHA256(k.body, p."group"))'
)
_WHO_SIGNS = "FROM reviews_participant p WHERE p.review_id = NEW.id AND p.signs AND p.removed_at IS NULL"


REVIEW = [
    Guard(
        "reviews_review",
        "INSERT",
        "begins",
        [
            ("NEW.state <> 'preparing'", "A review begins by being prepared: it is decided in the open."),
            (
                "NEW.policy_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reviews_policyversion v"
                " WHERE v.id = NEW.policy_id AND v.approved_at IS NOT NULL"
                " AND v.kind = NEW.kind AND v.category = NEW.category)",
                "A round is opened under approved rules of its own kind and change category.",
            ),
        ],
    ),
    Guard(
        "reviews_review",
        "UPDATE",
        "moves",
        [
            (
                changed("id", "project_id", "kind", "round", "created_at", "created_by_id"),
                "A review stays what it is: its project, kind and round never change.",
            ),
            (
                f"{changed('policy_id')} OR (OLD.policy_id IS NOT NULL AND {changed('category')})",
                "A round keeps the rules that it was opened under.",
            ),
            (
                "OLD.state IN ('decided', 'withdrawn') AND "
                + changed(
                    "state",
                    "decision",
                    "decision_reason",
                    "risks_acceptable",
                    "decision_digest",
                    "decision_method",
                    "decided_at",
                    "decided_by_id",
                    "next_review_on",
                    "chair_id",
                    "mode",
                    "category",
                    "candidate",
                    "place",
                    "agenda",
                    "signer_roles",
                    "delta",
                    "catalog_version",
                ),
                "A round that has ended is never changed: the next round decides anew.",
            ),
            (
                f"NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN ({_edges})",
                "A review moves step by step: prepared, convened, signed, decided.",
            ),
            (
                "NEW.state = 'decided' AND OLD.state <> 'decided' AND EXISTS (SELECT 1 FROM reviews_declaration c"
                " WHERE c.text <> '' AND c.review_id = NEW.id AND c.user_id = NEW.decided_by_id)",
                "Who has declared a conflict of interest does not decide.",
            ),
            (
                f"{_GO} AND NEW.kind = 'rr' AND NOT NEW.risks_acceptable",
                "A release goes ahead only with the statement that its remaining risks are dealt with or acceptable.",
            ),
            (
                f"{_GO} AND (NOT EXISTS (SELECT 1 {_WHO_SIGNS})"
                f" OR EXISTS (SELECT 1 {_WHO_SIGNS} AND NOT {_SIGNED_BY_HIM}))",
                "A go needs the signature of everyone who must sign, under the very content that is decided on.",
            ),
        ],
    ),
    never_deleted("reviews_review", "A review"),
]

SIGN_OFF = [
    Guard(
        "reviews_signoff",
        "INSERT",
        "own",
        [
            (
                "NOT EXISTS (SELECT 1 FROM reviews_participant p JOIN reviews_packet k ON k.review_id = p.review_id"
                " WHERE p.id = NEW.participant_id AND p.removed_at IS NULL AND k.id = NEW.packet_id)"
                " OR (NEW.delegation_id IS NULL AND NOT EXISTS (SELECT 1 FROM reviews_participant p"
                " WHERE p.id = NEW.participant_id AND p.user_id = NEW.user_id))",
                "A sign-off is given by the participant in person, under a packet of the same review.",
            ),
            (
                "NEW.delegation_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reviews_delegation d"
                " WHERE d.id = NEW.delegation_id AND d.participant_id = NEW.participant_id"
                " AND d.delegate_id = NEW.user_id AND d.revoked_at IS NULL"
                " AND d.starts_at <= NEW.signed_at AND d.ends_at > NEW.signed_at)",
                "A sign-off is given for another by a delegation that holds when it is given.",
            ),
            (
                "EXISTS (SELECT 1 FROM reviews_packet k JOIN reviews_declaration c ON c.review_id = k.review_id"
                " WHERE k.id = NEW.packet_id AND c.text <> '' AND c.user_id = NEW.user_id)",
                "Who has declared a conflict of interest does not sign.",
            ),
            (
                "EXISTS (SELECT 1 FROM reviews_packet k JOIN reviews_review r ON r.id = k.review_id"
                " WHERE k.id = NEW.packet_id AND r.state IN ('decided', 'withdrawn'))",
                "A round that has ended takes no more signatures.",
            ),
            (
                "NOT EXISTS (SELECT 1 FROM reviews_participant p, reviews_packet k WHERE p.id = NEW.participant_id"
                ' AND k.id = NEW.packet_id AND NEW.part_digest = PART_SHA256(k.body, p."group"))',
                "A sign-off names the digest of what of the packet concerns the signer's group.",
            ),
        ],
    ),
    *only_added("reviews_signoff", "A sign-off"),
    Guard(
        "reviews_packet",
        "INSERT",
        "digest",
        [
            ("NEW.digest <> SHA256_HEX(NEW.body)", "The digest of a packet is the SHA-256 of its bytes."),
            (
                "EXISTS (SELECT 1 FROM JSON_PAIRS(NEW.parts) e WHERE e.value <> PART_SHA256(NEW.body, e.key))",
                "The digest of a part of a packet is the SHA-256 of its lines.",
            ),
        ],
    ),
    *only_added("reviews_packet", "A packet"),
]

_LENT_MEANWHILE = (
    "EXISTS (SELECT 1 FROM reviews_delegation d WHERE d.participant_id = NEW.participant_id"
    " AND d.revoked_at IS NULL AND d.starts_at < NEW.ends_at AND d.ends_at > NEW.starts_at)"
)

_NAMING: list[tuple[Literal["INSERT", "UPDATE"], str]] = [("INSERT", "recused_named"), ("UPDATE", "recused")]

RECUSAL = [
    *only_added("reviews_declaration", "A declaration of interests"),
    Guard(
        "reviews_declaration",
        "INSERT",
        "stands",
        [
            (
                "NEW.text = '' AND EXISTS (SELECT 1 FROM reviews_declaration c"
                " WHERE c.text <> '' AND c.review_id = NEW.review_id AND c.user_id = NEW.user_id)",
                "A conflict of interest that was declared stands for the round.",
            ),
            (
                "EXISTS (SELECT 1 FROM reviews_review r WHERE r.id = NEW.review_id"
                " AND r.state IN ('decided', 'withdrawn'))",
                "A round that has ended stays as it was.",
            ),
        ],
    ),
    *(
        Guard(
            "reviews_participant",
            event,
            what,
            [
                (
                    "NEW.signs AND EXISTS (SELECT 1 FROM reviews_declaration c"
                    " WHERE c.text <> '' AND c.review_id = NEW.review_id AND c.user_id = NEW.user_id)",
                    "Who is recused is not asked to sign.",
                )
            ],
        )
        for event, what in _NAMING
    ),
    Guard(
        "reviews_itemanswer",
        "INSERT",
        "recused",
        [
            (
                "EXISTS (SELECT 1 FROM reviews_reviewitem i JOIN reviews_declaration c ON c.review_id = i.review_id"
                " WHERE i.id = NEW.item_id AND c.text <> '' AND c.user_id = NEW.assessor_id)",
                "Who has declared a conflict of interest answers nothing.",
            )
        ],
    ),
]

_POLLED = (
    "EXISTS (SELECT 1 FROM reviews_poll p WHERE p.id = NEW.poll_id AND p.closed_at IS NOT NULL)",
    "A readiness poll that is closed takes no more answers.",
)

POLL = [
    Guard(
        "reviews_poll",
        "UPDATE",
        "closed",
        [
            (
                "OLD.closed_at IS NOT NULL OR " + changed("id", "review_id", "opened_at", "opened_by_id"),
                "A readiness poll is closed once and stays as it was.",
            )
        ],
    ),
    never_deleted("reviews_poll", "A readiness poll"),
    Guard("reviews_pollanswer", "INSERT", "open", [_POLLED]),
    Guard(
        "reviews_pollanswer",
        "UPDATE",
        "in_time",
        [_POLLED, (changed("id", "poll_id", "user_id"), "An answer stays its person's.")],
    ),
    never_deleted("reviews_pollanswer", "An answer to a readiness poll"),
]

DELEGATION = [
    Guard(
        "reviews_delegation",
        "INSERT",
        "lent",
        [
            (
                "EXISTS (SELECT 1 FROM reviews_participant p JOIN reviews_review r ON r.id = p.review_id"
                " WHERE p.id = NEW.participant_id AND (p.user_id = NEW.delegate_id OR r.chair_id = NEW.delegate_id))",
                "Nobody signs for himself by delegation, and the chair for nobody else.",
            ),
            (
                "EXISTS (SELECT 1 FROM reviews_participant p JOIN reviews_review r ON r.id = p.review_id"
                " WHERE p.id = NEW.participant_id AND r.state IN ('decided', 'withdrawn'))",
                "A round that has ended stays as it was.",
            ),
            (_LENT_MEANWHILE, "A signature is lent to one person at a time."),
            ("NEW.revoked_at IS NOT NULL", "A delegation begins in force."),
        ],
    ),
    Guard(
        "reviews_delegation",
        "UPDATE",
        "as_lent",
        [
            (
                changed("id", "participant_id", "delegate_id", "starts_at", "ends_at", "reason", "granted_at"),
                "A delegation stays as it was given: revoke it and give another one.",
            ),
            ("OLD.revoked_at IS NOT NULL", "A delegation is revoked once."),
        ],
    ),
    never_deleted("reviews_delegation", "A delegation"),
]


_NEWEST_GO = (
    "r.decision IN ('go', 'go_conditions') AND NOT EXISTS (SELECT 1 FROM reviews_review n"
    " WHERE n.project_id = r.project_id AND n.kind = r.kind AND n.round > r.round"
    " AND n.decision IN ('go', 'go_conditions'))"
)
_LAST_STAGE = "(SELECT s.stage FROM projects_stagerun s WHERE s.project_id = NEW.project_id ORDER BY s.id DESC LIMIT 1)"


def _owed(project: str, kind: str, more: str = "") -> str:
    """SQL: a condition of the newest go of this kind of review is open.

    Args:
        project: SQL of the project's id.
        more: what must be true of the condition ``c`` besides.
    """
    return (
        "EXISTS (SELECT 1 FROM reviews_condition c JOIN reviews_review r ON r.id = c.review_id"
        f" WHERE r.project_id = {project} AND r.kind = '{kind}' AND c.closed_at IS NULL AND c.taken_back_at IS NULL"
        f" AND {_NEWEST_GO} {more})"
    )


def _lapsed(kind: str) -> str:
    """SQL: a condition of the newest go is overdue on the day on which this passage begins (EXT-06)."""
    return _owed("NEW.project_id", kind, "AND COALESCE(c.moved_to, c.due_on) < DATE(NEW.started_at)")


CONDITION = [
    # On tables of the lower app: they read reviews, so they stand here. A database has no clock that tests and imports
    # could set, so what depends on the day is held by the day that the passage begins.
    Guard(
        "projects_project",
        "UPDATE",
        "conditions",
        [
            (
                f"NEW.stage <> OLD.stage AND NEW.stage = 'deploy' AND {_owed('NEW.id', 'ppa')}",
                "Deploy waits for the conditions that the go of the plan was tied to.",
            ),
            (
                f"NEW.stage <> OLD.stage AND NEW.stage = 'closed' AND {_owed('NEW.id', 'rr')}",
                "A project is closed once the conditions are met that the go of its release was tied to.",
            ),
        ],
    ),
    Guard(
        "projects_stagerun",
        "INSERT",
        "conditions",
        [
            (
                f"NEW.stage = 'build' AND {_LAST_STAGE} = 'planning' AND {_lapsed('ppa')}",
                "The go of the plan is on hold: a condition is overdue.",
            ),
            (
                f"NEW.stage = 'deploy' AND {_lapsed('rr')}",
                "The go of the release is on hold: a condition is overdue.",
            ),
        ],
    ),
    Guard(
        "reviews_condition",
        "UPDATE",
        "settled",
        [
            (
                changed(
                    "id",
                    "review_id",
                    "number",
                    "text",
                    "consequence",
                    "owner_id",
                    "due_on",
                    "created_at",
                    "created_by_id",
                ),
                "A condition stays as it was signed: another round sets another one.",
            ),
            ("OLD.closed_at IS NOT NULL", "A condition that is closed stays so."),
            ("OLD.taken_back_at IS NOT NULL", "A condition that was taken back stays so."),
            (
                "NEW.taken_back_at IS NOT NULL AND EXISTS (SELECT 1 FROM reviews_review r WHERE r.id = NEW.review_id"
                " AND r.state NOT IN ('preparing', 'convened', 'signing'))",
                "A condition is taken back while its round is open.",
            ),
            ("NEW.closed_by_id = NEW.owner_id", "A condition is closed by somebody else than its owner."),
            (
                "NEW.moved_to IS DISTINCT FROM OLD.moved_to AND NOT EXISTS (SELECT 1 FROM reviews_conditionmove m"
                " WHERE m.condition_id = NEW.id AND m.from_on = COALESCE(OLD.moved_to, OLD.due_on)"
                " AND m.to_on = NEW.moved_to)",
                "The day of a condition is moved by a move on record.",
            ),
        ],
    ),
    Guard(
        "reviews_condition",
        "INSERT",
        "starts",
        [
            ("NEW.moved_to IS NOT NULL", "A condition begins with the day that is signed."),
            ("NEW.taken_back_at IS NOT NULL", "A condition stands before it is taken back."),
        ],
    ),
    Guard(
        "reviews_conditionmove",
        "INSERT",
        "binds",
        [
            (
                "NOT EXISTS (SELECT 1 FROM reviews_condition c JOIN reviews_review r ON r.id = c.review_id"
                " WHERE c.id = NEW.condition_id AND c.closed_at IS NULL AND c.taken_back_at IS NULL"
                " AND COALESCE(c.moved_to, c.due_on) = NEW.from_on AND r.decision IN ('go', 'go_conditions'))",
                "The day is moved of an open condition of a go, from the day that binds.",
            ),
            (
                "EXISTS (SELECT 1 FROM reviews_condition c WHERE c.id = NEW.condition_id AND c.owner_id = NEW.by_id)",
                "The day of a condition is moved by somebody else than its owner.",
            ),
        ],
    ),
    *only_added("reviews_conditionmove", "A move of a condition's day"),
]

GATE_PASS = [
    # On a table of the lower app: it reads reviews, so it stands here.
    Guard(
        "projects_gatepass",
        "INSERT",
        "earned",
        [
            (
                "NOT EXISTS (SELECT 1 FROM reviews_review r WHERE r.project_id = NEW.project_id"
                " AND r.state = 'decided' AND r.decision IN ('go', 'go_conditions')"
                " AND r.kind = CASE NEW.gate WHEN 'plan' THEN 'ppa' WHEN 'release' THEN 'rr' END"
                " AND upper(r.kind) || '-' || r.round = NEW.review_ref AND r.decision_digest = NEW.packet_digest)",
                "A gate opens by the go of a decided review alone, and for the packet that was decided on.",
            ),
            ("NEW.revoked_at IS NOT NULL", "A gate pass begins in force."),
            (
                f"NEW.gate = 'release' AND {_owed('NEW.project_id', 'ppa')}",
                "A release is found ready once the conditions are met that the go of the plan was tied to.",
            ),
        ],
    ),
]

FINDING = [
    Guard(
        "reviews_finding",
        "UPDATE",
        "settled",
        [
            (
                changed(
                    "id",
                    "review_id",
                    "number",
                    "item_id",
                    "version_id",
                    "location",
                    "category",
                    "text",
                    "requested_change",
                    "owner_id",
                    "due_on",
                    "raised_by_id",
                    "raised_at",
                ),
                "A finding says for ever what was found: raise another one.",
            ),
            (
                "OLD.disposition <> 'open' OR OLD.merged_into_id IS NOT NULL",
                "A finding that is settled or merged stays so.",
            ),
        ],
    ),
]

MEETING = [
    *(
        Guard(
            table,
            "INSERT",
            "in_time",
            [
                (
                    "EXISTS (SELECT 1 FROM reviews_review r WHERE r.id = NEW.review_id"
                    " AND r.state IN ('decided', 'withdrawn'))",
                    "A round that has ended stays as it was.",
                )
            ],
        )
        for table in ("reviews_attendance", "reviews_deliveryconfidence")
    ),
    *only_added("reviews_attendance", "An attendance"),
    *only_added("reviews_meetingcall", "A call to a meeting"),
    *only_added("reviews_deliveryconfidence", "A judgement of the delivery"),
    Guard(
        "reviews_minutes",
        "INSERT",
        "digest",
        [("NEW.digest <> SHA256_HEX(NEW.body)", "The digest of minutes is the SHA-256 of their bytes.")],
    ),
    *only_added("reviews_minutes", "The minutes of a round"),
]

STAYS = [
    never_deleted("reviews_participant", "A participant"),
    never_deleted("reviews_pinnedinput", "A pinned version"),
    never_deleted("reviews_waiver", "A waiver"),
    never_deleted("reviews_condition", "A condition"),
    never_deleted("reviews_finding", "A finding"),
    never_deleted("reviews_remediationitem", "An area to address"),
    never_deleted("reviews_blackout", "A blackout period"),
]

GUARDS = [
    *policy_guards.GUARDS,
    *REVIEW,
    *SIGN_OFF,
    *only_added("reviews_reviewitem", "A question of a round"),
    *only_added("reviews_acknowledgement", "An acknowledgement"),
    *only_added("reviews_itemanswer", "An answer"),
    *only_added("reviews_itemanswer_evidence_versions", "The evidence of an answer"),
    *RECUSAL,
    *POLL,
    *DELEGATION,
    *CONDITION,
    *GATE_PASS,
    *FINDING,
    *MEETING,
    *STAYS,
    takes_nothing_more("reviews_review")[0],  # what is open is withdrawn just after a cancellation
]
