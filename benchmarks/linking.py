"""Speed of linking names to skills, on one core. Prints JSON; how often links are right, `benchmarks.quality` measures.

    python -m benchmarks.linking                                        the starter taxonomy, names with a typing slip
    python -m benchmarks.linking --esco FOLDER                          the same over all of ESCO
    python -m benchmarks.linking --esco FOLDER --labels FOLDER --language sv --key FILE.csv.gz

With a key, as for `benchmarks.quality skill-names`, its names are linked. Every run begins with nothing kept. The
processor's time is measured, since a machine is seldom alone; the best run says what linking costs.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import time
from pathlib import Path

from benchmarks.quality.skill_names import read_key
from echo_core.skills import Linker, Taxonomy, read_esco, starter


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--esco", type=Path, help="folder of an ESCO release; without it the starter taxonomy")
    parser.add_argument("--labels", type=Path, help="folder with labels of further languages")
    parser.add_argument("--language", default="en")
    parser.add_argument("--key", type=Path, help="answer key, CSV, plain or gzip")
    parser.add_argument("--names", type=int, default=1_000, help="names to ask for when there is no key")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()

    began = time.process_time()
    taxonomy = _taxonomy(options)
    read_s = time.process_time() - began
    names = sorted(read_key(options.key)) if options.key else _misspelled(taxonomy, options.names)
    builds, means, slowest, linked = [], [], [], 0
    for _ in range(max(1, options.runs)):
        linker = Linker(taxonomy)
        began = time.process_time()
        linker.link("zzxq vrrk", language=options.language)
        builds.append(time.process_time() - began)
        times, linked = [], 0
        for name in names:
            began = time.process_time()
            link = linker.link(name, language=options.language)
            times.append((time.process_time() - began) * 1_000)
            linked += link.skill_id is not None
        means.append(statistics.fmean(times))
        slowest.append(sorted(times)[int(0.99 * len(times))])
    report = {
        "labels": sum(len(skill.labels) for skill in taxonomy),
        "names": len(names),
        "runs": len(means),
        "read_cpu_s": round(read_s, 2),
        "build_cpu_s": round(min(builds), 2),
        "link_ms_mean_best": round(min(means), 2),
        "link_ms_mean_median": round(statistics.median(means), 2),
        "link_ms_p99_best": round(min(slowest), 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "linked_share": round(linked / max(1, len(names)), 3),
    }
    print(json.dumps(report, indent=2))


def _taxonomy(options: argparse.Namespace) -> Taxonomy:
    if not options.esco:
        return starter()
    languages = tuple(dict.fromkeys(("en", options.language)))
    return read_esco(options.esco, languages, label_folders=[options.labels] if options.labels else [])


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
