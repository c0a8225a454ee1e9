"""Speed and, with an answer key, precision of spotting skills in texts. Prints JSON.

    python -m benchmarks.spotting                                       the starter taxonomy over an invented post
    python -m benchmarks.spotting --esco FOLDER --text FILE             the same over all of ESCO and your own text
    python -m benchmarks.spotting --esco FOLDER --key FILE.csv.gz       precision and recall of automatic tags

A key has the columns sentence and label; labels that are no preferred label of the taxonomy count as "no skill".
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import resource
import time
from collections.abc import Callable
from pathlib import Path

from echo_core.skills import Spotter, Taxonomy, read_esco, starter
from echo_core.skills.taxonomy.graph import GROUP

POST = """Senior data engineer
What you'll do
- Design and run data pipelines in Python and SQL on Amazon Web Services, together with product and marketing teams
- Keep our PostgreSQL and Snowflake warehouses healthy, fast and well documented, and improve how we monitor them
- Help analysts answer questions about customers; explain trade-offs to people who do not write software every day
What you bring
- Several years of work with Apache Kafka or Spark, a liking for test automation and code review
- Good written communication, patience, and an interest in how other people do their work
- Experience with Kubernetes is welcome and not required; no knowledge of accounting is needed
We read every application and answer within two weeks. The office is close to the station and dogs are welcome there.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--esco", type=Path, help="folder of an ESCO release; without it the starter taxonomy")
    parser.add_argument("--merged", action="store_true", help="the starter taxonomy laid over ESCO")
    parser.add_argument("--text", type=Path, help="text to measure speed on; without it an invented post")
    parser.add_argument("--key", type=Path, help="answer key, CSV, plain or gzip")
    parser.add_argument("--seconds", type=float, default=2.0, help="CPU seconds to measure each speed for")
    options = parser.parse_args()

    taxonomy = read_esco(options.esco) if options.esco else starter()
    if options.esco and options.merged:
        taxonomy = starter().merged(taxonomy)
    spotter = Spotter(taxonomy)
    began = time.process_time()
    spotter.spot("")
    spotter.spot(POST)
    build_s = time.process_time() - began
    text = options.text.read_text(encoding="utf-8") if options.text else POST * 8
    lower = text.lower()
    report = {
        "spellings_from_labels": sum(len(skill.labels) for skill in taxonomy),
        "build_cpu_s": round(build_s, 2),
        "dictionary_mb_per_s": _speed(lambda: spotter.walk(lower, text, {"en"}), text, options.seconds),
        "whole_mb_per_s": _speed(lambda: spotter.spot(text, language="en"), text, options.seconds),
        "mentions_per_kb": round(len(spotter.spot(text, language="en")) / len(text) * 1_000, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    if options.key:
        report |= _quality(spotter, taxonomy, options.key)
    print(json.dumps(report, indent=2))


def _speed(work: Callable[[], object], text: str, seconds: float) -> float:
    rounds = 0
    began = time.process_time()
    while (spent := time.process_time() - began) < seconds:
        work()
        rounds += 1
    return round(rounds * len(text.encode()) / 1e6 / spent, 2)


def _quality(spotter: Spotter, taxonomy: Taxonomy, path: Path) -> dict[str, float]:
    by_label = {skill.label: skill.id for skill in taxonomy if skill.source == "esco" and skill.kind != GROUP}
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    right: dict[str, set[str]] = {}
    for row in csv.DictReader(io.StringIO(raw.decode())):
        answer = right.setdefault(row["sentence"], set())
        if row["label"] in by_label:
            answer.add(by_label[row["label"]])
    hits = tagged = wanted = 0
    for sentence, answer in right.items():
        found = {one.skill_id for one in spotter.spot(sentence, language="en") if one.automatic}
        hits += len(found & answer)
        tagged += len(found)
        wanted += len(answer)
    precision, recall = hits / max(1, tagged), hits / max(1, wanted)
    return {
        "sentences": len(right),
        "automatic_precision": round(precision, 3),
        "automatic_recall": round(recall, 3),
        "automatic_f1": round(2 * precision * recall / max(1e-9, precision + recall), 3),
    }


if __name__ == "__main__":
    main()
