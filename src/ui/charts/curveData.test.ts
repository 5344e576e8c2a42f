import { describe, expect, test } from 'vitest';
import { appendMetrics, createMetricsStore } from '../../state/metrics';
import { METRICS, type MetricName } from '../../worker/protocol';
import { curveData, rowAt, summarize } from './curveData';
import { COSINE } from './panels';

/** Curves whose every metric takes these values at updates 1, 2, …. */
function curvesOf(values: readonly number[]) {
  const store = createMetricsStore(16);
  values.forEach((value, i) => {
    const row = Object.fromEntries(METRICS.map((name) => [name, value])) as Record<
      MetricName,
      number
    >;
    appendMetrics(store, { update: i + 1, episodes: i, values: row });
  });
  return store.getState().curves;
}

describe('curveData', () => {
  test('gives x, the raw and the smoothed line, and no marks', () => {
    const data = curveData(curvesOf([2, 4]), COSINE.lines, 0.5);
    expect(data).toEqual([
      [1, 2],
      [2, 4],
      [2, 2.5 / 0.75],
      [null, null],
    ]);
  });

  test('puts marks on their update, adding rows where there was none', () => {
    const marks = [
      { update: 0, value: 7 },
      { update: 2, value: 8 },
    ];
    expect(curveData(curvesOf([5, Number.NaN]), COSINE.lines, 0, marks)).toEqual([
      [0, 1, 2],
      [null, 5, null],
      [null, 5, null],
      [7, null, 8],
    ]);
  });
});

test.each([
  [undefined, 2],
  [2, 1],
  [0, 0],
  [99, 2],
])('rowAt(%o) is row %i', (update, row) => {
  expect(rowAt(curvesOf([1, 2, 3]), update)).toBe(row);
});

test('rowAt finds nothing in empty curves', () => {
  expect(rowAt(curvesOf([]), undefined)).toBe(-1);
  expect(rowAt(curvesOf([]), 3)).toBe(-1);
});

describe('summarize', () => {
  test('says where the curve began, is, was lowest and highest', () => {
    const curves = curvesOf([0.12345, 0.5, 0.4]);
    const text = summarize('Cosine', curves.column('update'), curves.column('objective/kl'));
    expect(text).toBe(
      'Cosine: from 0.123 at update 1 to 0.4 at update 3; lowest 0.123 at update 1, highest 0.5 at update 2.',
    );
  });

  test('passes over what was not measured', () => {
    const curves = curvesOf([Number.NaN, 3, 2]);
    const text = summarize('Entropy', curves.column('update'), curves.column('objective/kl'));
    expect(text).toBe(
      'Entropy: from 3 at update 2 to 2 at update 3; lowest 2 at update 3, highest 3 at update 2.',
    );
    const gaps = curvesOf([Number.NaN]);
    expect(summarize('Entropy', gaps.column('update'), gaps.column('objective/kl'))).toBe(
      'Entropy: not measured yet.',
    );
  });

  test('says that there is nothing', () => {
    expect(summarize('KL', new Float64Array(), new Float64Array())).toMatch(/nothing yet/);
  });
});
