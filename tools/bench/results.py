# SPDX-License-Identifier: GPL-2.0
"""From what the guests printed to rows: medians, ranges, percentiles, ratios."""
import collections
import json
import math
import statistics

EEVDF = "eevdf"
PERCENTILES = {"p50": 50, "p99": 99, "p99.9": 99.9}


def percentile(samples, percent):
    """The nearest rank: a value that was measured."""
    rank = math.ceil(round(len(samples) * percent / 100, 6))
    return sorted(samples)[max(rank, 1) - 1]


def name_of(scenario, suffix):
    return scenario if suffix == "-" else f"{scenario}-{suffix}"


class Measured:
    """One row in the making: the results of its repeats."""

    def __init__(self):
        self.unit = None
        self.values = []
        self.value = None

    def add(self, unit, value):
        self.unit = unit
        self.values.append(value)

    def row(self, scenario, scheduler, cpus):
        value = statistics.median(self.values) if self.value is None else self.value
        return {"scenario": scenario, "scheduler": scheduler, "cpus": cpus, "unit": self.unit,
                "value": rounded(value), "spread": [rounded(min(self.values)), rounded(max(self.values))],
                "ratio_to_eevdf": None}


def rounded(value):
    return float(f"{value:.5g}")


def parse(raw):
    """Lines of a guest: (scheduler, scenario, words)."""
    for line in raw.splitlines():
        _, scheduler, scenario, text = line.split("\t", 3)
        yield scheduler, scenario, text.split()


def collect(machines):
    """{cpus: raw} to what results.json has."""
    found = {"kernel": None, "date": None, "rows": [], "curves": [], "timelines": [], "missing": []}
    for cpus, raw in machines.items():
        measured = collections.defaultdict(Measured)
        pooled = collections.defaultdict(list)
        switches = collections.defaultdict(list)
        for scheduler, scenario, words in parse(raw):
            if scenario == "kernel":
                found["kernel"] = words[0]
            elif words[0] == "result":
                measured[name_of(scenario, words[1]), scheduler].add(words[2], float(words[3]))
            elif words[0] == "samples":
                take_samples(measured, pooled, name_of(scenario, words[1]), scheduler, words[2],
                             [int(word) for word in words[3:]])
            elif words[0] == "switch":
                switches[scheduler].append((int(words[1]), float(words[2]) * 1e6, int(words[3]), " ".join(words[4:])))
            elif words[0] == "failed":
                note_missing(found, scenario, scheduler, cpus, " ".join(words[1:]))
        for (name, scheduler), samples in pooled.items():
            measured[f"{name}-p99.9", scheduler].value = percentile(samples, 99.9)
            found["curves"].append(curve(name, scheduler, cpus, samples))
        found["timelines"] += [timeline(scheduler, cpus, events) for scheduler, events in switches.items()]
        rows = [m.row(name, scheduler, cpus) for (name, scheduler), m in measured.items()]
        found["rows"] += with_ratios(rows)
    return found


def take_samples(measured, pooled, name, scheduler, unit, samples):
    measured[f"{name}-avg", scheduler].add(unit, statistics.mean(samples))
    for suffix, percent in PERCENTILES.items():
        measured[f"{name}-{suffix}", scheduler].add(unit, percentile(samples, percent))
    measured[f"{name}-max", scheduler].add(unit, max(samples))
    pooled[name, scheduler] += samples


def note_missing(found, scenario, scheduler, cpus, reason):
    entry = {"scenario": scenario, "scheduler": scheduler, "cpus": cpus, "reason": reason}
    if entry not in found["missing"]:
        found["missing"].append(entry)


def curve(name, scheduler, cpus, samples):
    """Percent of the samples that are no larger than a value, where it matters."""
    percents = [0, 1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 99.5, 99.9, 100]
    return {"scenario": name, "scheduler": scheduler, "cpus": cpus, "unit": "ns",
            "points": [[percent, percentile(samples, percent)] for percent in percents]}


def timeline(scheduler, cpus, switches):
    """Who ran when: [CPU, from, until, name], in us since the first switch."""
    start, end = min(s[1] for s in switches), max(s[1] for s in switches)
    slices, running = [], {}
    for cpu, at, pid, name in sorted(switches, key=lambda s: s[1]) + [(cpu, end, 0, "") for cpu in range(cpus)]:
        if cpu in running and running[cpu][1]:
            since, _, before = running[cpu]
            slices.append([cpu, round(since - start, 1), round(at - start, 1), before])
        running[cpu] = at, pid, name
    return {"scheduler": scheduler, "cpus": cpus, "unit": "us", "slices": slices}


def with_ratios(rows):
    base = {row["scenario"]: row["value"] for row in rows if row["scheduler"] == EEVDF}
    for row in rows:
        if base.get(row["scenario"]):
            row["ratio_to_eevdf"] = rounded(row["value"] / base[row["scenario"]])
    return rows


def is_tie(row, base):
    """The ranges overlap: the comparison says nothing."""
    return row["spread"][0] <= base["spread"][1] and base["spread"][0] <= row["spread"][1]


def bases(found):
    """EEVDF's rows by scenario and machine."""
    return {(row["scenario"], row["cpus"]): row for row in found["rows"] if row["scheduler"] == EEVDF}


def verdict(row, base):
    """What the comparison says: nothing, a ratio, or that it is a tie."""
    if row["ratio_to_eevdf"] is None or row["scheduler"] == EEVDF:
        return ""
    return f"{row['ratio_to_eevdf']:.3g} x" + (" (tie)" if is_tie(row, base) else "")


def grouped(found):
    """[(scenario, cpus, rows)] in the order of measuring."""
    groups = collections.defaultdict(list)
    for row in found["rows"]:
        groups[row["cpus"], row["scenario"]].append(row)
    return [(scenario, cpus, rows) for (cpus, scenario), rows in groups.items()]


def show(value, unit):
    """For people: four digits, and nanoseconds as what they are called."""
    if unit == "ns":
        for size, name in ((1e9, "s"), (1e6, "ms"), (1e3, "us")):
            if value >= size:
                return f"{value / size:.4g} {name}"
    return f"{value:.4g} {unit}" if value < 1e4 else f"{value:,.0f} {unit}"


def table(found):
    lines = [f"Linux {found['kernel']}, {found['date']}; ratios are to eevdf, less is better; a tie: the ranges overlap"]
    base = bases(found)
    for scenario, cpus, rows in grouped(found):
        lines.append(f"\n{scenario}, {cpus} CPU{'s' if cpus > 1 else ''}")
        for row in rows:
            low, high = (show(value, row["unit"]) for value in row["spread"])
            lines.append(f"  {row['scheduler']:<24} {show(row['value'], row['unit']):>14}"
                         f"  {verdict(row, base.get((scenario, cpus))):<14}  {low} .. {high}")
    for entry in found["missing"]:
        lines.append(f"missing: {entry['scenario']}, {entry['cpus']} CPUs, {entry['scheduler']}: {entry['reason']}")
    return "\n".join(lines)


def markdown(found):
    """A scenario a line, a scheduler a column: the median, and the ratio or "tie"."""
    names = list(dict.fromkeys(row["scheduler"] for row in found["rows"]))
    lines = ["| scenario | CPUs | " + " | ".join(names) + " |", "|---" * (len(names) + 2) + "|"]
    base = bases(found)
    for scenario, cpus, rows in grouped(found):
        by_name = {row["scheduler"]: row for row in rows}
        cells = [scenario, str(cpus)]
        for name in names:
            row = by_name.get(name)
            said = verdict(row, base.get((scenario, cpus))) if row else ""
            shown = show(row["value"], row["unit"]) if row else "–"
            cells.append(f"{shown}, {said.replace(' x', ' ×')}" if said else shown)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def save(found, path):
    """As json, a row a line."""
    parts = []
    for key, value in found.items():
        if isinstance(value, list):
            value = "[\n  " + ",\n  ".join(json.dumps(item) for item in value) + "\n ]" if value else "[]"
        else:
            value = json.dumps(value)
        parts.append(f' "{key}": {value}')
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n")
