"""What the database refuses about our own questions, signers and rules, whoever asks (SEED-42, SEED-43, AUD-08)."""

from projects.guards import Guard, changed, never_deleted

_SAID = ["id", "kind", "categories", "origin", "proposed_at", "proposed_by_id"]
_APPROVED_ONCE = "OLD.approved_at IS NOT NULL AND " + changed("approved_at", "approved_by_id")
_RETIRED_ONCE = "OLD.retired_at IS NOT NULL AND " + changed("retired_at", "retired_by_id", "approved_at")


def _retired_alone(what: str) -> tuple[str, str]:
    """Retiring what is in force lowers the gate: it is what another has asked for (SEED-42)."""
    return (
        "NEW.retired_at IS NOT NULL AND OLD.retired_at IS NULL AND NEW.approved_at IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM reviews_retirement t"
        f" WHERE t.{what}_id = NEW.id AND t.confirmed_at = NEW.retired_at AND t.confirmed_by_id = NEW.retired_by_id)",
        "What is in force is retired by two: one asks for it, another one confirms.",
    )


_IN_FORCE = "a.approved_at IS NOT NULL AND a.retired_at IS NULL"
_NEXT = "SELECT 1 FROM reviews_checklistaddition n WHERE n.replaces_id = a.id"
_STANDS = f"{_IN_FORCE} AND NOT EXISTS ({_NEXT} AND n.approved_at IS NOT NULL)"

POLICY = [
    *(
        guard
        for table, what, said in (
            (
                "reviews_checklistaddition",
                "question",
                [
                    "section",
                    "element",
                    "text",
                    "must",
                    "origin_review_id",
                    "first_id",
                    "number",
                    "replaces_id",
                    "reason",
                ],
            ),
            ("reviews_signeraddition", "signer", ["role"]),
        )
        for guard in (
            never_deleted(table, "An addition to the reviews"),
            Guard(
                table,
                "INSERT",
                "proposed",
                [
                    (
                        "NEW.approved_at IS NOT NULL OR NEW.retired_at IS NOT NULL",
                        "An addition to the reviews begins by proposal.",
                    )
                ],
            ),
            Guard(
                table,
                "UPDATE",
                "as_said",
                [
                    (changed(*_SAID, *said), "An addition to the reviews is never reworded: propose its next version."),
                    (f"{_APPROVED_ONCE} OR {_RETIRED_ONCE}", "An addition is approved once and retired once."),
                    _retired_alone(what),
                ],
            ),
        )
    ),
    Guard(
        "reviews_checklistaddition",
        "INSERT",
        "next",
        [
            (
                "NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reviews_checklistaddition a"
                f" WHERE a.id = NEW.replaces_id AND a.kind = NEW.kind AND {_STANDS}"
                " AND COALESCE(a.first_id, a.id) = NEW.first_id AND a.number < NEW.number)",
                "A version of a question replaces the one in force.",
            ),
            (
                "EXISTS (SELECT 1 FROM reviews_retirement t WHERE t.question_id = NEW.replaces_id"
                " AND t.confirmed_at IS NULL AND t.refused_at IS NULL)",
                "A question that is to be retired is not changed.",
            ),
        ],
    ),
    Guard(
        "reviews_checklistaddition",
        "UPDATE",
        "next_holds",
        [
            (
                "NEW.approved_at IS NOT NULL AND OLD.approved_at IS NULL AND NEW.replaces_id IS NOT NULL"
                " AND NOT EXISTS (SELECT 1 FROM reviews_checklistaddition a"
                f" WHERE a.id = NEW.replaces_id AND {_IN_FORCE})",
                "A version of a question replaces the one in force.",
            ),
        ],
    ),
]

RETIREMENT = [
    never_deleted("reviews_retirement", "A retirement"),
    Guard(
        "reviews_retirement",
        "INSERT",
        "asked",
        [
            ("NEW.confirmed_at IS NOT NULL OR NEW.refused_at IS NOT NULL", "A retirement begins by being asked for."),
            (
                "(NEW.question_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reviews_checklistaddition a"
                f" WHERE a.id = NEW.question_id AND {_STANDS}))"
                " OR (NEW.signer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reviews_signeraddition a"
                f" WHERE a.id = NEW.signer_id AND {_IN_FORCE}))",
                "A retirement is asked for of what is in force.",
            ),
            (
                "EXISTS (SELECT 1 FROM reviews_checklistaddition n WHERE n.replaces_id = NEW.question_id"
                " AND n.approved_at IS NULL AND n.retired_at IS NULL)",
                "A question whose change waits is not retired.",
            ),
        ],
    ),
    Guard(
        "reviews_retirement",
        "UPDATE",
        "as_asked",
        [
            (
                changed("id", "question_id", "signer_id", "reason", "asked_at", "asked_by_id"),
                "A retirement stays as it was asked for.",
            ),
            (
                "OLD.confirmed_at IS NOT NULL OR OLD.refused_at IS NOT NULL",
                "A retirement is confirmed or refused once.",
            ),
        ],
    ),
]

VERSION = [
    never_deleted("reviews_policyversion", "A version of the rules"),
    Guard(
        "reviews_policyversion",
        "INSERT",
        "proposed",
        [("NEW.approved_at IS NOT NULL OR NEW.refused_at IS NOT NULL", "A version of the rules begins by proposal.")],
    ),
    Guard(
        "reviews_policyversion",
        "UPDATE",
        "as_proposed",
        [
            (
                changed(
                    "id",
                    "kind",
                    "category",
                    "number",
                    "signer_groups",
                    "observer_groups",
                    "quorum",
                    "validity_days",
                    "reason",
                    "proposed_at",
                    "proposed_by_id",
                ),
                "A version of the rules stays as it was proposed: propose the next one.",
            ),
            (
                "OLD.approved_at IS NOT NULL OR OLD.refused_at IS NOT NULL",
                "A version of the rules is approved or refused once.",
            ),
        ],
    ),
]

GUARDS = [*VERSION, *POLICY, *RETIREMENT]
