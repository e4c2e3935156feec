"""What each signature hangs on. Packets from before are everybody's whole: a round being signed now is signed anew."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from projects import guards


def whole_packets(apps: Any, schema_editor: Any) -> None:
    """Every signature so far was given on the whole packet. The guards come back after `migrate`."""
    guards.lift(schema_editor.connection.alias)
    sign_offs = apps.get_model("reviews", "SignOff").objects
    packets = apps.get_model("reviews", "Packet").objects.filter(pk=OuterRef("packet"))
    sign_offs.update(part_digest=Subquery(packets.values("digest")[:1]))
    signers = apps.get_model("reviews", "Participant").objects.filter(signs=True, removed_at__isnull=True)
    again = signers.filter(review__state="signing", sign_offs__isnull=False).values("pk")
    signers.filter(pk__in=again).update(asked_at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0016_condition_moves'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='signoff',
            name='signoff_once',
        ),
        migrations.AddField(
            model_name='packet',
            name='parts',
            field=models.JSONField(default=dict, help_text='signing group: SHA-256 of what of it concerns the group, in hex'),
        ),
        migrations.AddField(
            model_name='signoff',
            name='part_digest',
            field=models.CharField(default='', help_text="SHA-256 of what of it concerns the signer's group, in hex", max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(whole_packets, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='packet',
            name='body',
            field=models.TextField(help_text='canonical JSON, UTF-8; see reviews.packets'),
        ),
        migrations.AlterField(
            model_name='signoff',
            name='packet',
            field=models.ForeignKey(help_text='what was shown', on_delete=models.deletion.PROTECT, related_name='sign_offs', to='reviews.packet'),
        ),
        migrations.AddConstraint(
            model_name='signoff',
            constraint=models.UniqueConstraint(fields=('participant', 'part_digest'), name='signoff_once'),
        ),
    ]
