/**
 * Panels side by side, both axes logarithmic and the vertical one shared: medians joined by lines, with bars from
 * the 10th to the 90th percentile, and a thin line of the slope of proportional growth through each first point.
 */
import type { Spread } from './spread.ts';

export interface Panel {
  title: string;
  /** Milliseconds, by name; the same names in every panel. */
  lines: Readonly<Record<string, readonly { x: number; y: Spread }[]>>;
}

/** Told apart in every common kind of colour blindness, and by their marks. */
const COLORS = ['#0072b2', '#d55e00'] as const;
const PANEL = { width: 250, height: 220, left: 14, right: 10, top: 34, bottom: 42 };
const AXIS = 44;
const LEGEND = 24;
const NOTE = 'bars: 10th to 90th percentile; dotted: growth in proportion';

export function panelsSvg(panels: readonly Panel[]): string {
  const spreads = panels.flatMap(({ lines }) => Object.values(lines).flat());
  const low = 10 ** Math.floor(Math.log10(Math.min(...spreads.map(({ y }) => y.low))));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...spreads.map(({ y }) => y.high))));
  const width = AXIS + panels.length * PANEL.width;
  const height = PANEL.height + LEGEND;
  const vertical = scale(low, high, PANEL.height - PANEL.bottom, PANEL.top);
  const ticks: string[] = [];
  for (let value = low; value <= high * 1.001; value *= 10) {
    const y = vertical(value);
    ticks.push(
      `<path d="M${AXIS} ${y}H${width - PANEL.right}" stroke="#e2e2e2"/>`,
      text(AXIS - 6, y + 4, label(value), 'end'),
    );
  }
  const names = Object.keys(panels[0]?.lines ?? {});
  const legend = names.map((name, i) => {
    const x = AXIS + PANEL.left + i * 140;
    const y = PANEL.height + 8;
    return mark(i, x, y) + text(x + 10, y + 4, name, 'start', '#222');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...ticks,
    text(AXIS - 6, PANEL.top - 14, 'ms', 'end'),
    ...panels.map((panel, i) => panelSvg(panel, AXIS + i * PANEL.width, vertical, high)),
    ...legend,
    text(width - PANEL.right, PANEL.height + 12, NOTE, 'end'),
    '</svg>\n',
  ].join('\n');
}

type Scale = (value: number) => number;

const scale = (from: number, to: number, start: number, end: number): Scale => {
  const span = Math.log(to / from);
  return (value) => rounded(start + ((end - start) * Math.log(value / from)) / span);
};

const rounded = (value: number): number => Math.round(value * 10) / 10;

const label = (value: number): string => value.toLocaleString('en');

const text = (x: number, y: number, content: string, anchor: string, fill = '#555'): string =>
  `<text x="${x}" y="${rounded(y)}" text-anchor="${anchor}" fill="${fill}">${content}</text>`;

/** A disc for the first line, a square for the second. */
const mark = (line: number, x: number, y: number): string =>
  line === 0
    ? `<circle cx="${x}" cy="${y}" r="3.5" fill="${COLORS[0]}"/>`
    : `<rect x="${rounded(x - 3)}" y="${rounded(y - 3)}" width="6" height="6" fill="${COLORS[1]}"/>`;

/** @param high the value at the panel's top */
function panelSvg({ title, lines }: Panel, at: number, vertical: Scale, high: number): string {
  const values = Object.values(lines)[0]!.map(({ x }) => x);
  const [first, last] = [values[0]!, values.at(-1)!];
  const horizontal = scale(first, last, at + PANEL.left + 10, at + PANEL.width - PANEL.right - 12);
  const floor = PANEL.height - PANEL.bottom;
  const parts = [
    text(at + PANEL.left, PANEL.top - 14, title, 'start', '#222'),
    `<path d="M${at + PANEL.left} ${floor}H${at + PANEL.width - PANEL.right}" stroke="#888"/>`,
    ...values.map((value) => text(horizontal(value), floor + 16, label(value), 'middle')),
  ];
  for (const [i, points] of Object.values(lines).entries()) {
    const color = COLORS[i]!;
    const places = points.map(({ x, y }) => ({ x: horizontal(x), y }));
    const path = places.map(({ x, y }) => `${x} ${vertical(y.median)}`).join('L');
    const start = points[0]!.y.median;
    const end = Math.min(last, (first * high) / start);
    const guide = `M${horizontal(first)} ${vertical(start)}L${horizontal(end)} ${vertical((start * end) / first)}`;
    parts.push(
      `<path d="${guide}" stroke="${color}" stroke-width=".8" stroke-dasharray="2 3" fill="none"/>`,
      `<path d="M${path}" stroke="${color}" stroke-width="1.6" fill="none"/>`,
      ...places.map(
        ({ x, y }) =>
          `<path d="M${x} ${vertical(y.low)}V${vertical(y.high)}" stroke="${color}" stroke-width="1"/>` +
          mark(i, x, vertical(y.median)),
      ),
    );
  }
  return parts.join('\n');
}
