"""What all tests share."""

from tests.guards_plugin import guards_step_aside_for_the_flush

__all__ = ["guards_step_aside_for_the_flush"]
