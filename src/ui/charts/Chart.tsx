/**
 * One chart, drawn by uPlot on a canvas. It listens to the stores itself and draws at most once a
 * frame: React renders it once. Shown as `Curve`, which fetches it.
 */
import { useEffect, useRef, useState } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { stores, view } from '../../state/page';
import { isDark } from '../../state/view';
import styles from './charts.module.css';
import { curveData, summarize, type Mark } from './curveData';
import { drawNever, drawSoon } from './frameQueue';
import { curveOptions, type CurveLooks } from './options';
import type { Panel } from './panels';

/** Those who listen need not hear every update. */
const SUMMARY_PAUSE_MS = 2000;

export interface ChartProps {
  panel: Panel;
  isLarge?: boolean;
  marks?: () => readonly Mark[];
  goal?: CurveLooks['goal'];
}

const none = () => undefined;
const noMarks = (): readonly Mark[] => [];

function draw(chart: UPlot, panel: Panel, marks: () => readonly Mark[]): void {
  const { curves } = stores.metrics.getState();
  chart.setData(curveData(curves, panel.lines, view.getState().smoothing, marks()));
}

/** Everything that makes the chart draw again. */
function followStores(chart: UPlot, redraw: () => void): () => void {
  const recolour = () => chart.redraw(false, true);
  const schedule = () => drawSoon(redraw);
  const ends = [
    stores.metrics.subscribe(schedule),
    stores.evaluations.subscribe(schedule),
    view.subscribe((now, before) => {
      if (now.smoothing !== before.smoothing) schedule();
      if (isDark(now) !== isDark(before)) drawSoon(recolour);
    }),
  ];
  return () => {
    for (const end of ends) end();
    drawNever(redraw);
    drawNever(recolour);
  };
}

function useSummary(panel: Panel): string {
  const [summary, setSummary] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      timer = undefined;
      const { curves } = stores.metrics.getState();
      const updates = curves.column('update');
      const sentences = panel.lines.map(({ column, label }) =>
        summarize(label, updates, curves.column(column)),
      );
      setSummary(sentences.join(' '));
    };
    tell();
    const end = stores.metrics.subscribe(() => {
      timer ??= setTimeout(tell, SUMMARY_PAUSE_MS);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [panel]);
  return summary;
}

export function Chart({ panel, isLarge = false, marks = noMarks, goal = none }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const summary = useSummary(panel);

  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const onCursor = (cursor: number | undefined) => view.setState({ cursor });
    const size = () => ({ width: element.clientWidth, height: element.clientHeight });
    const options = curveOptions(panel, { isLarge, goal, onCursor }, size());
    const chart = new UPlot(options, [[]], element);
    const redraw = () => draw(chart, panel, marks);
    redraw();
    const stop = followStores(chart, redraw);
    const resizes = new ResizeObserver(() => chart.setSize(size()));
    resizes.observe(element);
    return () => {
      stop();
      resizes.disconnect();
      chart.destroy();
    };
  }, [panel, isLarge, marks, goal]);

  return <div ref={host} className={styles['canvas']} role="img" aria-label={summary} />;
}
