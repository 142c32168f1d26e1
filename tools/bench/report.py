# SPDX-License-Identifier: GPL-2.0
"""Draws report.html from what results.json holds: one file, needs no network.

Every figure in it is in the table at its end too, with the exact value of
results.json in the attribute data-value.
"""
import html
import itertools
import math
import re

import results

EEVDF_COLOR = "#8a8f98"
LANES_COLORS = ["#1f6fb2", "#2a9d6f", "#7a5cc0", "#4a8f9e", "#5b7bd6"]
OTHER_COLORS = ["#d98324", "#b5473c", "#c04f8b", "#9a7b2f", "#6d4c41"]
TASK_COLORS = {"compositor": "#b5473c", "render": "#1f6fb2", "input": "#2a9d6f", "compile": "#cfc6a8"}

# Which rows are drawn as bars; all others are in the table only.
FAMILIES = [
    ("Switching", "pipe.*|yield-2|threads|processes", "A round trip of a byte, a yield, a life."),
    ("Messages", "hackbench.*", "Twenty tasks that talk to each other."),
    ("Latency", "(sleeper|cyclictest|fifo|designated|server).*(avg|p99|max)",
     "How late a task runs that has been woken. The first 50 us of an ordinary sleeper are its timer slack."),
    ("Desktop", "desktop.*(missed-frames|avg|p99|max)",
     "A compositor, its render pool and an input thread beside compile jobs."),
    ("Fairness", "(nice|groups)-error", "The largest error against the share that the weights give."),
    ("Balance", "balance.*", "Two hogs for each CPU start on one CPU: until 90 % of the machine is used; until it is even."),
    ("What a scheduler takes itself", "(callbacks|loader).*",
     "Its callbacks, each for a call and all for a round trip of pipe-same-cpu, counting included; its loader."),
]

# So much of every timeline is shown, side by side.
WINDOW_US = 50000

GROWTH = [("Tasks on one CPU", "yield-", 2), ("CPUs, two tasks on each", "yield-per-cpu", None)]

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 1180px; margin: 2em auto; padding: 0 1em }
h1 { font-size: 1.6em } h2 { margin: 2em 0 .2em; border-bottom: 1px solid #ccc } h3 { font-size: 1em; margin: .3em 0 }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(540px, 1fr)); gap: 14px }
.card { border: 1px solid #ddd; border-radius: 6px; padding: 8px 12px; background: #fff }
svg { width: 100%; height: auto; display: block } svg text { font: 12px system-ui, sans-serif; fill: #222 }
svg .small { font-size: 11px; fill: #555 }
table { border-collapse: collapse; font-size: 13px; width: 100% }
td, th { padding: 2px 8px; text-align: right; border-bottom: 1px solid #e5e5e5 } td:first-child, th:first-child,
td:nth-child(2), th:nth-child(2) { text-align: left } .key { display: inline-block; width: 12px; height: 12px;
margin: 0 5px 0 14px; vertical-align: -1px; border-radius: 2px } p.note { color: #555; margin: .2em 0 .8em }
"""


def esc(text):
    return html.escape(str(text), quote=True)


class Drawing:
    """An SVG in the making."""

    def __init__(self, width, height, title):
        self.head = f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{esc(title)}">'
        self.parts = []

    def line(self, x1, y1, x2, y2, color="#ddd", extra=""):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}" {extra}/>')

    def rect(self, x, y, width, height, color, title=""):
        tip = f"<title>{esc(title)}</title>" if title else ""
        self.parts.append(f'<rect x="{x:.2f}" y="{y:.1f}" width="{max(width, .3):.2f}" height="{height}"'
                          f' fill="{color}">{tip}</rect>')

    def text(self, x, y, text, anchor="start", small=False):
        small = ' class="small"' if small else ""
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{small}>{esc(text)}</text>')

    def path(self, points, color):
        dots = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{dots}" fill="none" stroke="{color}" stroke-width="2"/>')

    def dot(self, x, y, color, title):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{color}"><title>{esc(title)}</title></circle>')

    def done(self):
        return self.head + "".join(self.parts) + "</svg>"


class Scale:
    """Values to pixels; logarithmic or not."""

    def __init__(self, low, high, start, end, log=False):
        self.of = math.log10 if log else float
        self.low, self.high, self.start, self.end, self.log = low, high, start, end, log

    def __call__(self, value):
        value = min(max(value, self.low), self.high)
        part = (self.of(value) - self.of(self.low)) / (self.of(self.high) - self.of(self.low))
        return self.start + part * (self.end - self.start)

    def ticks(self):
        if self.log:
            first, last = round(math.log10(self.low)), round(math.log10(self.high))
            return [10.0 ** n for n in range(first, last + 1)]
        step = 10 ** math.floor(math.log10(self.high / 2))
        step *= next(f for f in (1, 2, 5, 10) if self.high / (step * f) <= 6)
        return [n * step for n in range(int(self.high / step + 1e-9) + 1)]


def log_scale(values, start, end):
    low, high = min(values), max(values)
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return Scale(10.0 ** first, 10.0 ** max(last, first + 1), start, end, log=True)


def bar_scale(values, start, end):
    """From zero, unless the largest would hide the others."""
    positive = [value for value in values if value > 0]
    if positive and max(positive) > 8 * min(positive):
        return log_scale(positive, start, end)
    return Scale(0, 1.1 * max(values + [1e-9]), start, end)


def choose_colors(names):
    lanes, others = itertools.cycle(LANES_COLORS), itertools.cycle(OTHER_COLORS)
    colors = {name: next(lanes if name.startswith("scx_lanes") else others) for name in names if name != results.EEVDF}
    return {results.EEVDF: EEVDF_COLOR, **colors}


class Report:
    def __init__(self, found):
        self.found = found
        self.color = choose_colors(list(dict.fromkeys(row["scheduler"] for row in found["rows"])))
        self.base = results.bases(found)

    def legend(self, colors):
        return "<p>" + "".join(f'<span class="key" style="background:{color}"></span>{esc(name)}'
                               for name, color in colors.items()) + "</p>"

    def bars(self, scenario, cpus, rows):
        """One bar a scheduler: its ratio to EEVDF, or its value where EEVDF has none."""
        has_ratio = all(row["ratio_to_eevdf"] for row in rows)
        title = f"{scenario} · {cpus} CPU{'s' if cpus > 1 else ''}"
        height = 26 * len(rows) + 42
        drawing = Drawing(560, height, title)
        figure = (lambda row: row["ratio_to_eevdf"]) if has_ratio else (lambda row: row["value"])
        scale = bar_scale([figure(row) for row in rows], 130, 390)
        for tick in scale.ticks():
            drawing.line(scale(tick), 4, scale(tick), height - 36)
            drawing.text(scale(tick), height - 22, f"{tick:g}", "middle", small=True)
        unit = "times EEVDF" if has_ratio else rows[0]["unit"]
        drawing.text(260, height - 6, f"{unit}{', logarithmic' if scale.log else ''}; less is better", "middle", small=True)
        for i, row in enumerate(rows):
            low, high = (results.show(value, row["unit"]) for value in row["spread"])
            drawing.text(124, 26 * i + 21, row["scheduler"].replace("scx_lanes:", "lanes: ")[:18], "end")
            drawing.rect(130, 26 * i + 8, scale(figure(row)) - 130, 18, self.color[row["scheduler"]], f"{low} .. {high}")
            if row["value"]:
                ends = [scale(figure(row) * value / row["value"]) for value in row["spread"]]
                drawing.line(ends[0], 26 * i + 17, ends[1], 26 * i + 17, "#222", 'stroke-width="2"')
            drawing.text(398, 26 * i + 21, results.show(row["value"], row["unit"]))
            drawing.text(480, 26 * i + 21, results.verdict(row, self.base.get((scenario, cpus))))
        if has_ratio:
            drawing.line(scale(1), 2, scale(1), height - 36, "#222", 'stroke-dasharray="3 3"')
        return f'<div class="card"><h3>{esc(title)}</h3>{drawing.done()}</div>'

    def family(self, title, pattern, note):
        cards = [self.bars(*group) for group in results.grouped(self.found)
                 if re.fullmatch(pattern, group[0])]
        if not cards:
            return ""
        return f'<h2>{title}</h2><p class="note">{note}</p><div class="cards">{"".join(cards)}</div>'

    def curve(self, scenario, cpus, curves):
        """The share of wakeups that were later than a time; both axes logarithmic."""
        drawing = Drawing(560, 286, scenario)
        across = log_scale([point[1] for curve in curves for point in curve["points"] if point[1]], 60, 540)
        down = Scale(0.1, 100, 240, 12, log=True)
        for tick in across.ticks():
            drawing.line(across(tick), 12, across(tick), 240)
            drawing.text(across(tick), 256, results.show(tick, "ns"), "middle", small=True)
        for tick in down.ticks():
            drawing.line(60, down(tick), 540, down(tick))
            drawing.text(54, down(tick) + 4, f"{tick:g} %", "end", small=True)
        drawing.text(300, 276, "across: late by more than this; upwards: percent of the wakeups", "middle", small=True)
        for curve in curves:
            points = [(across(value), down(100 - percent)) for percent, value in curve["points"] if value]
            drawing.path(points, self.color[curve["scheduler"]])
        return (f'<div class="card"><h3>{esc(scenario)} · {cpus} CPU{"s" if cpus > 1 else ""}</h3>'
                f'{drawing.done()}</div>')

    def curves(self):
        groups = {}
        for curve in self.found["curves"]:
            groups.setdefault((curve["scenario"], curve["cpus"]), []).append(curve)
        if not groups:
            return ""
        cards = "".join(self.curve(scenario, cpus, curves) for (scenario, cpus), curves in groups.items())
        return ('<h2>Latency distributions</h2><p class="note">Further left and steeper is better.</p>'
                f'{self.legend(self.color)}<div class="cards">{cards}</div>')

    def growth_points(self, prefix, cpus):
        """{scheduler: [(tasks or CPUs, row)]}"""
        lines = {}
        for row in self.found["rows"]:
            if cpus is None and row["scenario"] == prefix:
                lines.setdefault(row["scheduler"], []).append((row["cpus"], row))
            elif row["cpus"] == cpus and row["scenario"][len(prefix):].isdigit():
                lines.setdefault(row["scheduler"], []).append((int(row["scenario"][len(prefix):]), row))
        return lines

    def growth_chart(self, title, prefix, cpus):
        lines = self.growth_points(prefix, cpus)
        points = [point for line in lines.values() for point in line]
        if len({x for x, _ in points}) < 2:
            return ""
        drawing = Drawing(560, 286, title)
        xs = sorted({x for x, _ in points})
        across = Scale(xs[0], xs[-1], 70, 530, log=True)
        down = Scale(0, 1.1 * max(row["value"] for _, row in points), 240, 12)
        for tick in xs:
            drawing.line(across(tick), 12, across(tick), 240)
            drawing.text(across(tick), 256, f"{tick:,}", "middle", small=True)
        for tick in down.ticks():
            drawing.line(70, down(tick), 530, down(tick))
            drawing.text(64, down(tick) + 4, results.show(tick, "ns") if tick else "0", "end", small=True)
        drawing.text(300, 278, f"{title}; time of a yield", "middle", small=True)
        for name, line in lines.items():
            drawing.path([(across(x), down(row["value"])) for x, row in line], self.color[name])
            for x, row in line:
                drawing.dot(across(x), down(row["value"]), self.color[name], f"{name}: {results.show(row['value'], 'ns')}")
        return f'<div class="card"><h3>{title}</h3>{drawing.done()}</div>'

    def growth(self):
        cards = "".join(self.growth_chart(*chart) for chart in GROWTH)
        return f'<h2>Growth</h2>{self.legend(self.color)}<div class="cards">{cards}</div>' if cards else ""

    def timeline(self, timeline):
        """A row a CPU; white is idle."""
        cpus, slices = timeline["cpus"], timeline["slices"]
        length = WINDOW_US
        height = 26 * cpus + 34
        drawing = Drawing(1120, height, "timeline")
        across = Scale(0, length, 60, 1110)
        for cpu in range(cpus):
            drawing.text(52, 26 * cpu + 20, f"CPU {cpu}", "end")
            drawing.line(60, 26 * cpu + 27, 1110, 26 * cpu + 27, "#eee")
        for cpu, start, end, name in slices:
            end = min(end, length)
            if start < length:
                drawing.rect(across(start), 26 * cpu + 6, across(end) - across(start), 20,
                             TASK_COLORS.get(name, "#222"), f"{name}: {start:.0f} .. {end:.0f} us")
        for ms in range(0, int(length / 1000) + 1, 5):
            drawing.line(across(ms * 1000), 4, across(ms * 1000), height - 26, "#999", 'stroke-dasharray="2 4"')
            drawing.text(across(ms * 1000), height - 10, f"{ms} ms", "middle", small=True)
        return f'<h3>{esc(timeline["scheduler"])}</h3>{drawing.done()}'

    def timelines(self):
        if not self.found["timelines"]:
            return ""
        return ('<h2>Who ran when</h2><p class="note">The desktop scenario for a moment, a line a CPU; '
                'white: idle, black: everything else (kernel threads, the loader, the shell).</p>'
                + self.legend({**TASK_COLORS, "other": "#222"})
                + "".join(self.timeline(timeline) for timeline in self.found["timelines"]))

    def table(self):
        lines = []
        for scenario, cpus, rows in results.grouped(self.found):
            for row in rows:
                low, high = (results.show(value, row["unit"]) for value in row["spread"])
                cells = (scenario, row["scheduler"], cpus, results.show(row["value"], row["unit"]), f"{low} .. {high}",
                         results.verdict(row, self.base.get((scenario, cpus))))
                lines.append(f'<tr data-scenario="{esc(scenario)}" data-scheduler="{esc(row["scheduler"])}"'
                             f' data-cpus="{cpus}" data-value="{row["value"]}">'
                             + "".join(f"<td>{esc(cell)}</td>" for cell in cells) + "</tr>")
        missing = "".join(f"<li>{esc(m['scenario'])}, {m['cpus']} CPUs, {esc(m['scheduler'])}: {esc(m['reason'])}</li>"
                          for m in self.found["missing"])
        return ("<h2>All figures</h2><table><tr><th>scenario</th><th>scheduler</th><th>CPUs</th><th>median</th>"
                "<th>range of the repeats</th><th>to EEVDF</th></tr>" + "".join(lines) + "</table>"
                + (f"<h2>Not measured</h2><ul>{missing}</ul>" if missing else ""))

    def page(self):
        parts = [f"<h1>Schedulers compared: Linux {esc(self.found['kernel'])}</h1>"
                 f"<p>{esc(self.found['date'])}. Medians; ratios to EEVDF in the same boot, less is better. "
                 "A <em>tie</em>: the ranges of the repeats overlap. Hover over a bar for its range.</p>"]
        parts += [self.family(*family) for family in FAMILIES]
        parts += [self.curves(), self.growth(), self.timelines(), self.table()]
        return ('<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Lanes: schedulers compared</title>'
                f"<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>\n")


def write(found, path):
    path.write_text(Report(found).page())
