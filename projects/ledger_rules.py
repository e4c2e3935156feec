"""Which rows of this app the ledger must tell of, each with the lookup that leads to its project."""

WITNESSED = {
    "projects.project": "pk",
    "projects.gatepass": "project",
    "projects.roleassignment": "project",
    "projects.stagerun": "project",
    "projects.outcomeconfirmation": "run__project",
    "projects.requirement": "project",
    "projects.artifact": "project",
    "projects.artifactversion": "artifact__project",
}
