"""Signatures and what they were given on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.models import User
from reviews.models.delegation import Delegation
from reviews.models.review import Participant, Review


class Packet(models.Model):
    """The canonical bytes that signers saw. Rows are only added."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="packets")
    digest = models.CharField(max_length=64, help_text="SHA-256 of body, in hex")
    body = models.TextField(help_text="canonical JSON, UTF-8; see reviews.packets")
    parts = models.JSONField(default=dict, help_text="signing group: SHA-256 of what of it concerns the group, in hex")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "digest"], name="packet_once")]

    def __str__(self) -> str:
        return self.digest[:12]


class Position(models.TextChoices):
    """EXT-08."""

    AGREE = "agree", _("Agree")
    SUPPORT = "support", _("Disagree, but will support")
    DISSENT = "dissent", _("Dissent")


class SignOff(models.Model):
    """One person's signature under one packet. Never changed, never deleted.

    It counts while what of the round concerns the signer's group has the same digest: derived, never stored.
    """

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="sign_offs")
    packet = models.ForeignKey(Packet, on_delete=models.PROTECT, related_name="sign_offs", help_text="what was shown")
    part_digest = models.CharField(max_length=64, help_text="SHA-256 of what of it concerns the signer's group, in hex")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_offs")
    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, null=True, related_name="sign_offs", help_text="by which it was given"
    )
    on_behalf_of = models.CharField(max_length=150, blank=True, help_text="printed name of who delegated it")
    position = models.CharField(_("position"), max_length=8, choices=Position)
    comment = models.TextField(_("comment"), blank=True)
    meaning = models.CharField(max_length=40)
    statement = models.TextField()
    printed_name = models.CharField(max_length=150)
    role = models.CharField(max_length=120)
    method = models.CharField(max_length=60)
    signed_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    ip = models.GenericIPAddressField(null=True)
    idempotency_key = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["participant", "part_digest"], name="signoff_once"),
            models.CheckConstraint(name="signoff_position_known", condition=Q(position__in=Position.values)),
            models.CheckConstraint(name="signoff_dissent_says_why", condition=Q(position="agree") | ~Q(comment="")),
            models.CheckConstraint(
                name="signoff_is_manifest",
                condition=~Q(meaning="") & ~Q(statement="") & ~Q(printed_name="") & ~Q(method=""),
            ),
            models.CheckConstraint(
                name="signoff_delegated_paired",
                condition=Q(delegation__isnull=True, on_behalf_of="")
                | (Q(delegation__isnull=False) & ~Q(on_behalf_of="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signed_as}: {self.get_position_display()}"

    @property
    def signed_as(self) -> str:
        """The name as it is printed: that of who signed, and for whom where the signature was delegated."""
        if not self.on_behalf_of:
            return self.printed_name
        return gettext("%(name)s for %(other)s") % {"name": self.printed_name, "other": self.on_behalf_of}
