"""The law of the readings over thousands of models: `python tests/laws/law_of_readings.py --models 5000 --seed 1`.

Works in parts, each with one start of LibreOffice, and writes a line a part into the record (JSON lines): started
again with the same seed it goes on where it stopped. Exit code 1 where two readings disagree.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from law_books import Tally, judged, made  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description="models of the function table, engine against workbook")
    parser.add_argument("--models", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", type=int, default=250, help="models to one start of LibreOffice")
    parser.add_argument("--record", type=Path, help="a file of JSON lines that says what is done")
    asked = parser.parse_args()
    lines = asked.record.read_text().splitlines() if asked.record and asked.record.exists() else []
    done = {(line["seed"], line["first"]): line for line in map(json.loads, lines)}
    parts = []
    for first in range(0, asked.models, asked.part):
        line = done.get((asked.seed, first)) or _part(asked.seed, first, min(asked.part, asked.models - first))
        parts.append(line)
        if asked.record and (asked.seed, first) not in done:
            with asked.record.open("a") as record:
                record.write(json.dumps(line, ensure_ascii=False) + "\n")
        print(f"{first + line['tally']['models']}: {len(line['findings'])} disagree, {line['seconds']} s", flush=True)
    sums = {key: sum(line["tally"][key] for line in parts) for key in asdict(Tally())}
    findings = [text for line in parts for text in line["findings"]]
    print(*findings, sep="\n")
    print(f"seed {asked.seed}: {sums}; {len(findings)} disagree; {sum(line['seconds'] for line in parts):.0f} s")
    return 1 if findings else 0


def _part(seed: int, first: int, count: int) -> dict:
    began, tally = time.monotonic(), Tally()
    with tempfile.TemporaryDirectory() as folder:
        cases = [made(number, seed * 100_000 + number) for number in range(first, first + count)]
        findings = judged(cases, Path(folder), tally)
    seconds = round(time.monotonic() - began, 1)
    return {"seed": seed, "first": first, "seconds": seconds, "tally": asdict(tally), "findings": [*map(str, findings)]}


if __name__ == "__main__":
    sys.exit(main())
