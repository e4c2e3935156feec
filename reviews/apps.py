"""The upper app: how management decides about projects."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "Reviews"

    def ready(self) -> None:
        """Plug into the lower app's ports: it asks, and knows nothing of reviews."""
        from projects import sentences
        from projects.ports import ports
        from reviews import attention, awaiting, gates, outlook, outputs, owed, proposals
        from reviews.actions import changes, rounds
        from reviews.sentences import SENTENCES

        ports.gate_blockers = gates.gate_blockers
        ports.output_blockers = outputs.output_blockers
        ports.lapse_blockers = owed.lapse_blockers
        ports.condition_blockers = owed.condition_blockers
        ports.without_waived = proposals.without_waived
        ports.outlooks = outlook.outlooks
        ports.attention = attention.REASONS
        ports.inbox = [awaiting.inbox]
        ports.inbox_counts = [awaiting.count]
        ports.requests = [awaiting.requests]
        ports.rounds = outlook.rounds
        ports.review_plans = outlook.review_plans
        ports.openings = outlook.openings
        ports.on_content_change = [changes.project_changed]
        ports.on_rename = [changes.person_renamed]
        ports.on_rework = [rounds.withdraw_open_rounds]
        sentences.SENTENCES.update(SENTENCES)
