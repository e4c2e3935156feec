"""The lower app: what is being delivered."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "Projects"

    def ready(self) -> None:
        from projects import account_events  # noqa: F401  # connects the receivers

        # Not domain work: the two moments that Django gives for database objects it does not know of itself.
        # The reason is in docs/decisions/database-guards.md.
        pre_migrate.connect(lift_guards, sender=self, dispatch_uid="guards.lift")
        post_migrate.connect(install_guards, sender=self, dispatch_uid="guards.install")


def lift_guards(*, using: str, plan: list[Any] | None = None, **kwargs: object) -> None:
    """SQLite alters a table by making it anew, and stumbles over triggers that name it: they step aside meanwhile."""
    from projects import guards

    if plan and connections[using].vendor == "sqlite":
        guards.lift(using)


def install_guards(*, using: str, **kwargs: object) -> None:
    """Every `migrate` ends with all guards standing as written, of both apps."""
    from projects import guards

    guards.install(using)
