"""What a page adds to the counters of its run, be it stored or only looked at."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from echo_core.connectors.declaration import Page
from echo_hub.store.runs import RunReport
from echo_hub.sync.compare import Compared


def counted(report: RunReport, page: Page, compared: Compared) -> RunReport:
    """The report with the page in it; what the page removes is counted by those who remove it."""
    return replace(
        report,
        read=report.read + len(page.records),
        written=report.written + compared.written,
        unchanged=report.unchanged + compared.unchanged,
        quarantined=report.quarantined + len(compared.rejected),
        excluded=report.excluded + sum(compared.exclusions.values()),
        repeated=report.repeated + compared.repeated,
        shortened=report.shortened + compared.shortened,
        exclusions=dict(Counter(report.exclusions) + Counter(compared.exclusions)),
    )
