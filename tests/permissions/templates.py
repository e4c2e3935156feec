"""Change templates: everybody reads them."""

from tests.permissions import Row, code
from tests.world import TEMPLATE


def template(stage):
    return (stage.template.code,)


def do(verb):
    return lambda stage: (stage.template.code, verb)


def accept(stage):
    return {"note": "Good.", "evidence": "Rehearsed.", "expires_on": stage.next_week}


def why(stage):
    return {"reason": "The chain is new."}


ROWS = [
    #   anonymous, outsider, member, signer, program, manager, auditor, process owner, operator
    Row("change_templates", "L++++++++"),
    Row("change_template", "L++++++++", at=template),
    Row("change_template_new", "L+XX++X+X", "L+XX++X+X", data=lambda stage: {**TEMPLATE, "owner": "ravi"}),
    Row("change_template_do", "L++X++X+X", "L++X++X+X", do("edit"), lambda stage: {**TEMPLATE, "owner": "ravi"}),
    Row("change_template_do", "LXXXX+X+X", "LXXXX+X+X", do("approve"), accept, label="approve"),
    Row("change_template_do", "LX+XX+X+X", "LX+XX+X+X", do("suspend"), why, label="suspend"),
    Row("change_template_do", "LXXXX+X+X", "LXXXX+X+X", do("reinstate"), accept, label="reinstate"),
    Row("tailoring", "L0++++++0", "L0XXX+XX0", code),
    Row("standard_new", "L+XX++XXX", "L+XX++XXX"),
    Row("standard_way", "L0++++++0", "L0XX++XX0", code, lambda stage: {"do": "run"}),
]
