"""How tasks are queued and rung: docs/decisions/broker-is-a-doorbell.md."""

from django.conf import settings

from deliverops.celery import app


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"projects.tasks.deliver_notices", "reviews.tasks.queue_reminders"} <= scheduled
    assert scheduled <= set(app.tasks)


def test_a_ring_that_waited_longer_than_its_period_is_dropped():
    for name, entry in app.conf.beat_schedule.items():
        assert entry["options"]["expires"] <= entry["schedule"], name


def test_the_clock_is_utc_and_results_are_nobodys():
    assert app.conf.timezone == "UTC"
    assert app.conf.enable_utc
    assert app.conf.result_backend is None
    assert app.conf.task_ignore_result


def test_a_task_whose_worker_dies_is_handed_out_again():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    if settings.REDIS_URL:
        assert app.conf.task_time_limit < app.conf.broker_transport_options["visibility_timeout"]
