"""Questions of our own have versions; a retirement takes a second person. Rows from before stay as they are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0017_parts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='checklistaddition',
            name='first',
            field=models.ForeignKey(help_text='version 1; none: this is it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='later', to='reviews.checklistaddition'),
        ),
        migrations.AddField(
            model_name='checklistaddition',
            name='number',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='version'),
        ),
        migrations.AddField(
            model_name='checklistaddition',
            name='reason',
            field=models.TextField(blank=True, help_text='why the question changes', verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='checklistaddition',
            name='replaces',
            field=models.ForeignKey(help_text='the version in force when proposed', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reviews.checklistaddition'),
        ),
        migrations.AddConstraint(
            model_name='checklistaddition',
            constraint=models.UniqueConstraint(fields=('first', 'number'), name='question_version_once'),
        ),
        migrations.AddConstraint(
            model_name='checklistaddition',
            constraint=models.UniqueConstraint(condition=models.Q(('approved_at__isnull', False), ('retired_at__isnull', True), _connector='OR'), fields=('replaces',), name='question_one_change'),
        ),
        migrations.AddConstraint(
            model_name='checklistaddition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first__isnull', True), ('number', 1), ('reason', ''), ('replaces__isnull', True)), models.Q(('first__isnull', False), ('number__gte', 2), ('replaces__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='question_change_says_why'),
        ),
        migrations.CreateModel(
            name='Retirement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(verbose_name='reason')),
                ('asked_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(null=True)),
                ('refusal', models.TextField(blank=True, verbose_name='why it was refused')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='retirements', to='reviews.checklistaddition')),
                ('refused_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='retirements', to='reviews.signeraddition')),
            ],
            options={
                'verbose_name': 'retirement of an addition',
                'ordering': ['id'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('question__isnull', False), ('signer__isnull', True)), models.Q(('question__isnull', True), ('signer__isnull', False)), _connector='OR'), name='retirement_of_one'),
                    models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', True), ('refused_at__isnull', True)), fields=('question',), name='retirement_one_of_question'),
                    models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', True), ('refused_at__isnull', True)), fields=('signer',), name='retirement_one_of_signer'),
                    models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='retirement_has_reason'),
                    models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), models.Q(('confirmed_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='retirement_confirmed_by_another'),
                    models.CheckConstraint(condition=models.Q(models.Q(('refusal', ''), ('refused_at__isnull', True), ('refused_by__isnull', True)), models.Q(('confirmed_at__isnull', True), ('refused_at__isnull', False), ('refused_by__isnull', False), models.Q(('refusal', ''), _negated=True)), _connector='OR'), name='retirement_refused_with_reason'),
                ],
            },
        ),
    ]
