#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: medians, percentiles and ratios are right, and report.html shows what results.json holds
. "${0%/*}/../ktap.sh"

command -v python3 >/dev/null || ktap_skip "no python3"
PYTHONPATH=tools/bench PYTHONDONTWRITEBYTECODE=1 python3 - <<'END' || ktap_fail "the figures are wrong"
import html.parser, json, pathlib, tempfile
import report, results

raw = ["0\t\tkernel\t7.3.4"]
for scheduler, factor in ("eevdf", 1), ("scx_lanes:vruntime", 3):
    for value in 100, 102, 101:
        raw.append(f"1\t{scheduler}\tpipe\tresult - ns {value * factor}")
    late = " ".join(str(i * factor * 1000) for i in range(1000))
    raw.append(f"1\t{scheduler}\tsleeper\tsamples - ns {late}")
raw.append("1\tscx_lanes:vruntime\tdesktop\tfailed it was ejected")
raw += ["1\teevdf\ttimeline\tswitch 000 1.0 7 render", "1\teevdf\ttimeline\tswitch 000 1.00001 0 swapper/0"]
found = results.collect({2: "\n".join(raw)})

row = {(r["scenario"], r["scheduler"]): r for r in found["rows"]}
assert row["pipe", "scx_lanes:vruntime"] == {
    "scenario": "pipe", "scheduler": "scx_lanes:vruntime", "cpus": 2, "unit": "ns",
    "value": 303, "spread": [300, 306], "ratio_to_eevdf": 3}
assert row["sleeper-p99", "eevdf"]["value"] == 989000
assert row["sleeper-p99.9", "eevdf"]["value"] == 998000
assert found["missing"][0]["reason"] == "it was ejected"
assert found["timelines"][0]["slices"] == [[0, 0, 10, "render"]]

class Table(html.parser.HTMLParser):
    shown = {}
    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        assert not {"src", "href"} & attrs.keys(), "it wants the network"
        if tag == "tr" and "data-value" in attrs:
            self.key = attrs["data-scenario"], attrs["data-scheduler"]
            self.shown[self.key] = [float(attrs["data-value"])]
    def handle_data(self, data):
        if getattr(self, "key", None) in self.shown:
            self.shown[self.key].append(data)

with tempfile.TemporaryDirectory() as scratch:
    files = pathlib.Path(scratch) / "results.json", pathlib.Path(scratch) / "report.html"
    results.save(found, files[0])
    report.write(found, files[1])
    kept = json.loads(files[0].read_text())["rows"]
    table = Table()
    table.feed(files[1].read_text())
assert len(kept) == len(table.shown) == 12
for r in kept:
    value, *cells = table.shown[r["scenario"], r["scheduler"]]
    assert value == r["value"] and results.show(r["value"], r["unit"]) in cells, (r, cells)
END
