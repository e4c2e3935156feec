"""Fresh proof at every signature: password, second factor, lock, and what a proof is good for."""

import hashlib
import threading
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.utils import timezone

from projects import credentials, ledger
from projects.blocker import NotAllowed
from projects.credentials import SecondFactorMissing, SigningLocked, WrongCredentials
from projects.forms.credentials import CredentialsForm
from projects.models import LedgerEntry
from tests.codes import totp_code
from tests.parts import needs_postgresql
from tests.world import PASSWORD, person

pytestmark = pytest.mark.django_db

DIGEST = hashlib.sha256(b"a packet").hexdigest()
OTHER_DIGEST = hashlib.sha256(b"another packet").hexdigest()


@pytest.fixture
def ines():
    return person("ines", "Inês Prado")


def prove(user, password=PASSWORD, *, bound_to=DIGEST, required=False, **given):
    return credentials.prove(
        user, password=password, bound_to=bound_to, required_second_factor=required, now=timezone.now(), **given
    )


def refusals(user) -> int:
    return LedgerEntry.objects.filter(actor=user, event=credentials.REFUSED).count()


def with_totp(user) -> str:
    """The secret of a newly set up authenticator app."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


@pytest.mark.req("AUD-02")
@pytest.mark.parametrize(("kept", "asked"), [("TOTP", "the code of your authenticator app"), ("WEBAUTHN", "passkey")])
def test_a_missing_second_factor_is_asked_for_as_the_person_has_it(ines, kept, asked):
    with_totp(ines)
    if kept == "WEBAUTHN":
        Authenticator.objects.create(user=ines, type=Authenticator.Type.WEBAUTHN, data={})
    form = CredentialsForm({"password": PASSWORD}, user=ines)
    assert not form.is_valid()
    assert asked in form.errors["code"][0]
    assert ("passkey" in form.errors["code"][0]) == (kept == "WEBAUTHN")


# --- Password --------------------------------------------------------------------------------------------------------


@pytest.mark.req("AUD-02")
def test_the_right_password_proves_who_signs(ines):
    proof = prove(ines)

    assert (proof.user_id, proof.method, proof.bound_to) == (ines.pk, "password", DIGEST)
    assert refusals(ines) == 0


@pytest.mark.req("AUD-05")
def test_a_wrong_password_proves_nothing_and_is_kept_in_the_ledger(ines):
    with pytest.raises(WrongCredentials, match="4 tries"):
        prove(ines, "wrong")

    entry = LedgerEntry.objects.get(actor=ines, event=credentials.REFUSED)
    assert entry.stream.key == "system"
    assert DIGEST in entry.line
    assert "wrong" not in entry.line


def test_no_password_is_no_try(ines):
    with pytest.raises(WrongCredentials, match="Enter your password"):
        prove(ines, "")
    assert refusals(ines) == 0


def test_another_persons_password_proves_nothing(ines):
    other = person("other")
    other.set_password("another good password")
    other.save()

    with pytest.raises(WrongCredentials):
        prove(ines, "another good password")


def test_a_disabled_person_proves_nothing(ines):
    stale = type(ines).objects.get(pk=ines.pk)
    ines.is_active = False
    ines.save()

    with pytest.raises(WrongCredentials):
        prove(stale)


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("AUD-05")
def test_a_refusal_is_kept_although_the_signing_around_it_fails():
    """A proof inside the transaction of the signature would take its refusal back: it is refused to run there."""
    ines = person("ines")

    with pytest.raises(RuntimeError), transaction.atomic():
        prove(ines, "wrong")
    with pytest.raises(WrongCredentials):
        prove(ines, "wrong")

    connection.close()  # what another connection sees was committed
    assert refusals(ines) == 1


# --- Lock ------------------------------------------------------------------------------------------------------------


@pytest.mark.req("AUD-05")
def test_five_refusals_lock_signing_for_a_quarter_of_an_hour_even_with_the_right_password(ines):
    with time_machine.travel("2026-11-23 09:00Z", tick=False) as clock:
        for _ in range(4):
            with pytest.raises(WrongCredentials):
                prove(ines, "wrong")
            clock.shift(timedelta(minutes=1))
        with pytest.raises(SigningLocked, match="15 minutes"):
            prove(ines, "wrong")
        with pytest.raises(SigningLocked):
            prove(ines)
        assert credentials.locked_until(ines, timezone.now()) == timezone.now() + timedelta(minutes=15)

        clock.shift(timedelta(minutes=14, seconds=59))
        with pytest.raises(SigningLocked):
            prove(ines)
        clock.shift(timedelta(seconds=1))
        assert prove(ines).method == "password"
        assert refusals(ines) == 5, "tries while it is locked are not counted"


def test_refusals_far_apart_do_not_lock(ines):
    with time_machine.travel("2026-11-23 09:00Z", tick=False) as clock:
        for _ in range(8):
            with pytest.raises(WrongCredentials):
                prove(ines, "wrong")
            clock.shift(timedelta(minutes=4))
        assert prove(ines)


def test_one_persons_refusals_lock_nobody_else(ines):
    other = person("other")
    for _ in range(5):
        with pytest.raises((WrongCredentials, SigningLocked)):
            prove(ines, "wrong")

    assert prove(other)


def guess_at_once(user, how_many: int) -> list[str]:
    """What so many wrong passwords, sent at the same moment, are answered."""
    answers: list[str] = []
    start = threading.Barrier(how_many)

    def guess(number: int) -> None:
        start.wait()
        try:
            prove(user, f"guess {number}")
        except SigningLocked:
            answers.append("locked")
        except WrongCredentials:
            answers.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@needs_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.req("AUD-05")
def test_guesses_sent_at_once_are_answered_no_oftener_than_guesses_sent_in_turn():
    ines = person("ines")

    answers = guess_at_once(ines, 20)

    assert refusals(ines) == credentials.LOCK_AFTER
    assert sorted(answers) == ["locked"] * 16 + ["refused"] * 4


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_on_the_person_more_guesses_are_answered(monkeypatch):
    """Shows that the test above can see the race."""
    monkeypatch.setattr(credentials, "one_at_a_time", lambda user: None)
    check = credentials.refuse_when_locked

    def slowly(user, now):
        check(user, now)
        time.sleep(0.2)

    monkeypatch.setattr(credentials, "refuse_when_locked", slowly)
    ines = person("ines")

    guess_at_once(ines, 12)

    assert refusals(ines) > credentials.LOCK_AFTER


# --- Codes -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("still_clock")
@pytest.mark.req("AUD-02")
def test_who_has_an_authenticator_app_needs_its_code_too(ines):
    secret = with_totp(ines)

    with pytest.raises(WrongCredentials, match="second factor"):
        prove(ines)
    assert refusals(ines) == 0, "nothing was guessed"
    with pytest.raises(WrongCredentials):
        prove(ines, code="000000" if totp_code(secret) != "000000" else "000001")
    assert refusals(ines) == 1
    assert prove(ines, code=totp_code(secret)).method == "password and TOTP"


@pytest.mark.usefixtures("still_clock")
def test_the_code_alone_is_not_enough(ines):
    secret = with_totp(ines)

    with pytest.raises(WrongCredentials):
        prove(ines, "wrong", code=totp_code(secret))
    assert prove(ines, code=totp_code(secret)), "a wrong password does not use up the code"


@pytest.mark.usefixtures("still_clock")
def test_a_code_works_once(ines):
    secret = with_totp(ines)
    now = totp_code(secret)
    prove(ines, code=now)

    with pytest.raises(WrongCredentials):
        prove(ines, code=now, bound_to=OTHER_DIGEST)


@pytest.mark.usefixtures("still_clock")
def test_a_code_of_earlier_or_later_does_not_hold(ines):
    secret = with_totp(ines)

    for steps in (-2, -1, 1, 2):
        with pytest.raises(WrongCredentials):
            prove(ines, code=totp_code(secret, steps))


@pytest.mark.usefixtures("still_clock")
def test_a_code_may_be_typed_with_a_blank(ines):
    secret = with_totp(ines)
    typed = totp_code(secret)

    assert prove(ines, code=f"{typed[:3]} {typed[3:]}")


def test_a_recovery_code_stands_in_once_and_says_so(ines):
    with_totp(ines)
    spare = RecoveryCodes.activate(ines).get_unused_codes()[0]

    assert prove(ines, code=spare).method == "password and recovery code"
    with pytest.raises(WrongCredentials):
        prove(ines, code=spare)


@pytest.mark.usefixtures("still_clock")
def test_the_secret_is_not_readable_in_the_database_and_survives_a_change_of_the_key(ines, settings):
    secret = with_totp(ines)
    row = Authenticator.objects.get(user=ines)
    assert secret not in str(row.data)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a newer key of enough length to be taken for one"
    assert prove(ines, code=totp_code(secret))


# --- Policy ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "by_profile", "demanded"),
    [
        ("own", False, False),
        ("own", True, False),
        ("profile", False, False),
        ("profile", True, True),
        ("always", False, True),
        ("always", True, True),
    ],
)
def test_the_policy_says_who_needs_a_second_factor(ines, settings, policy, by_profile, demanded):
    settings.SECOND_FACTOR_POLICY = policy

    if demanded:
        with pytest.raises(SecondFactorMissing, match="profile"):
            prove(ines, required=by_profile)
        assert refusals(ines) == 0
    else:
        assert prove(ines, required=by_profile).method == "password"


# --- What a proof is good for ----------------------------------------------------------------------------------------


@pytest.mark.req("AUD-06")
def test_a_proof_is_good_for_its_owner_alone(ines):
    proof = prove(ines)
    now = timezone.now()

    credentials.require(proof, by=ines, bound_to=DIGEST, now=now)
    for other in (person("other"), person("olaf", is_operator=True, is_superuser=True, is_staff=True)):
        with pytest.raises(NotAllowed):
            credentials.require(proof, by=other, bound_to=DIGEST, now=now)


@pytest.mark.req("AUD-03")
def test_a_proof_is_good_for_what_was_shown_alone(ines):
    proof = prove(ines)

    for shown in (OTHER_DIGEST, ""):
        with pytest.raises(WrongCredentials):
            credentials.require(proof, by=ines, bound_to=shown, now=timezone.now())


def test_a_proof_is_good_for_two_minutes(ines):
    proof = prove(ines)

    credentials.require(proof, by=ines, bound_to=DIGEST, now=proof.proved_at + timedelta(minutes=2))
    for off in (timedelta(minutes=2, seconds=1), timedelta(seconds=-1)):
        with pytest.raises(WrongCredentials):
            credentials.require(proof, by=ines, bound_to=DIGEST, now=proof.proved_at + off)


def test_a_demo_proof_is_good_for_imported_history_alone(ines):
    proof = credentials.unauthenticated_demo(ines)

    with pytest.raises(NotAllowed):
        credentials.require(proof, by=ines, bound_to=DIGEST, now=timezone.now())
    with ledger.coming_from("import"):
        credentials.require(proof, by=ines, bound_to=DIGEST, now=timezone.now())


# --- The cache that remembers used codes -----------------------------------------------------------------------------


def test_used_codes_are_remembered_where_every_process_looks(settings):
    """Codes used once and login throttling count in the cache: a cache of one process alone would count by halves."""
    assert "locmem" not in settings.CACHES["default"]["BACKEND"]
    assert "dummy" not in settings.CACHES["default"]["BACKEND"]
    cache.set("seen", 1)
    assert cache.add("seen", 2) is False
