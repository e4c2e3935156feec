"""What the database refuses about projects, their artifacts, gates and ledger, whoever asks (SEED-09, SEED-79, AUD-07).

Values are written out: a rule of the database changes only by changing it here.
"""

from projects.guards import Guard, changed, never_deleted, only_added

# The edges of `Project`'s stage machine; a test compares them with the transitions.
STAGE_EDGES = [
    "registered>envision",
    "envision>planning",
    "planning>build",
    "build>stabilize",
    "stabilize>deploy",
    "deploy>closed",
    "build>planning",
    "stabilize>planning",
    "stabilize>build",
    "deploy>stabilize",
]
_edges = ", ".join(f"'{edge}'" for edge in STAGE_EDGES)


def _no_open_pass(gate: str) -> str:
    return (
        "NOT EXISTS (SELECT 1 FROM projects_gatepass p WHERE p.project_id = NEW.id"
        f" AND p.gate = '{gate}' AND p.revoked_at IS NULL)"
    )


def _becomes(column: str) -> str:
    return f"NEW.{column} IS NOT NULL AND {changed(column)}"


PROJECT = [
    Guard(
        "projects_project",
        "INSERT",
        "begins",
        [
            (
                "NEW.stage <> 'registered' OR NEW.status <> 'active'",
                "A project begins as registered and active: its stages come later, one by one.",
            ),
            (
                "NEW.plan_approved_at IS NOT NULL OR NEW.release_ready_at IS NOT NULL"
                " OR NEW.release_valid_until IS NOT NULL OR NEW.closed_at IS NOT NULL",
                "A project begins with its gates shut: a decided review opens them.",
            ),
            (
                "NEW.category = 'standard' AND (NEW.template_id IS NULL OR NEW.template_basis = '')",
                "A standard change is opened from a template that is known and tested.",
            ),
        ],
    ),
    Guard(
        "projects_project",
        "UPDATE",
        "moves",
        [
            ("OLD.status IN ('closed', 'cancelled')", "A closed or cancelled project is read-only."),
            (changed("id"), "A project keeps its identity."),
            (
                f"NEW.stage <> OLD.stage AND (OLD.stage || '>' || NEW.stage) NOT IN ({_edges})",
                "A project moves from stage to stage along the Deliver Phase: no stage is skipped.",
            ),
            (
                "NEW.stage <> OLD.stage AND OLD.status <> 'active'",
                "A project on hold does not move: take it up again first.",
            ),
            (
                "NEW.category = 'standard' AND OLD.category <> 'standard'"
                " AND (NEW.template_id IS NULL OR NEW.template_basis = '')",
                "A change becomes standard from a template that is known and tested.",
            ),
            (
                f"NEW.stage <> OLD.stage AND NEW.stage IN ('build', 'stabilize') AND {_no_open_pass('plan')}",
                "Build needs an approved project plan: no Project Plan Approved review has opened the gate.",
            ),
            (
                f"NEW.stage <> OLD.stage AND NEW.stage IN ('deploy', 'closed') AND {_no_open_pass('release')}",
                "Deploy needs a ready release: no Release Readiness review has opened the gate.",
            ),
            (
                f"{_becomes('plan_approved_at')} AND {_no_open_pass('plan')}",
                "A plan is approved by a Project Plan Approved review alone.",
            ),
            (
                f"({_becomes('release_ready_at')} OR {_becomes('release_valid_until')}) AND {_no_open_pass('release')}",
                "A release is found ready by a Release Readiness review alone.",
            ),
        ],
    ),
    never_deleted("projects_project", "A project"),
]

GATE_PASS = [
    Guard(
        "projects_gatepass",
        "UPDATE",
        "fixed",
        [
            (
                changed(
                    "id",
                    "project_id",
                    "gate",
                    "review_ref",
                    "packet_digest",
                    "candidate",
                    "opened_at",
                    "opened_by_id",
                    "valid_until",
                ),
                "A gate pass is never changed: it can only be revoked.",
            ),
            ("OLD.revoked_at IS NOT NULL", "A revoked gate pass stays as it is: a new round opens the gate again."),
        ],
    ),
    never_deleted("projects_gatepass", "A gate pass"),
]

ARTIFACT_VERSION = [
    Guard(
        "projects_artifactversion",
        "UPDATE",
        "fixed",
        [
            (
                changed(
                    "id",
                    "artifact_id",
                    "number",
                    "label",
                    "medium",
                    "file",
                    "filename",
                    "content_type",
                    "size",
                    "url",
                    "text",
                    "digest",
                    "author_id",
                    "created_at",
                ),
                "The content of a version never changes: add a new version.",
            ),
            (
                f"OLD.approved_at IS NOT NULL AND {changed('status', 'approved_at', 'approved_by_id')}",
                "An approval is never taken back or changed: add a new version.",
            ),
        ],
    ),
    never_deleted("projects_artifactversion", "A version of an artifact"),
]

LAST = "FROM projects_ledgerentry e WHERE e.stream_id = NEW.stream_id ORDER BY e.seq DESC LIMIT 1"

LEDGER = [
    Guard(
        "projects_ledgerentry",
        "INSERT",
        "links",
        [
            (
                f"NEW.seq <> coalesce((SELECT e.seq {LAST}), 0) + 1",
                "A ledger line takes the next number of its chain.",
            ),
            (
                f"NEW.prev <> coalesce((SELECT e.hash {LAST}), '{'0' * 64}')",
                "A ledger line names the hash of the line before it.",
            ),
            (
                """substr(NEW.line, 1, 75) <> '{"prev":"' || NEW.prev || '",'""",
                "A ledger line begins with the hash of the line before it.",
            ),
            (
                "substr(NEW.line, length(NEW.line), 1) <> '\n'"
                " OR length(replace(NEW.line, '\n', '')) <> length(NEW.line) - 1",
                "A ledger line is one line and ends as one.",
            ),
            ("NEW.hash <> SHA256_HEX(NEW.line)", "The hash of a ledger line is the SHA-256 of its bytes."),
        ],
    ),
    *only_added("projects_ledgerentry", "A ledger line"),
    Guard(
        "projects_ledgerstream",
        "INSERT",
        "names",
        [
            (
                "NEW.key <> coalesce('project-' || NEW.project_id, 'system')",
                "A chain is named for its project, or `system`.",
            ),
        ],
    ),
    *only_added("projects_ledgerstream", "A ledger chain"),
]


def takes_nothing_more(table: str, path: str = "NEW.project_id") -> list[Guard]:
    """Rows of an ended project are neither added nor changed (SEED-111).

    Args:
        path: SQL that gives the project's id from NEW.
    """
    ended = f"EXISTS (SELECT 1 FROM projects_project p WHERE p.id = {path} AND p.status IN ('closed', 'cancelled'))"
    refusals = [(ended, "A closed or cancelled project is read-only.")]
    return [Guard(table, "INSERT", "ended_add", refusals), Guard(table, "UPDATE", "ended_change", refusals)]


# Registers: what a row of each is called. Rows of an ended project stay as they are; none is ever deleted.
REGISTERS = {
    "projects_feature": "A feature",
    "projects_featurelink": "A link of a feature",
    "projects_operationalcheck": "An evaluation of an operational requirement",
    "projects_releasecandidate": "A release candidate",
    "projects_partscheck": "A check of a document's parts",
    "projects_statement": "A signed statement",
    "projects_issue": "An issue",
    "projects_projectconflict": "A conflict between projects",
    "projects_stageoutside": "A stage run outside the system",
    "projects_pilot": "A pilot",
    "projects_testrun": "A test result",
    "projects_risk": "A risk",
    "projects_training": "A training",
    "projects_agreement": "An agreement",
    "projects_procedure": "An administrative procedure",
    "projects_escalationcontact": "An escalation contact",
    "projects_communication": "A communication",
    "projects_prerequisite": "A prerequisite",
    "projects_changerecord": "A change record",
    "projects_changerisk": "A link of a change and a risk",
    "projects_fundingapproval": "A funding approval",
    "projects_workpackage": "A deliverable",
    "projects_milestone": "An interim milestone",
    "projects_projectmetric": "A project metric",
    "projects_measurement": "A measurement",
    "projects_internalcontrol": "An internal control",
    "projects_capabilitygap": "A capability gap",
    "projects_opportunity": "An opportunity",
    "projects_environment": "An environment",
    "projects_supportedlevel": "A supported level",
    "projects_compliancereview": "A compliance review",
    "projects_deployment": "A deployment",
    "projects_quietperiod": "A quiet period",
    "projects_incident": "An incident",
    "projects_rollouttask": "A rollout task",
    "projects_rollbackrehearsal": "A rehearsal of the way back",
    "projects_intentresult": "A result of an intent",
    "projects_disengagement": "A release of the project team",
    "projects_templaterun": "A run of a template",
    "projects_standardstep": "A step of a standard change",
    "projects_tailoringapproval": "An approval of the tailoring sheet",
    "projects_focusanswer": "An answer about a point of governance",
}
# Of these, rows are not changed either.
ONLY_ADDED = {
    "projects_operationalcheck",
    "projects_releasecandidate",
    "projects_partscheck",
    "projects_statement",
    "projects_stageoutside",
    "projects_testrun",
    "projects_changerisk",
    "projects_fundingapproval",
    "projects_projectmetric",
    "projects_measurement",
    "projects_environment",
    "projects_compliancereview",
    "projects_rollbackrehearsal",
    "projects_intentresult",
    "projects_disengagement",
    "projects_templaterun",
    "projects_standardstep",
    "projects_tailoringapproval",
    "projects_focusanswer",
}


def _stays(table: str, name: str) -> list[Guard]:
    return only_added(table, name) if table in ONLY_ADDED else [never_deleted(table, name)]


_OF_ARTIFACT = "(SELECT a.project_id FROM projects_artifact a WHERE a.id = NEW.artifact_id)"

ENDED = [
    *takes_nothing_more("projects_artifact"),
    *takes_nothing_more("projects_artifactversion", _OF_ARTIFACT),
    *takes_nothing_more("projects_requirement"),
    *(guard for table in REGISTERS for guard in takes_nothing_more(table)),
    *takes_nothing_more("projects_roleassignment"),
    takes_nothing_more("projects_stagerun")[0],  # the last passage ends just after the project
    takes_nothing_more(
        "projects_outcomeconfirmation", "(SELECT r.project_id FROM projects_stagerun r WHERE r.id = NEW.run_id)"
    )[0],
]

STAYS = [
    *(guard for table, name in REGISTERS.items() for guard in _stays(table, name)),
    never_deleted("projects_artifact", "An artifact"),
    never_deleted("projects_changetemplate", "A change template"),
    never_deleted("projects_requirement", "A requirement"),
    never_deleted("projects_roleassignment", "An assignment to a role"),
    never_deleted("projects_stagerun", "A passage through a stage"),
]

STATEMENT = [
    Guard(
        "projects_statement",
        "INSERT",
        "binds",
        [("NEW.digest <> SHA256_HEX(NEW.body)", "A statement is signed under the SHA-256 of what it says.")],
    ),
]

_OF_RUN = "(SELECT r.project_id FROM projects_stagerun r WHERE r.id = NEW.run_id)"
STAGE_EXIT = [
    Guard(
        "projects_stageexit",
        "INSERT",
        "binds",
        [("NEW.digest <> SHA256_HEX(NEW.body)", "The digest of a stage's exit is the SHA-256 of its bytes.")],
    ),
    *only_added("projects_stageexit", "The record of a stage's exit"),
    takes_nothing_more("projects_stageexit", _OF_RUN)[0],
]

STAGE_OUTSIDE = [
    Guard(
        "projects_stageoutside",
        "INSERT",
        "begins",
        [
            (
                "NOT EXISTS (SELECT 1 FROM projects_project p WHERE p.id = NEW.project_id AND p.stage = 'registered')",
                "A stage is said to have been run outside the system before the project starts, not later.",
            )
        ],
    ),
]

GUARDS = [
    *PROJECT,
    *GATE_PASS,
    *ARTIFACT_VERSION,
    *only_added("projects_outcomeconfirmation", "A confirmation of an outcome"),
    *ENDED,
    *STAYS,
    *STATEMENT,
    *STAGE_OUTSIDE,
    *STAGE_EXIT,
    *LEDGER,
]
