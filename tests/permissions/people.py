"""Accounts, mail and import."""

from tests.permissions import Row


def account(stage):
    return (stage.people.user.pk,)


def run(stage):
    return (stage.run.pk,)


ROWS = [
    #   anonymous, outsider, member, signer, program, manager, auditor, process owner, operator
    Row("profile", "L++++++++", "L++++++++"),
    Row("passkey_challenge", "L........", "L++++++++", data=lambda stage: {"bound_to": "a" * 64}),
    Row("people", "L0000000+"),
    Row("person_new", "L0000000+", "L0000000+"),
    Row("person", "L0000000+", "L0000000+", at=account),
    Row("person_role", "L........", "L0000000+", at=lambda stage: (stage.people.user.pk, "auditor", "grant")),
    Row("person_disable", "L........", "L0000000+", at=account, data=lambda stage: {"reason": "Left."}),
    Row("person_enable", "L........", "L0000000+", at=account),
    Row("person_invite", "L........", "L0000000+", at=account),
    Row("mailbox", "L++++++++"),
    Row("mailbox_notice", "L00+00000", at=lambda stage: (stage.notice.pk,)),
    Row("mailbox_calendar", "L00+00000", at=lambda stage: (stage.notice.pk,)),
    Row("mail_delivery", "L0000000+"),
    Row("mail_retry_all", "L........", "L0000000+"),
    Row("mail_retry", "L........", "L0000000+", at=lambda stage: (stage.notice.pk,)),
    Row("import", "L+00++000", "L+00++000"),
    Row("import_run", "L000+0000", "L000+0000", at=run),
    Row("import_use_mapping", "L........", "L000+0000", run, lambda stage: {"mapping": stage.mapping.pk}),
    Row("import_go", "L........", "L000+0000", at=run),
    Row("import_progress", "L000+0000", at=run),
]
