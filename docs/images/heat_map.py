#!/usr/bin/env python3
"""Draws the scores of an importance.csv as an SVG heat map.

usage: heat_map.py importance.csv > head-importance.svg
"""
import csv
import sys

CELL, GAP, LEFT, TOP = 38, 2, 74, 46


def colour(share):
    """White to dark blue; even steps in lightness."""
    low, high = (247, 251, 255), (8, 48, 107)
    return "#%02x%02x%02x" % tuple(round(a + (b - a) * share) for a, b in zip(low, high))


def main():
    rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
    layers = max(int(row["layer"]) for row in rows)
    heads = max(int(row["head"]) for row in rows)
    top = max(float(row["score"]) for row in rows)
    width, height = LEFT + heads * (CELL + GAP) + 8, TOP + layers * (CELL + GAP) + 30
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
          'font-family="sans-serif" font-size="12" fill="#333">')
    print(f'<rect width="{width}" height="{height}" fill="#fff"/>')
    for head in range(1, heads + 1):
        print(f'<text x="{LEFT + (head - 1) * (CELL + GAP) + CELL / 2}" y="{TOP - 8}" text-anchor="middle">{head}</text>')
    print(f'<text x="{LEFT}" y="18">head</text>')
    for layer in range(1, layers + 1):
        y = TOP + (layer - 1) * (CELL + GAP)
        print(f'<text x="{LEFT - 10}" y="{y + CELL / 2 + 4}" text-anchor="end">layer {layer}</text>')
    for row in rows:
        x = LEFT + (int(row["head"]) - 1) * (CELL + GAP)
        y = TOP + (int(row["layer"]) - 1) * (CELL + GAP)
        score = float(row["score"])
        share = score / top
        print(f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{colour(share)}">'
              f'<title>layer {row["layer"]}, head {row["head"]}: {score:.5f} '
              f'({float(row["low"]):.5f} to {float(row["high"]):.5f})</title></rect>')
        ink = "#fff" if share > 0.5 else "#333"
        print(f'<text x="{x + CELL / 2}" y="{y + CELL / 2 + 4}" text-anchor="middle" fill="{ink}" '
              f'font-size="10">{score * 100:.1f}</text>')
    print(f'<text x="{LEFT}" y="{height - 10}">mean absolute derivative of the loss by '
          'the head\'s mask, times 100</text>')
    print("</svg>")


if __name__ == "__main__":
    main()
