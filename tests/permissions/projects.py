"""Projects, their stages, artifacts, roles and history."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.permissions import Row, code


def reason(stage):
    return {"reason": "Because."}


def new_project(stage):
    return {
        "title": "One more depot",
        "project_type": "it_service",
        "category": "minor",
        "category_nature": "Small.",
        "category_size": "One site.",
        "solution_manager": stage.people.manager.pk,
    }


def edited(stage):
    return {**new_project(stage), "version": stage.project.version}


def holding(stage):
    """The member's own role, not acknowledged yet."""
    return stage.project.roles.get(user=stage.people.developer)


def kind(stage):
    return (stage.project.code, "ART-16")


def version(stage):
    return {"version": stage.project.artifacts.get(kind="ART-16").versions.get().pk, "reason": "Because."}


def a_vision(stage):
    return {"version": stage.project.artifacts.get(kind="ART-01").versions.get().pk, "part": ["vision", "scope"]}


def candidates(stage):
    return (stage.project.code, "candidates")


def matrix_file(stage):
    text = b"requirement,kind,text\nR-077,user,It is quick.\n"
    return {"file": SimpleUploadedFile("matrix.csv", text)}


ROWS = [
    #   anonymous, outsider, member, signer, program, manager, auditor, process owner, operator
    Row("inbox", "L++++++++"),
    Row("portfolio", "L++++++++"),
    Row("conflicts", "L++++++++", "LXXXX+XXX"),
    Row("conflict_found", "L........", "LXXXX+XXX", data=lambda s: {"fingerprint": "0" * 64}),
    Row("conflict_resolve", "L........", "L00000000", lambda s: (0,)),
    Row("project_new", "L+XX++XXX", "L+XX++XXX", data=new_project),
    Row("rigor", "L++++++++", query="?category=minor"),
    Row("project", "L0++++++0", at=code),
    Row("project_edit", "L0XX++XX0", "L0XX++XX0", at=code, data=edited),
    Row("project_status", "L0XX++XX0", "L0XX++XX0", lambda s: (*code(s), "hold"), reason, label="hold"),
    Row("project_status", "L0XX++XX0", "L0XX++XX0", lambda s: (*code(s), "resume"), reason, label="resume"),
    Row("project_status", "L0XXX+XX0", "L0XXX+XX0", lambda s: (*code(s), "cancel"), reason, label="cancel"),
    Row("part_way", "L0XXX+XX0", "L0XXX+XX0", code, lambda s: {"stage": "build", "reason": "Bought as it is."}),
    Row("move", "L0XX++XX0", "L0XX++XX0", lambda s: (*code(s), "start_build"), label="forward"),
    Row("move", "L0XX++XX0", "L0XX++XX0", lambda s: (*code(s), "return_to_planning"), reason, label="back"),
    Row("move", "L0XXX+XX0", "L0XXX+XX0", lambda s: (*code(s), "close"), label="close"),
    Row("roles", "L0++++++0", at=code),
    Row("roles_fill", "L0XX++XX0", "L0XX++XX0", code, lambda s: {"R-TST-person": "joy"}),
    Row("role_hand_over", "L........", "L0XXX+XX0", code, lambda s: {"to": s.people.manager.pk}),
    Row("role_do", "L........", "L0XX++XX0", lambda s: (*code(s), holding(s).pk, "end"), label="end"),
    Row("role_do", "L........", "L0+XXXXX0", lambda s: (*code(s), holding(s).pk, "acknowledge"), label="acknowledge"),
    Row(
        "role_do",
        "L........",
        "L0+X++XX0",
        lambda s: (*code(s), holding(s).pk, "basis"),
        lambda s: {f"basis-{holding(s).pk}-basis": "Ten years of C."},
        label="basis",
    ),
    Row("stage", "L0++++++0", at=lambda s: (*code(s), "planning")),
    Row(
        "outcome",
        "L........",
        "L0XX++XX0",
        at=lambda s: (*code(s), "planning", "PLN-O1"),
        data=lambda s: {"PLN-O1-confirmed": "yes", "PLN-O1-evidence": "Seen."},
    ),
    Row("stage_exit", "L0++++++0", at=lambda s: (*code(s), "envision", 1)),
    Row("artifacts", "L0++++++0", at=code),
    Row("artifact", "L0++++++0", "L0++++XX0", kind, lambda s: {"text": "Newer."}),
    Row("artifact_do", "L........", "L0++++XX0", lambda s: (*kind(s), "approve"), version, label="approve"),
    Row("artifact_do", "L........", "L0++++XX0", lambda s: (*kind(s), "send-back"), version, label="send back"),
    Row(
        "artifact_do", "L........", "L0++++XX0", lambda s: (s.project.code, "ART-01", "parts"), a_vision, label="parts"
    ),
    Row(
        "artifacts_do",
        "L........",
        "L0++++XX0",
        code,
        lambda s: {"do": "approve", "tick": [f"ART-16:{version(s)['version']}"]},
    ),
    Row("version_file", "L0++++++0", at=lambda s: (*kind(s), 1)),
    Row("requirements", "L0++++++0", "L0++++XX0", code, lambda s: {"kind": "user", "text": "It is quick."}),
    Row("traceability", "L0++++++0", "L0++++XX0", code, matrix_file),
    Row("traceability_file", "L0++++++0", at=lambda s: (*code(s), "csv"), label="csv"),
    Row("traceability_file", "L0++++++0", at=lambda s: (*code(s), "xlsx"), label="xlsx"),
    Row("registers", "L0++++++0", at=code),
    Row("register", "L0++++++0", "L0++++XX0", candidates, lambda s: {"built_on": "2026-01-05"}),
    Row("register_paste", "L........", "L0++++XX0", candidates, lambda s: {"pasted": "RC-7, 2026-01-05"}),
    Row("register_csv", "L0++++++0", at=candidates),
    Row("register_row", "L0000000" + "0", "L0000000" + "0", lambda s: (*candidates(s), 1, "nothing")),
    Row("statements", "L0++++++0", at=code),
    Row(
        "statement",
        "L0++++++0",
        "L0+X+XXX0",
        lambda s: (*code(s), "vision", "team"),
        lambda s: {"digest": "0" * 64, "password": "wrong"},
    ),
    Row("operations", "L0++++++0", at=code),
    Row("governance", "L0++++++0", "L0++++XX0", code, lambda s: {"point": "GRC-1", "addressed": "no"}),
    Row("history", "L0++++++0", at=code),
]
