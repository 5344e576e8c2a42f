/** How a panel looks in uPlot; colours are functions, so that a redraw takes up a new theme. */
import type uPlot from 'uplot';
import { short } from '../format';
import type { Line, Panel } from './panels';

export interface CurveLooks {
  /** Axis of updates below, with its title; small charts show just the numbers. */
  isLarge: boolean;
  /** A level worth reaching, drawn dashed across with its name. */
  goal: () => { value: number; label: string } | undefined;
  /** Told the update under the cursor, in whichever of the synced charts it is. */
  onCursor(update: number | undefined): void;
}

const SYNC_KEY = 'training';
const GOAL_FONT = '11px system-ui, sans-serif';

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function seriesOf({ label, tone, dash }: Line): uPlot.Series[] {
  const stroke = () => token(`--series-${tone}`);
  const shared = { label, stroke, spanGaps: true, points: { show: false } } as const;
  return [
    { ...shared, width: 1, alpha: 0.28 },
    { ...shared, width: 2, ...(dash ? { dash: [...dash] } : {}) },
  ];
}

/** Evaluations: dots without a line. */
const marksSeries: uPlot.Series = {
  label: 'held-out',
  stroke: () => token('--ink'),
  width: 0,
  paths: () => null,
  points: { show: true, size: 7, width: 2, fill: () => token('--surface') },
};

function axis(grid: boolean, rest: uPlot.Axis): uPlot.Axis {
  return {
    stroke: () => token('--ink-3'),
    font: '11px system-ui, sans-serif',
    grid: { show: grid, stroke: () => token('--grid'), width: 1 },
    ticks: { show: false },
    border: { show: false },
    ...rest,
  };
}

function drawGoal(chart: uPlot, goal: ReturnType<CurveLooks['goal']>): void {
  if (!goal) return;
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const y = chart.valToPos(goal.value, 'y', true);
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = token('--ink-3');
  ctx.lineWidth = ratio;
  ctx.setLineDash([4 * ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = GOAL_FONT.replace('11', String(11 * ratio));
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  ctx.fillText(goal.label, bbox.left + bbox.width - 4 * ratio, y - 3 * ratio);
  ctx.restore();
}

/** A tenth of air above and below; a flat line lies in the middle; the goal is always in view. */
function yRange(low: number | null, high: number | null, goal?: number): [number, number] {
  if (low === null || high === null) return [0, 1];
  const [least, most] =
    goal === undefined ? [low, high] : [Math.min(low, goal), Math.max(high, goal)];
  const air = most > least ? 0.1 * (most - least) : Math.max(0.05, 0.1 * Math.abs(most));
  return [least - air, most + air];
}

export function curveOptions(
  panel: Panel,
  looks: CurveLooks,
  size: { width: number; height: number },
): uPlot.Options {
  const { isLarge, goal, onCursor } = looks;
  return {
    ...size,
    legend: { show: false },
    padding: [8, 16, 0, 0],
    scales: {
      x: {
        time: false,
        range: (_chart, low, high) => [low ?? 0, Math.max(high ?? 0, (low ?? 0) + 10)],
      },
      y: { range: (_chart, low, high) => yRange(low, high, goal()?.value) },
    },
    series: [{}, ...panel.lines.flatMap(seriesOf), marksSeries],
    axes: [
      axis(false, {
        size: 24,
        space: isLarge ? 60 : 48,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
      }),
      axis(true, {
        size: 44,
        space: isLarge ? 36 : 28,
        values: (_chart, values) => values.map(short),
      }),
    ],
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 7 },
      sync: { key: SYNC_KEY, scales: ['x', null], setSeries: false },
    },
    hooks: {
      setCursor: [
        (chart) => {
          const { idx } = chart.cursor;
          onCursor(idx == null ? undefined : chart.data[0][idx]);
        },
      ],
      draw: [(chart) => drawGoal(chart, goal())],
    },
  };
}
