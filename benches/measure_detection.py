#!/usr/bin/env python3
"""Measures what the program finds, and prints a table in Markdown.

    cargo build --release
    python3 benches/measure_detection.py [--program target/release/sporhund] [--shared ../shared]
                                         [--bench DIR] [--mib 16] [--skip speed,…]

Everything goes through the program itself: `sporhund detect --jsonl` with every level, and for speed
`sporhund scan --jobs 1`. `--shared` holds what is not part of the project: NorNE, test vectors, lists.
`--bench` holds generated files with their truth (`office.files.tsv`, `office.gt.bin` and so on); the
first of every few files are taken until `--mib` MiB are reached. What is not there is left out, and said
so. Only the standard library is needed; the same inputs give the same figures.
"""

import argparse
import json
import os
import random
import resource
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
LEVELS = {"low": 0, "medium": 1, "high": 2}
OVERLAPPING = {"address", "special-category", "criminal-record"}
BENCH_KINDS = "fnr dnr email phone account name address birthdate iban card ip plate".split()
BENCH_DETECTOR = {
    "fnr": "fodselsnummer", "dnr": "fodselsnummer", "email": "email", "phone": "phone",
    "account": "bank-account", "name": "name", "address": "address", "birthdate": "birth-date",
    "iban": "iban", "card": "payment-card", "ip": "ip-address", "plate": "licence-plate",
}
VECTOR_DETECTOR = {
    "kontonummer": "bank-account", "duf": "duf-number", "mrz": "passport", "orgnr": "organisation-number",
    "ip": "ip-address", "mac": "mac-address", "plate": "licence-plate", "kid": "customer-id",
    "hpr": "health-personnel-number",
}
NO_DETECTOR = {"student-number", "drivers-licence"}


def detect(program, documents):
    """The findings of each (path, text), at every level."""
    lines = (json.dumps({"path": path, "text": text}, ensure_ascii=False) for path, text in documents)
    with tempfile.TemporaryFile() as feed:
        for line in lines:
            feed.write(line.encode() + b"\n")
        feed.seek(0)
        command = [program, "detect", "--jsonl", "--min-confidence", "low"]
        with subprocess.Popen(command, stdin=feed, stdout=subprocess.PIPE) as child:
            for line in child.stdout:
                yield json.loads(line)["findings"]
        if child.returncode != 0:
            sys.exit(f"the program ended with {child.returncode}")


class Tally:
    def __init__(self):
        self.right = self.wrong = self.missed = 0

    def add(self, gold, found, overlapping=False):
        """Counts gold spans and found spans of one text."""
        if overlapping:
            self.missed += sum(not any(a < y and x < b for x, y in found) for a, b in gold)
            self.right += sum(any(a < y and x < b for x, y in found) for a, b in gold)
            self.wrong += sum(not any(a < y and x < b for a, b in gold) for x, y in found)
        else:
            both = len(gold & found)
            self.right += both
            self.missed += len(gold) - both
            self.wrong += len(found) - both

    def figures(self):
        share = lambda part, whole: part / whole if whole else 1.0
        return (share(self.right, self.right + self.wrong), share(self.right, self.right + self.missed),
                share(2 * self.right, 2 * self.right + self.wrong + self.missed))

    def text(self):
        precision, recall, f1 = self.figures()
        return f"P {precision:.4f} R {recall:.4f} F1 {f1:.4f} ({self.right + self.missed} gold, {self.wrong} wrong)"


def heard(findings, detector, level):
    least = LEVELS[level]
    return {(f["start"], f["end"]) for f in findings
            if f["detector"] == detector and LEVELS[f["confidence"]] >= least}


def row(what, asked, measured):
    print(f"| {what} | {asked} | {measured} |", flush=True)


def vectors(program, shared):
    folder = shared / "domain/vectors"
    right = checked = 0
    wrong = []
    for file in sorted(folder.glob("*.json")):
        items = json.loads(file.read_text())
        answers = detect(program, [("", item["text"]) for item in items])
        for item, findings in zip(items, answers):
            kind = item["kind"]
            if kind in NO_DETECTOR:
                continue
            prefixes = ("fodselsnummer", "d-nummer", "h-nummer", "fh-nummer", "npid", "synthetic")
            detector = VECTOR_DETECTOR.get(kind, "fodselsnummer" if kind.startswith(prefixes) else
                                           "phone" if kind.startswith("phone") else
                                           "email" if kind.startswith("email") else kind)
            checked += 1
            if any(f["detector"] == detector for f in findings) == item["valid"]:
                right += 1
            else:
                wrong.append(f"{file.stem}:{kind}")
    row("test vectors", "all", f"{right} of {checked}" + (f"; not: {', '.join(sorted(set(wrong)))}" if wrong else ""))


def bench(program, folder, mib):
    for kind in ("office", "db", "logs"):
        listing, truth = folder / f"{kind}.files.tsv", folder / f"{kind}.gt.bin"
        if not (listing.exists() and truth.exists()):
            print(f"left out: {kind} is not in {folder}", file=sys.stderr)
            continue
        files = [line.split("\t") for line in listing.read_text().splitlines()]
        step = max(1, sum(int(size) for *_, size in files) // (mib << 20))
        chosen, documents, odd = [], [], 0
        for number, path, _ in files[::step]:
            try:
                documents.append((path, (folder / path).read_bytes().decode()))
                chosen.append(int(number))
            except UnicodeDecodeError:
                odd += 1
        gold = {number: {} for number in chosen}
        data = truth.read_bytes()
        for number, of, _, length, offset in struct.iter_unpack("<IBBHQ", data):
            if number in gold:
                spans = gold[number].setdefault(BENCH_DETECTOR[BENCH_KINDS[of]], set())
                spans.add((offset, offset + length))
        tallies = {}
        for number, findings in zip(chosen, detect(program, documents)):
            for detector in set(BENCH_DETECTOR.values()):
                spans, found = gold[number].get(detector, set()), heard(findings, detector, "medium")
                every = heard(findings, detector, "low")
                if detector == "name":
                    # The truth does not mark the names in e-mail addresses; they count neither way.
                    addresses = gold[number].get("email", set())
                    found, every = without_those_in(found, addresses), without_those_in(every, addresses)
                low, medium = tallies.setdefault(detector, (Tally(), Tally()))
                low.add(spans, every, detector in OVERLAPPING)
                medium.add(spans, found, detector in OVERLAPPING)
        size = sum(len(text.encode()) for _, text in documents) / 1e6
        asked = {"fodselsnummer": "R 0.999, P 0.995 at medium", "email": "R 0.99, P 0.98 at medium",
                 "phone": "R 0.99, P 0.98 at medium"}
        print(f"{kind}: {len(documents)} files, {size:.1f} MB, {odd} not in UTF-8", file=sys.stderr)
        for detector, (low, medium) in sorted(tallies.items()):
            if medium.right + medium.missed + medium.wrong:
                row(f"{kind}: {detector}", asked.get(detector, "–"),
                    f"medium {medium.text()}; at any level R {low.figures()[1]:.4f}")


def without_those_in(found, addresses):
    return {(start, end) for start, end in found if not any(a <= start and end <= b for a, b in addresses)}


def ledger(program, shared):
    registers = json.loads((shared / "domain/data/bank_register_numbers_no.json").read_text())
    dice = random.Random(20261124)
    weights = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    numbers = []
    while len(numbers) < 100_000:
        ten = dice.choice(registers) + f"{dice.randrange(1_000_000):06}"
        check = -sum(w * int(d) for w, d in zip(weights, ten)) % 11
        if check < 10:
            numbers.append(f"{ten}{check}")
    text = "\n".join(numbers) + "\n"
    for path in ("hovedbok.txt", "hovedbok.csv"):
        found = {}
        for findings in detect(program, [(path, text)]):
            for f in findings:
                if f["detector"] != "bank-account" and LEVELS[f["confidence"]] >= 1:
                    found[f["detector"]] = found.get(f["detector"], 0) + 1
        persons = sum(found.values())
        row(f"100,000 account numbers without a header, `{path}`", "at most 20 as persons at medium",
            f"{persons}" + (f" ({', '.join(f'{k} {v}' for k, v in sorted(found.items()))})" if found else ""))


def norne(program, shared):
    documents = []
    for part in ("nob", "nno"):
        grouped = {}
        for line in (shared / f"names/norne/{part}-dev.jsonl").read_text().splitlines():
            sentence = json.loads(line)
            grouped.setdefault(sentence["doc"], []).append(sentence)
        for sentences in grouped.values():
            text, gold, at = "", set(), 0
            for sentence in sentences:
                own = sentence["text"]
                for start, end, kind in sentence["ents"]:
                    if kind == "PER":
                        gold.add((at + len(own[:start].encode()), at + len(own[:end].encode())))
                text += own + "\n"
                at += len(own.encode()) + 1
            documents.append((part, text[:-1], gold))
    answers = detect(program, [("", text) for _, text, _ in documents])
    counts = []
    for (part, _, gold), findings in zip(documents, answers):
        tally = Tally()
        tally.add(gold, heard(findings, "name", "medium"))
        counts.append((part, tally))
    whole = lambda some: sum_of(tally for _, tally in some)
    dice = random.Random(1)
    resampled = sorted(whole(dice.choices(counts, k=len(counts))).figures()[2] for _ in range(2000))
    margin = f"95 % from {resampled[50]:.3f} to {resampled[1949]:.3f} over {len(counts)} documents"
    row("names, NorNE dev, nb and nn, exact, medium", "F1 0.920", f"{whole(counts).text()}; {margin}")
    for part in ("nob", "nno"):
        row(f"names, NorNE dev, {part}", "–", whole([c for c in counts if c[0] == part]).text())


def sum_of(tallies):
    total = Tally()
    for tally in tallies:
        total.right += tally.right
        total.wrong += tally.wrong
        total.missed += tally.missed
    return total


def challenge(program, shared):
    items = [json.loads(line) for line in (shared / "names/challenge.jsonl").read_text().splitlines()]
    tally, kinds = Tally(), {}
    for item, findings in zip(items, detect(program, [("", item["text"]) for item in items])):
        text = item["text"]
        gold = {(len(text[:a].encode()), len(text[:b].encode())) for a, b, _ in item["ents"]}
        found = heard(findings, "name", "medium")
        tally.add(gold, found)
        kinds.setdefault(item["cat"], Tally()).add(gold, found)
    bad = ", ".join(f"{k} {t.missed} missed {t.wrong} wrong" for k, t in kinds.items() if t.missed + t.wrong)
    row("names, challenge set, exact, medium", "F1 0.85", f"{tally.text()}; {bad}")


def columns(program, shared):
    lists = shared / "names/lists"
    names = lambda file, most: [line.split("\t")[0] for line in (lists / file).read_text().splitlines()[:most]]
    given = names("ssb_fornavn.tsv", 2000) + names("scb_fornamn.tsv", 6000)[2000:]
    family = names("ssb_etternavn.tsv", 3500) + names("uscensus_surnames.tsv", 9000)[6000:]
    headers = {
        "nb": [("fornavn;etternavn;poststed", ";"), ("navn;telefon;poststed", ";")],
        "nn": [("fornamn;etternamn;poststad", ";"), ("namn;telefon;poststad", ";")],
        "en": [("first_name,last_name,city", ","), ("full_name,phone,city", ",")],
    }
    dice = random.Random(7)
    towns = ["Hamar", "Moss", "Halden", "Bergen", "Lund", "Lillestrøm", "Ski"]
    for lang, tables in headers.items():
        tally = Tally()
        for head, sign in tables:
            text, gold = head + "\n", set()
            for _ in range(400):
                one, two = dice.choice(given).capitalize(), dice.choice(family).capitalize()
                cells = [one, two] if head.startswith("f") and "full" not in head else [f"{one} {two}"]
                for cell in cells:
                    at = len(text.encode())
                    gold.add((at, at + len(cell.encode())))
                    text += cell + sign
                if len(cells) == 1:
                    text += "40612345" + sign
                text += dice.choice(towns) + "\n"
            for findings in detect(program, [("liste.csv", text)]):
                tally.add(gold, heard(findings, "name", "medium"))
        row(f"names, columns with a header in {lang}", "0.98", tally.text())


def own(program):
    for part in ("dev", "blind"):
        documents = [json.loads(line) for line in
                     (HOME / f"fixtures/corpus/{part}.jsonl").read_text().splitlines()]
        tallies = {}
        answers = detect(program, [(d["path"], d["text"]) for d in documents])
        for document, findings in zip(documents, answers):
            addresses = [(g["start"], g["end"]) for g in document["gold"] if g["detector"] == "email"]
            free = [(u["start"], u["end"]) for u in document["unscored"]]
            counted = [f for f in findings
                       if not any(f["start"] < b and a < f["end"] for a, b in free)
                       and not (f["detector"] == "name" and
                                any(a <= f["start"] and f["end"] <= b for a, b in addresses))]
            for detector in {g["detector"] for g in document["gold"]} | {f["detector"] for f in counted}:
                gold = {(g["start"], g["end"]) for g in document["gold"] if g["detector"] == detector}
                pair = tallies.setdefault(detector, (Tally(), Tally()))
                for tally, level in zip(pair, ("low", "medium")):
                    tally.add(gold, heard(counted, detector, level), detector in OVERLAPPING)
        for detector, (low, medium) in sorted(tallies.items()):
            row(f"own corpus, {part}: {detector}", "–",
                f"medium {medium.text()}; at any level P {low.figures()[0]:.4f} R {low.figures()[1]:.4f}")


def speed(program, folder):
    for kind in ("office", "db", "logs"):
        if not (folder / kind).is_dir():
            continue
        with tempfile.TemporaryDirectory() as place:
            environment = {**os.environ, "XDG_STATE_HOME": f"{place}/state"}
            command = [program, "scan", folder / kind, "--jobs", "1", "--format", "json", "--quiet",
                       "--inventory", f"{place}/new.db"]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = subprocess.run(command, capture_output=True, env=environment, cwd=place)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            size = json.loads(done.stdout)["coverage"]["bytes"] / 1e6
            asked = "250 MB/s for the detectors alone" if kind == "logs" else "–"
            row(f"whole scan, one thread, {kind}", asked, f"{size / seconds:.0f} MB per CPU second ({size:.0f} MB)")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--program", default=HOME / "target/release/sporhund", type=Path)
    arguments.add_argument("--shared", default=HOME.parent / "shared", type=Path)
    arguments.add_argument("--bench", type=Path)
    arguments.add_argument("--mib", default=16, type=int)
    arguments.add_argument("--skip", default="")
    given = arguments.parse_args()
    program, shared = str(given.program.resolve()), given.shared
    parts = [
        ("vectors", shared / "domain/vectors", lambda: vectors(program, shared)),
        ("bench", given.bench, lambda: bench(program, given.bench, given.mib)),
        ("ledger", shared / "domain/data", lambda: ledger(program, shared)),
        ("norne", shared / "names/norne", lambda: norne(program, shared)),
        ("challenge", shared / "names/challenge.jsonl", lambda: challenge(program, shared)),
        ("columns", shared / "names/lists", lambda: columns(program, shared)),
        ("own", HOME / "fixtures/corpus", lambda: own(program)),
        ("speed", given.bench, lambda: speed(program, given.bench)),
    ]
    print("| what | asked for at least | measured |\n|---|---|---|")
    for name, needs, work in parts:
        if name in given.skip.split(","):
            continue
        if needs is None or not needs.exists():
            print(f"left out: {name}, {needs or '--bench'} is not there", file=sys.stderr)
            continue
        work()


if __name__ == "__main__":
    main()
