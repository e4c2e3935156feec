"""Many at once: one chain, no gap, no fork; and a control that shows that the race is there to be lost."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from projects import ledger
from projects.actions import projects
from projects.ledger_check import verify
from projects.models import LedgerEntry, LedgerStream
from tests import rows, world
from tests.rows import NOW

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8
EACH = 20


def at_once(work, threads=THREADS):
    """`work(number)` in this many threads, started together; returns what each returned or raised."""
    told, ready = {}, threading.Barrier(threads)

    def run(number):
        try:
            ready.wait(timeout=30)
            told[number] = work(number)
        except Exception as error:
            told[number] = error
        finally:
            connection.close()

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(timeout=120)
    assert len(told) == threads
    return [told[number] for number in range(threads)]


@pytest.mark.parametrize("chain", ["system", "project"])
def test_many_writers_make_one_chain(chain):
    """From its very first line on: nobody had made the chain before."""
    someone = rows.person()
    project = rows.project(someone) if chain == "project" else None

    def append(number):
        for _ in range(EACH):
            with transaction.atomic():
                ledger.record(project=project, by=None, event="person.edited", obj=someone, now=NOW)
        return "done"

    assert at_once(append) == ["done"] * THREADS
    [stream] = LedgerStream.objects.all()
    told = list(stream.entries.order_by("seq").values_list("seq", "prev", "hash"))
    assert [seq for seq, _prev, _hash in told] == list(range(1, THREADS * EACH + 1))
    assert [prev for _seq, prev, _hash in told] == [ledger.GENESIS, *(line_hash for _s, _p, line_hash in told[:-1])]
    assert [finding for finding in verify().findings if finding.kind != "unrecorded"] == []


def test_control_without_the_lock_writers_meet():
    """The same work, but the last line is read before the transaction: all but one are turned away by the database."""
    someone = rows.person()
    with transaction.atomic():
        first = ledger.record(project=None, by=None, event="person.edited", obj=someone, now=NOW)
    read = threading.Barrier(THREADS)

    def append(number):
        last = LedgerEntry.objects.order_by("-seq").first()
        line = f'{{"prev":"{last.hash}","number":{number}}}\n'
        read.wait(timeout=30)
        with transaction.atomic():
            LedgerEntry.objects.create(
                stream=first.stream,
                seq=last.seq + 1,
                prev=last.hash,
                hash=ledger.digest(line),
                line=line,
                recorded_at=NOW,
                occurred_at=NOW,
                source="system",
                event="person.edited",
                object_type="projects.user",
                object_id=str(someone.pk),
                correlation_id="x",
            )
        return "written"

    told = at_once(append)
    assert told.count("written") == 1
    assert sum(isinstance(error, IntegrityError) for error in told) == THREADS - 1
    assert LedgerEntry.objects.count() == 2


@contextmanager
def busy(work):
    """Somebody does this over and over meanwhile."""
    stop, done = threading.Event(), []

    def run():
        while not stop.is_set():
            work(len(done))
            done.append(1)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield done
    finally:
        stop.set()
        thread.join(timeout=60)


def test_verifying_reads_one_moment_while_work_goes_on():
    people = world.People()
    project = world.register(people)

    def rename(number):
        for _ in range(5):  # a writer may find SQLite busy; here that is not what is tried
            try:
                projects.edit(
                    project_id=project.pk,
                    by=people.manager,
                    facts=world.facts(title=f"Title {number}"),
                    version=world.fresh(project).version,
                    now=NOW,
                )
            except DatabaseError:
                continue
            return

    with busy(rename) as done:
        while len(done) < 5:
            time.sleep(0.01)
        found = [finding for _ in range(15) for finding in verify().findings]
    assert len(done) > 20
    assert found == []
