import { describe, expect, it } from 'vitest';
import { KernelRunner } from '../../kernel';
import {
  centralDifferences,
  expectArraysClose,
  expectClose,
  output,
  withRunner,
} from '../../testing/harness';
import { lmHeadBackward, lmHeadForward, type LmHeadForwardPass } from './lm-head';
import { problem, referenceLse, tensors } from './lm-head.problem';
import { lmHeadBackwardReference, lmHeadReference } from './lm-head.reference';
import type { LmHeadPass } from './plan';

const gpu = withRunner();

async function runPass(runner: KernelRunner, prepared: Promise<LmHeadPass>): Promise<void> {
  await runner.gpu.checked('pass under test', async () => {
    const pass = await prepared;
    runner.submit('pass under test', [pass]);
    await runner.gpu.device.queue.onSubmittedWorkDone();
    pass.destroy();
  });
}

const STORED = ['f32', 'f16'] as const;

const SHAPES = [
  { B: 1, T: 1, V: 1, D: 1, minResponse: 0 },
  { B: 3, T: 2, V: 5, D: 3, minResponse: 1 },
  { B: 2, T: 4, V: 63, D: 64, minResponse: 2 },
  { B: 3, T: 3, V: 64, D: 63, minResponse: 3 },
  { B: 5, T: 13, V: 65, D: 4, minResponse: 3 },
  { B: 7, T: 3, V: 101, D: 101, minResponse: 0 },
  { B: 7, T: 11, V: 613, D: 68, minResponse: 3 },
  { B: 1, T: 3, V: 2051, D: 4, minResponse: 1 }, // in slices, coming back
];

describe.each(SHAPES)('head of B=$B T=$T V=$V D=$D', (sizes) => {
  const given = problem(sizes);
  const { shape, policy, reference, weight, targets } = given;
  const expected = lmHeadReference(shape, policy, weight, targets, reference);

  it.each([
    { dtype: 'f32', window: undefined },
    { dtype: 'f32', window: 24 },
    { dtype: 'f16', window: undefined },
  ] as const)('forward agrees with the reference: %o', async ({ dtype, window }) => {
    const { runner } = gpu;
    const { head, out } = tensors(runner, given, dtype);
    const [logp, entropy, lse] = [out(), out(), out()];
    const args = { ...head, logp, entropy, lse, ...(window && { window }) };
    await runPass(runner, lmHeadForward(runner, args));
    await expectClose(logp, expected.logp);
    await expectClose(entropy, expected.entropy);
    await expectClose(lse, expected.lse);
  });

  it.each(STORED)('forward with the divergence agrees with the reference, %s', async (dtype) => {
    const { runner } = gpu;
    const { head, reference: states, row, out } = tensors(runner, given, dtype);
    const [logp, entropy, lse, kl] = [out(), out(), out(), out()];
    const against = { ...states, lse: row(referenceLse(given)), kl };
    await runPass(
      runner,
      lmHeadForward(runner, { ...head, logp, entropy, lse, reference: against }),
    );
    await expectClose(logp, expected.logp);
    await expectClose(entropy, expected.entropy);
    await expectClose(lse, expected.lse);
    await expectClose(kl, expected.kl);
  });

  it.each([
    { dtype: 'f32', withKl: false, window: undefined },
    { dtype: 'f32', withKl: true, window: undefined },
    { dtype: 'f32', withKl: true, window: 24 },
    { dtype: 'f16', withKl: false, window: undefined },
    { dtype: 'f16', withKl: true, window: undefined },
  ] as const)('backward agrees with the reference: %o', async ({ dtype, withKl, window }) => {
    const { runner } = gpu;
    const { head, reference: states, row } = tensors(runner, given, dtype);
    const gradients = withKl ? given.gradients : given.withoutKl;
    const dhidden = output(runner, [shape.B, policy.L, shape.D]);
    await runPass(
      runner,
      lmHeadBackward(runner, {
        ...head,
        entropy: row(expected.entropy),
        lse: row(expected.lse),
        dlogp: row(gradients.dlogp),
        dentropy: row(gradients.dentropy),
        dhidden,
        ...(withKl && {
          reference: {
            ...states,
            lse: row(referenceLse(given)),
            kl: row(expected.kl),
            dkl: row(gradients.dkl),
          },
        }),
        ...(window && { window }),
      }),
    );
    await expectClose(
      dhidden,
      lmHeadBackwardReference(shape, policy, weight, targets, reference, gradients),
    );
  });
});

it.each([undefined, 24])(
  'coming back after its forward pass gives the bits of coming back alone, window %s',
  async (window) => {
    const { runner } = gpu;
    const given = problem({ B: 3, T: 5, V: 101, D: 8, minResponse: 2 });
    const { shape, policy, gradients } = given;
    const { head, reference: states, row, out } = tensors(runner, given);
    const [entropy, lse, kl] = [out(), out(), out()];
    const reference = { ...states, lse: row(referenceLse(given)), kl, dkl: row(gradients.dkl) };
    const shared = { ...head, entropy, lse, reference, ...(window && { window }) };
    const forward = await lmHeadForward(runner, { ...shared, logp: out() });
    const [dlogp, dentropy] = [row(gradients.dlogp), row(gradients.dentropy)];
    const gradientBits = async (after?: LmHeadForwardPass) => {
      const dhidden = output(runner, [shape.B, policy.L, shape.D]);
      const args = { ...shared, dlogp, dentropy, dhidden, ...(after && { after }) };
      const backward = await lmHeadBackward(runner, args);
      runner.submit('forward and backward', [forward, backward]);
      const bits = new Uint32Array((await dhidden.read()).buffer);
      backward.destroy();
      return bits;
    };
    expect(await gradientBits(forward)).toEqual(await gradientBits());
    forward.destroy();
  },
);

// In f32 a binding holds 156 rows: 152 in eights where all are wanted at once, 24 where so many are.
describe.each(STORED)('a weight that is bound in ranges of rows, %s', (dtype) => {
  const given = problem({ B: 2, T: 3, V: 613, D: 64, minResponse: 1 });
  const { shape, policy, reference, weight, targets, gradients } = given;
  const expected = lmHeadReference(shape, policy, weight, targets, reference);
  const narrow = () => new KernelRunner(gpu.runner.gpu, 40_000);

  it.each([undefined, 24])('forward agrees with the reference, window %s', async (window) => {
    const { head, reference: states, row, out } = tensors(gpu.runner, given, dtype);
    const [logp, entropy, lse, kl] = [out(), out(), out(), out()];
    const args = { ...head, logp, entropy, lse, ...(window && { window }) };
    await runPass(narrow(), lmHeadForward(narrow(), args));
    await expectClose(logp, expected.logp);
    await expectClose(entropy, expected.entropy);
    await expectClose(lse, expected.lse);
    const against = { ...states, lse: row(referenceLse(given)), kl };
    await runPass(narrow(), lmHeadForward(narrow(), { ...args, reference: against }));
    await expectClose(kl, expected.kl);
  });

  it('backward agrees with the reference', async () => {
    const { head, reference: states, row } = tensors(gpu.runner, given, dtype);
    const dhidden = output(gpu.runner, [shape.B, policy.L, shape.D]);
    const [lse, kl] = [row(referenceLse(given)), row(expected.kl)];
    const args = {
      ...head,
      entropy: row(expected.entropy),
      lse: row(expected.lse),
      dlogp: row(gradients.dlogp),
      dentropy: row(gradients.dentropy),
      dhidden,
      reference: { ...states, lse, kl, dkl: row(gradients.dkl) },
      window: 24,
    };
    await runPass(narrow(), lmHeadBackward(narrow(), args));
    await expectClose(
      dhidden,
      lmHeadBackwardReference(shape, policy, weight, targets, reference, gradients),
    );
  });
});

it('stays finite where one token has all the probability', async () => {
  const { runner } = gpu;
  const given = problem({ B: 2, T: 3, V: 40, D: 8, minResponse: 1 }, 300);
  const { shape, policy, reference, weight, targets } = given;
  const { head, out } = tensors(runner, given);
  const [logp, entropy, lse] = [out(), out(), out()];
  await runPass(runner, lmHeadForward(runner, { ...head, logp, entropy, lse }));
  const expected = lmHeadReference(shape, policy, weight, targets, reference);
  await expectClose(logp, expected.logp);
  await expectClose(entropy, expected.entropy);
  await expectClose(lse, expected.lse);
});

it('a banned target is out of reach, and pushes the others down', async () => {
  const { runner } = gpu;
  const given = problem({ B: 2, T: 2, V: 9, D: 8, minResponse: 1 });
  const { shape, policy, reference, weight, targets, withoutKl } = given;
  targets[0] = shape.eos;
  const expected = lmHeadReference(shape, policy, weight, targets, reference);
  const { head, row, out } = tensors(runner, given);
  const [logp, entropy, lse] = [out(), out(), out()];
  await runPass(runner, lmHeadForward(runner, { ...head, logp, entropy, lse }));
  expect((await logp.read())[0]).toBeCloseTo(-1e5 - expected.lse[0]!, 1);
  const dhidden = output(runner, [shape.B, policy.L, shape.D]);
  const [dlogp, dentropy] = [row(withoutKl.dlogp), row(withoutKl.dentropy)];
  await runPass(
    runner,
    lmHeadBackward(runner, { ...head, entropy, lse, dlogp, dentropy, dhidden }),
  );
  await expectClose(
    dhidden,
    lmHeadBackwardReference(shape, policy, weight, targets, reference, withoutKl),
  );
});

it('the backward reference is the gradient of the forward reference', () => {
  const { shape, policy, reference, weight, targets, gradients } = problem({
    B: 2,
    T: 3,
    V: 7,
    D: 4,
    minResponse: 1,
  });
  const numeric = centralDifferences((hidden) => {
    const { logp, entropy, kl } = lmHeadReference(
      shape,
      { ...policy, hidden },
      weight,
      targets,
      reference,
    );
    return logp.reduce(
      (sum, value, r) =>
        sum +
        value * gradients.dlogp[r]! +
        entropy[r]! * gradients.dentropy[r]! +
        kl[r]! * gradients.dkl[r]!,
      0,
    );
  }, policy.hidden);
  const analytic = lmHeadBackwardReference(shape, policy, weight, targets, reference, gradients);
  expectArraysClose(analytic, numeric, 1e-6);
  expect(numeric.some((g) => Math.abs(g) > 1e-2)).toBe(true);
  expect(analytic.subarray(0, policy.offset * shape.D).every((g) => g === 0)).toBe(true);
});
