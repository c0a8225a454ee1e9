"""Speed and, with an answer key, quality of linking names to skills. Prints JSON.

    python -m benchmarks.linking                                        the starter taxonomy, names with a typing slip
    python -m benchmarks.linking --esco FOLDER                          the same over all of ESCO
    python -m benchmarks.linking --esco FOLDER --labels FOLDER --language sv --key FILE.csv.gz

A key has the columns nationalSkillLabel, escoSkillUri, mappingRelation; exact and close matches count as right.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import random
import resource
import statistics
import time
from pathlib import Path

from echo_core.skills import Linker, Taxonomy, read_esco, starter
from echo_core.skills.esco import esco_id


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--esco", type=Path, help="folder of an ESCO release; without it the starter taxonomy")
    parser.add_argument("--labels", type=Path, help="folder with labels of further languages")
    parser.add_argument("--language", default="en")
    parser.add_argument("--key", type=Path, help="answer key, CSV, plain or gzip")
    parser.add_argument("--names", type=int, default=1_000, help="names to ask for when there is no key")
    options = parser.parse_args()

    began = time.process_time()
    taxonomy = _taxonomy(options)
    read_s = time.process_time() - began
    right = _answers(options.key) if options.key else {}
    names = sorted(right) or _misspelled(taxonomy, options.names)

    linker = Linker(taxonomy)
    began = time.process_time()
    linker.link("zzxq vrrk", language=options.language)
    build_s = time.process_time() - began
    times = []
    links = {}
    for name in names:
        began = time.perf_counter()
        links[name] = linker.link(name, language=options.language)
        times.append((time.perf_counter() - began) * 1_000)
    report = {
        "labels": sum(len(skill.labels) for skill in taxonomy),
        "names": len(names),
        "read_cpu_s": round(read_s, 2),
        "build_cpu_s": round(build_s, 2),
        "link_ms_mean": round(statistics.fmean(times), 2),
        "link_ms_p99": round(sorted(times)[int(0.99 * len(times))], 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "threshold": linker.threshold,
        "linked_share": round(sum(link.skill_id is not None for link in links.values()) / len(links), 3),
    }
    if right:
        made = [name for name in names if links[name].skill_id]
        ranks = [
            next((at for at, (one, _) in enumerate(links[name].candidates, 1) if one in right[name]), 0)
            for name in names
        ]
        report |= {
            "linked_precision": round(sum(links[name].skill_id in right[name] for name in made) / max(1, len(made)), 3),
            "recall_at_10": round(sum(0 < rank <= 10 for rank in ranks) / len(ranks), 3),
            "mrr": round(sum(1 / rank for rank in ranks if rank) / len(ranks), 3),
        }
    print(json.dumps(report, indent=2))


def _taxonomy(options: argparse.Namespace) -> Taxonomy:
    if not options.esco:
        return starter()
    languages = tuple(dict.fromkeys(("en", options.language)))
    return read_esco(options.esco, languages, label_folders=[options.labels] if options.labels else [])


def _answers(path: Path) -> dict[str, set[str]]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    right: dict[str, set[str]] = {}
    for row in csv.DictReader(io.StringIO(raw.decode())):
        if row["mappingRelation"] in ("skos:exactMatch", "skos:closeMatch"):
            right.setdefault(row["nationalSkillLabel"], set()).add(esco_id(row["escoSkillUri"]))
    return right


def _misspelled(taxonomy: Taxonomy, count: int) -> list[str]:
    chance = random.Random(7)  # noqa: S311 - the same names in every run
    labels = sorted({label.text for skill in taxonomy for label in skill.labels if len(label.text) > 6})
    chosen = chance.sample(labels, min(count, len(labels)))
    return [_slip(label, chance) for label in chosen]


def _slip(label: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(label) - 1)
    return label[:at] + chance.choice("aeinrst") + label[at + 1 :]


if __name__ == "__main__":
    main()
