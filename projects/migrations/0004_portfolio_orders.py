"""Indexes for the orders of the portfolio.

PostgreSQL needs one more: rows without a planned end come last there, which its plain indexes do not offer. SQLite
reads its plain index that way by itself.
"""

from django.db import migrations, models


def only_on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_auditor_is_no_operator")]

    operations = [
        migrations.AddIndex(
            model_name="project", index=models.Index(fields=["title", "id"], name="project_by_title")
        ),
        migrations.AddIndex(
            model_name="project", index=models.Index(fields=["planned_end", "id"], name="project_by_end")
        ),
        migrations.RunPython(
            only_on_postgresql(
                "CREATE INDEX project_by_end_last ON projects_project (planned_end DESC NULLS LAST, id DESC)"
            ),
            only_on_postgresql("DROP INDEX project_by_end_last"),
        ),
    ]
