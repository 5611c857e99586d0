#!/usr/bin/env python3
"""Times two programs in turn, A B A B ..., and prints the paired ratios.

usage: paired.py [--pairs N] [--processes] -- COMMAND A ... -- COMMAND B ...

Without --processes each program is started once, does one repetition for each line on its standard input, and
answers with one JSON line that has "examples_per_second" and "peak_resident_mib"; ratios are A's examples per
second over B's. With --processes every repetition is a whole process, and ratios are A's wall time over B's.
The first repetition of each program is not counted. Measure on an idle machine.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time


class Interactive:
    """A program that answers each line with one measurement."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def once(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.process.args[0]} ended with status {self.process.wait()}")
        row = json.loads(line)
        return {"value": row["examples_per_second"], "peak_resident_mib": row["peak_resident_mib"]}

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Process:
    """A program that is timed from its start to its end."""

    def __init__(self, command):
        self.command = command

    def once(self):
        start = time.perf_counter()
        process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status != 0:
            sys.exit(f"{self.command[0]} ended with status {os.waitstatus_to_exitcode(status)}")
        return {"value": seconds, "peak_resident_mib": usage.ru_maxrss // 1024}

    def close(self):
        pass


def commands(words):
    if words[:1] != ["--"] or "--" not in words[1:]:
        sys.exit(__doc__)
    split = words.index("--", 1)
    return words[1:split], words[split + 1:]


def main():
    words = sys.argv[1:]
    own = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--processes", action="store_true")
    options = parser.parse_args(words[:own])
    kind, unit = (Process, "s") if options.processes else (Interactive, "examples/s")
    a, b = (kind(command) for command in commands(words[own:]))
    a.once(), b.once()
    rows = []
    for _ in range(options.pairs):
        rows.append((a.once(), b.once()))
        left, right = (row["value"] for row in rows[-1])
        print(f"A {left:8.2f}  B {right:8.2f} {unit}  A/B {left / right:.3f}", flush=True)
    a.close(), b.close()
    ratios = sorted(x["value"] / y["value"] for x, y in rows)
    print(json.dumps({
        "unit": unit,
        "pairs": options.pairs,
        "ratio_median": round(statistics.median(ratios), 3),
        "ratio_min": round(ratios[0], 3),
        "ratio_max": round(ratios[-1], 3),
        "a_median": round(statistics.median(x["value"] for x, _ in rows), 2),
        "b_median": round(statistics.median(y["value"] for _, y in rows), 2),
        "a_peak_resident_mib": max(x["peak_resident_mib"] for x, _ in rows),
        "b_peak_resident_mib": max(y["peak_resident_mib"] for _, y in rows)}))


if __name__ == "__main__":
    main()
