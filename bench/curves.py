"""Curves on two logarithmic axes as SVG, readable on light and dark pages."""

import html
import math

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 80, 200, 40, 60
# Told apart by those who confuse red and green, on white as on black.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#7f7f7f")
STYLE = """
  .page { fill: #ffffff } .text { fill: #1f2328 } .axis { stroke: #57606a } .grid { stroke: #d8dee4 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } .text { fill: #e6edf3 } .axis { stroke: #8b949e } .grid { stroke: #30363d }
  }
  text { font: 13px sans-serif }
"""


def readable(value):
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


class Axis:
    """Maps the numbers of one direction, spread in proportion, from `begin` to `end` pixels."""

    def __init__(self, values, begin, end, steps, base):
        self.begin, self.end = begin, end
        low, high = min(values), max(values)
        powers = range(math.floor(math.log(low, base)) - 1, math.ceil(math.log(high, base)) + 2)
        grid = [step * float(base) ** power for power in powers for step in steps]
        self.low = max(tick for tick in grid if tick <= low * 1.001)
        self.high = min(tick for tick in grid if tick >= high * 0.999 and tick > self.low)
        ticks = [tick for tick in grid if self.low <= tick <= self.high]
        self.ticks = ticks[::2] if len(ticks) > 13 else ticks

    def __call__(self, value):
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.begin + share * (self.end - self.begin)


def text(x, y, words, more=""):
    return f'<text class="text" x="{x:.1f}" y="{y:.1f}" {more}>{html.escape(words)}</text>'


def line(kind, x1, y1, x2, y2):
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def frame(across, up, x, y):
    """Axes, ticks, grid and labels."""
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for tick in across.ticks:
        parts.append(line("grid", across(tick), TOP, across(tick), bottom))
        parts.append(text(across(tick), bottom + 18, f"{tick:.0f}", 'text-anchor="middle"'))
    for tick in up.ticks:
        parts.append(line("grid", LEFT, up(tick), right, up(tick)))
        parts.append(text(LEFT - 8, up(tick) + 4, readable(tick), 'text-anchor="end"'))
    parts += [line("axis", LEFT, bottom, right, bottom), line("axis", LEFT, TOP, LEFT, bottom)]
    middle = (TOP + bottom) / 2
    parts.append(text((LEFT + right) / 2, HEIGHT - 16, x, 'text-anchor="middle"'))
    parts.append(text(20, middle, y, f'text-anchor="middle" transform="rotate(-90 20 {middle:.1f})"'))
    return parts


def svg(title, x, y, lines, dots=None):
    """A chart of lines {name: [(x, y)]}; where `dots` gives points of a name, only they are marked.

    All numbers are above zero, those of x not below 1.
    """
    marked = lines if dots is None else dots
    every = [point for chart in (lines, marked) for points in chart.values() for point in points]
    across = Axis([p[0] for p in every], LEFT, WIDTH - RIGHT, (1,), 2)
    up = Axis([p[1] for p in every], HEIGHT - BOTTOM, TOP, (1, 2, 5), 10)
    parts = [f'<rect class="page" width="{WIDTH}" height="{HEIGHT}"/>',
             text(LEFT, 24, title, 'style="font-weight: bold; font-size: 15px"')]
    parts += frame(across, up, x, y)
    for index, (name, points) in enumerate(lines.items()):
        colour = COLOURS[index % len(COLOURS)]
        way = " ".join(f"{across(a):.1f},{up(b):.1f}" for a, b in sorted(points))
        parts.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{across(a):.1f}" cy="{up(b):.1f}" r="3.5" fill="{colour}"/>'
                  for a, b in marked.get(name, [])]
        level = TOP + 12 + 22 * index
        parts.append(f'<line x1="{WIDTH - RIGHT + 16}" y1="{level}" x2="{WIDTH - RIGHT + 40}" '
                     f'y2="{level}" stroke="{colour}" stroke-width="3"/>')
        parts.append(text(WIDTH - RIGHT + 46, level + 4, name))
    body = "\n".join(parts)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'width="{WIDTH}" height="{HEIGHT}" role="img">\n<title>{html.escape(title)}</title>\n'
            f"<style>{STYLE}</style>\n{body}\n</svg>\n")
