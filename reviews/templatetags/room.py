"""Words for codes, in pages about reviews."""

from django import template

from projects.catalog.artifacts import artifact_name as name_of_artifact

register = template.Library()


@register.filter
def artifact_name(code: str) -> str:
    """The name of an artifact kind."""
    return name_of_artifact(code)
