"""People and what they may do across the organisation."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class OrgRole(models.TextChoices):
    """What a person may do across the organisation; the flag of this name on `User` says who holds it."""

    SOLUTION_MANAGER = "solution_manager", _("Solution manager")
    PROGRAM_MANAGER = "program_manager", _("Program manager")
    PROCESS_OWNER = "process_owner", _("Process owner")
    AUDITOR = "auditor", _("Auditor")
    OPERATOR = "operator", _("Operator")

    @property
    def flag(self) -> str:
        return f"is_{self.value}"


class PersonQuerySet(models.QuerySet["User"]):
    def available(self) -> "PersonQuerySet":
        """People who can be named for work: active accounts."""
        return self.filter(is_active=True)

    def search(self, words: str) -> "PersonQuerySet":
        """People in whose name, username, address, unit or job every word occurs."""
        found = self
        for word in words.split():
            found = found.filter(
                models.Q(name__icontains=word)
                | models.Q(username__icontains=word)
                | models.Q(email__icontains=word)
                | models.Q(unit__icontains=word)
                | models.Q(job_title__icontains=word)
            )
        return found


class PersonManager(UserManager["User"]):
    def get_queryset(self) -> PersonQuerySet:
        return PersonQuerySet(self.model, using=self._db)

    def available(self) -> PersonQuerySet:
        return self.get_queryset().available()

    def search(self, words: str) -> PersonQuerySet:
        return self.get_queryset().search(words)


class User(AbstractUser):
    """A person with an account. Roles on one project are role assignments; the flags here span the organisation."""

    first_name = None  # type: ignore[assignment]  # one name field: not everybody has two names
    last_name = None  # type: ignore[assignment]  # see above
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"), unique=True)
    unit = models.CharField(_("unit"), max_length=120, blank=True)
    job_title = models.CharField(_("job"), max_length=120, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    is_solution_manager = models.BooleanField(_("solution manager"), default=False)
    is_program_manager = models.BooleanField(_("program manager"), default=False)
    is_auditor = models.BooleanField(_("auditor"), default=False)
    is_process_owner = models.BooleanField(_("process owner"), default=False)
    is_operator = models.BooleanField(_("operator"), default=False)

    REQUIRED_FIELDS = ["email", "name"]
    objects = PersonManager()  # type: ignore[misc]  # the base declares it on the class

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="user_auditor_changes_nothing",
                condition=models.Q(is_auditor=False)
                | models.Q(
                    is_solution_manager=False, is_program_manager=False, is_process_owner=False, is_operator=False
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def org_roles(self) -> list[OrgRole]:
        """Roles across the organisation, in the order of `OrgRole`."""
        return [role for role in OrgRole if getattr(self, role.flag)]

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return (self.name or self.username).split(" ")[0]
