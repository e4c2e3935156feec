"""Which rows of this app the ledger must tell of, each with the lookup that leads to its project."""

WITNESSED = {
    "reviews.review": "project",
    "reviews.participant": "review__project",
    "reviews.itemanswer": "item__review__project",
    "reviews.signoff": "participant__review__project",
    "reviews.waiver": "item__review__project",
    "reviews.condition": "review__project",
    "reviews.remediationitem": "review__project",
}
