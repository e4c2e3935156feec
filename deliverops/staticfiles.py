"""Which static files the site publishes."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class TrimmedStaticFiles(StaticFilesConfig):
    """Leaves out the Bootstrap builds that no page uses: 29 MB become 11. The ``*.map`` beside a kept build stays,
    since manifest storage resolves the reference to it."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "bootstrap-grid*",
        "bootstrap-reboot*",
        "bootstrap-utilities*",
        "*.rtl.*",
        "bootstrap.esm*",
        "bootstrap.js*",
        "bootstrap.min.js*",
    ]
