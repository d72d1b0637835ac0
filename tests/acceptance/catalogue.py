"""The long runs by name: what each proves, its tests, and how far beyond `make test` it goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Check:
    """One long run. ``environment`` lengthens the same tests whose sample `make test` runs."""

    proves: str
    tests: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


CHECKS: Mapping[str, Check] = {
    "install": Check(
        proves="every lock installs exactly, by uv and by pip 23.0.1, on every Python found, beside newer releases",
        tests=("tests/platform/test_installation.py",),
        environment={"SOP_INSTALL": "1"},
    ),
    "compose": Check(
        proves="a journey from registration to report in compose.yaml's containers, by their mounts and environment",
        tests=("tests/platform/test_compose.py",),
        environment={"SOP_COMPOSE": "1"},
    ),
    "walks": Check(
        proves="20,000 random steps of a case, with readers and withdrawals beside them, keep every invariant",
        tests=("tests/cases/workflow/test_random_walks.py", "tests/trust/test_walks.py"),
        environment={"SOP_WALKS": "134"},
    ),
    "crashes": Check(
        proves="killed at every single place of upload, reading, signing and delivery, nothing is lost or doubled",
        tests=("tests/system/test_crash_points.py",),
        environment={"SOP_CRASHES": "1"},
    ),
    "feeds": Check(
        proves="2,000 events reach the broker, in order, while the process of feeds is killed twenty times",
        tests=("tests/kernel/feeds/test_kills.py",),
        environment={"SOP_FEEDS": "1"},
    ),
    "notifications": Check(
        proves="workers killed twenty times among 500 mails and 200 text messages lose none and repeat none unasked",
        tests=("tests/notifications/test_killed_workers.py",),
        environment={"SOP_KILLS": "20"},
    ),
    "flood": Check(
        proves="two senders of every hostile file delay nobody else's documents",
        tests=("tests/system/test_flood.py",),
        environment={"SOP_FLOOD": "1"},
    ),
    "hostile": Check(
        proves="every pattern that reads text of others grows no faster than the text, on every hostile input",
        tests=("tests/hostile/test_patterns.py",),
        environment={"SOP_HOSTILE_TEXT": "1"},
    ),
    "text": Check(
        proves="the text of 2,000 drawn pages is what is seen on them, or the page says that it is in doubt",
        tests=("tests/cases/reading/test_drawn_pages.py", "tests/field/test_text.py"),
        environment={"SOP_TEXT_PAGES": "2000"},
    ),
    "field": Check(
        proves="119 cases that people reported of records, pictures, imports, names and times have their right values",
        tests=(
            "tests/field/test_accounts.py",
            "tests/field/test_critical_values.py",
            "tests/field/test_dates.py",
            "tests/field/test_doors.py",
            "tests/field/test_files.py",
            "tests/field/test_imports.py",
            "tests/field/test_labs.py",
            "tests/field/test_names.py",
            "tests/field/test_rows.py",
            "tests/field/test_text.py",
            "tests/dashboard/test_plots.py",
            "tests/cases/documents/test_tus.py",
            "tests/cases/documents/test_archives.py",
            "tests/identity/test_second_factor.py",
            "tests/notifications/test_mail_links.py",
        ),
    ),
    "names": Check(
        proves="455 hand-made papers in ten scripts and 2,400 generated: no stranger's is accepted, no own one refused",
        tests=("tests/cases/documents/test_name_pairs.py",),
        environment={"SOP_NAMES": "1"},
    ),
    "scope": Check(
        proves="negated F1 is at least .95, historical and family .75 each, over 691 sentences in four languages",
        tests=("tests/analysis/test_scope.py",),
        environment={"SOP_SCOPE": "1"},
    ),
    "labs": Check(
        proves="590 laboratory pages of 22 layouts are read as printed, criticals right; what was changed on 260 others"
        " changes its finding or is in doubt; unseen layouts give no wrong critical",
        tests=("tests/corpora/labs/test_labs.py", "tests/field/test_labs.py", "tests/field/test_critical_values.py"),
        environment={"SOP_LAB_PAGES": "1000"},
    ),
    "masking": Check(
        proves="of 384 letters in four languages nothing known and less than 1 of 20 direct identifiers is left,"
        " and medicine stays",
        tests=("tests/kernel/test_masked_letters.py",),
        environment={"SOP_LETTERS": "384"},
    ),
    "templates": Check(
        proves="20,000 random templates read as handlebars.js reads them; 5,000 values and 200 canaries, none outward",
        tests=("tests/notifications/handlebars/test_oracle.py", "tests/notifications/test_template_lint.py"),
        environment={"SOP_TEMPLATES": "20000", "SOP_CANARY_VALUES": "5000"},
    ),
    "accepted": Check(
        proves="no request that the document allows is refused for its form, as patient, specialist, administrator",
        tests=("tests/fuzz/test_acceptance.py",),
        environment={"SOP_ACCEPTED": "20"},
    ),
    "fuzz": Check(
        proves="20,000 generated requests of each role meet no 5xx and no undocumented answer",
        tests=("tests/fuzz/test_api_fuzz.py",),
        environment={"SOP_FUZZ": "20000"},
    ),
    "proof": Check(
        proves="a report with any one byte changed is never called genuine",
        tests=("tests/cases/report/test_proof.py",),
        environment={"SOP_EVERY_BYTE": "1"},
    ),
    "pages": Check(
        proves="a record of 300 pages opens at its first page within a second",
        tests=("tests/browser/test_long_document.py",),
        environment={"SOP_LONG_PAGES": "300"},
    ),
    "stack": Check(
        proves="a stack of 100 slices of 512 × 512 scrolls by key without skipping one",
        tests=("tests/browser/test_images.py",),
        environment={"SOP_STACK_SLICES": "100", "SOP_STACK_SIZE": "512"},
    ),
    "line": Check(
        proves="the first page of a case is whole within a second at 4 Mbit/s and 40 ms to and fro",
        tests=("tests/browser/test_first_page.py",),
        environment={"SOP_THROTTLED": "1"},
    ),
    "campaigns": Check(
        proves="5,000 people are reached, each by one message, while the processes of a campaign are killed 20 times",
        tests=("tests/notifications/campaigns/test_killed_campaign.py",),
        environment={"SOP_CAMPAIGN": "1"},
    ),
    "zones": Check(
        proves="wall times of every zone of the machine, over 760 days, are those of PostgreSQL",
        tests=("tests/notifications/test_wall_times.py",),
        environment={"SOP_ZONES": "1"},
    ),
    "times": Check(
        proves="nobody learns from the time of an answer whether an address has an account, in 200 tries of each kind",
        tests=("tests/identity/test_enumeration.py",),
        environment={"SOP_TIMES_SAMPLES": "200"},
    ),
    "sockets": Check(
        proves="2,000 notices over a line cut 20 times, by each client and transport, and 50 clients while Valkey is"
        " killed: each sees all, once, in order",
        tests=("tests/notifications/socketio/test_clients.py", "tests/notifications/test_cut_lines.py"),
        environment={"SOP_SOCKET_NOTICES": "2000", "SOP_SOCKET_CUTS": "20", "SOP_SOCKET_CLIENTS": "50"},
    ),
    "imports": Check(
        proves="no statement of 79 FHIR bundles and C-CDA documents, as systems write them, is turned round or lost",
        tests=("tests/corpora/imports/test_records.py", "tests/field/test_imports.py"),
    ),
    "pictures": Check(
        proves="222 files as patients send them are shown as their writer says or refused with advice; names that lie,"
        " pictures, texts, DICOM, archives",
        tests=("tests/corpora/files/test_files.py", "tests/field/test_files.py"),
        environment={"SOP_PICTURES": "1"},
    ),
    "reread": Check(
        proves="100 documents as the reader of before left them are read again: every decision stands on the same value"
        " or is asked anew, reports with other critical values go to the medical director, nothing is lost or doubled",
        tests=("tests/system/test_rereading.py",),
        environment={"SOP_REREAD": "100"},
    ),
}
