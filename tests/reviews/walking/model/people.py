"""Who may do what, by the names that people have in `tests.world.People`."""

MANAGES = {"manager", "deputy", "program"}
DIRECTS = {"manager", "deputy"}
AUTHORITIES = {"manager", "deputy", "sponsor", "operations"}  # of waivers; the chair is one too
APPROVES = {"manager", "deputy", "program", "product", "sponsor", "operations", "support", "user"}  # not its author
ACTIVE = {
    "manager",
    "deputy",
    "program",
    "product",
    "developer",
    "sponsor",
    "operations",
    "support",
    "user",
    "outsider",
}
ACTIVE_AND_AUDITOR = {*ACTIVE, "auditor"}
EVERYBODY = [*sorted(ACTIVE_AND_AUDITOR), "gone"]  # who left was a solution manager
