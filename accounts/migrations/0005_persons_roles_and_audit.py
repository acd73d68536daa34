import uuid
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def each_voice_is_of_its_own_or_its_accounts_person(apps: Any, schema_editor: Any) -> None:
    Speaker = apps.get_model("accounts", "Speaker")
    Speaker.objects.update(person=models.F("id"))
    owned = Speaker.objects.exclude(user=None)
    for user in owned.values_list("user", flat=True).distinct():
        Speaker.objects.filter(user=user).update(person=owned.filter(user=user).earliest("created_at").pk)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_what_people_tell"),
        ("languages", "0002_reports_to_hide"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="when")),
                ("actor", models.CharField(max_length=64, verbose_name="who")),
                ("act", models.CharField(max_length=64, verbose_name="what")),
                ("about", models.CharField(blank=True, max_length=100, verbose_name="about")),
                ("details", models.JSONField(blank=True, default=dict, verbose_name="details")),
                ("previous", models.CharField(max_length=64, unique=True)),
                ("sha256", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit log",
                "ordering": ["-number"],
            },
        ),
        migrations.AddField(
            model_name="speaker",
            name="person",
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
        ),
        migrations.RunPython(each_voice_is_of_its_own_or_its_accounts_person, migrations.RunPython.noop),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="audit_head_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claims",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "claim of voices",
                "verbose_name_plural": "claims of voices",
            },
        ),
        migrations.CreateModel(
            name="ClaimedVoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_before", models.UUIDField()),
                ("was_anonymous", models.BooleanField()),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="voices",
                        to="accounts.claim",
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.speaker"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("claim", "speaker"), name="claimed_once")],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("moderator", "moderator"), ("organiser", "organiser")],
                        max_length=9,
                        verbose_name="role",
                    ),
                ),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                (
                    "language",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="languages.language",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "role",
                "verbose_name_plural": "roles",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "role", "language"), name="grant_once_a_language"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("language", None)),
                        fields=("user", "role"),
                        name="grant_once_for_all",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["moderator", "organiser"])), name="grant_is_known"
                    ),
                ],
            },
        ),
    ]
