"""What the worker does for reviews."""

from celery import shared_task
from django.utils import timezone

from reviews import reminders


@shared_task(name="reviews.tasks.queue_reminders", acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def queue_reminders() -> int:
    """Reminders that are due wait in the outbox. Safe to run twice. Returns how many were new."""
    return reminders.queue_due(timezone.now())
