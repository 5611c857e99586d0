#!/usr/bin/env python3
"""Times two programs in turn, A B A B ..., and prints the paired ratios.

usage: paired.py [--pairs 7] -- COMMAND A ... -- COMMAND B ...

Each program does one repetition for each line on its standard input and answers with one JSON line that
has "examples_per_second" and "peak_resident_mib". The first repetition of each is not counted.
"""
import json
import statistics
import subprocess
import sys


def start(command):
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def once(process):
    process.stdin.write("\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        sys.exit(f"{process.args[0]} ended with status {process.wait()}")
    return json.loads(line)


def main():
    arguments = sys.argv[1:]
    pairs = 7
    if arguments[:1] == ["--pairs"]:
        pairs, arguments = int(arguments[1]), arguments[2:]
    if arguments[:1] != ["--"] or "--" not in arguments[1:]:
        sys.exit(__doc__)
    split = arguments.index("--", 1)
    a, b = start(arguments[1:split]), start(arguments[split + 1:])
    once(a), once(b)
    rows = []
    for _ in range(pairs):
        rows.append((once(a), once(b)))
        left, right = (row["examples_per_second"] for row in rows[-1])
        print(f"A {left:8.2f}  B {right:8.2f} examples/s  A/B {left / right:.3f}", flush=True)
    for process in (a, b):
        process.stdin.close()
        process.wait()
    ratios = sorted(x["examples_per_second"] / y["examples_per_second"] for x, y in rows)
    print(json.dumps({
        "pairs": pairs,
        "ratio_median": round(statistics.median(ratios), 3),
        "ratio_min": round(ratios[0], 3),
        "ratio_max": round(ratios[-1], 3),
        "a_examples_per_second": statistics.median(x["examples_per_second"] for x, _ in rows),
        "b_examples_per_second": statistics.median(y["examples_per_second"] for _, y in rows),
        "a_peak_resident_mib": rows[-1][0]["peak_resident_mib"],
        "b_peak_resident_mib": rows[-1][1]["peak_resident_mib"],
        "a_correct": rows[-1][0].get("correct"),
        "b_correct": rows[-1][1].get("correct")}))


if __name__ == "__main__":
    main()
