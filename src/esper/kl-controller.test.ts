import { expect, it } from 'vitest';
import { KlController } from './kl-controller';

const adaptive = {
  klController: 'adaptive',
  klCoef: 0.15,
  klTarget: 6,
  klHorizon: 10_000,
} as const;

it('stays where it is fixed', () => {
  const controller = new KlController();
  const fixed = { ...adaptive, klController: 'fixed' } as const;
  controller.observe(fixed, 100, 128);
  expect(controller.coef(fixed)).toBe(0.15);
});

it('moves towards the target, by a fifth of the share of the horizon at most', () => {
  const controller = new KlController();
  controller.observe(adaptive, 60, 128);
  expect(controller.coef(adaptive)).toBeCloseTo(0.15 * (1 + 0.2 * 0.0128), 12);
  controller.observe(adaptive, 0, 128);
  expect(controller.coef(adaptive)).toBeCloseTo(0.15 * (1 + 0.2 * 0.0128) * (1 - 0.2 * 0.0128), 12);
  const near = new KlController();
  near.observe(adaptive, 6.6, 100);
  expect(near.coef(adaptive)).toBeCloseTo(0.15 * (1 + 0.1 * 0.01), 12);
});

it('begins anew where the person sets another coefficient, and goes on where it was restored', () => {
  const controller = new KlController();
  controller.observe(adaptive, 60, 128);
  expect(controller.coef({ ...adaptive, klCoef: 0.3 })).toBe(0.3);
  controller.restore(0.15, 0.22);
  expect(controller.coef(adaptive)).toBe(0.22);
});
