import { expect, it } from 'vitest';
import { tableRows } from './picture-table';

it('fewer pictures than rows come round again', () => {
  const features = Float32Array.of(1, 1, 2, 2, 3, 3);
  expect([...tableRows(features, 5, 2)]).toEqual([1, 1, 2, 2, 3, 3, 1, 1, 2, 2]);
});

it('of more pictures than rows the first are taken', () => {
  expect([...tableRows(Float32Array.of(1, 2, 3), 2, 1)]).toEqual([1, 2]);
});
