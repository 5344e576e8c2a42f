/**
 * The gradient through the frozen GPT-2 to the prefix and to every projector weight, against PyTorch's
 * autograd in float64 (models/reference/golden.py): relative error ≤ 1e-4 of the largest element.
 */
import { beforeAll, expect, it } from 'vitest';
import golden from '../../models/reference/golden/gpt2-gradient.json';
import checkpointUrl from '../../models/reference/golden/gpt2.safetensors?url';
import { Gpt2Differentiable } from '../frozen/gpt2/differentiable';
import { receiveGpt2 } from '../frozen/gpt2/load';
import { openLanguageModel } from '../frozen/gpt2/open';
import type { KernelRunner } from '../gpu/kernel';
import { sharedRunner } from '../gpu/testing/harness';
import { lmHeadBackward, lmHeadForward } from '../gpu/kernels/lm-head/lm-head';
import { Tensor } from '../gpu/tensor';
import { Projector } from './projector';
import type { ProjectorShape } from './projector/shape';
import { flatValues } from './testing/flat-values';
import { gradientTensor } from './testing/gradient-tensor';

let runner: KernelRunner;
beforeAll(async () => {
  runner = await sharedRunner();
});

async function expectNear(tensor: Tensor, expected: readonly number[]) {
  expectArrayNear(tensor.label, await tensor.read(), expected);
}

function expectArrayNear(label: string, actual: ArrayLike<number>, expected: readonly number[]) {
  expect(actual).toHaveLength(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  expect(scale).toBeGreaterThan(0);
  expected.forEach((value, i) =>
    expect(Math.abs(actual[i]! - value) / scale, `${label}[${i}]`).toBeLessThanOrEqual(1e-4),
  );
}

it('agrees with PyTorch from the log-probabilities down to the projector’s weights', async () => {
  const { gpu } = runner;
  const checkpoint = await (await fetch(checkpointUrl)).blob();
  const weights = await receiveGpt2(gpu, golden.gpt2, 'gpt2.safetensors', checkpoint);
  const B = golden.tokens.length;
  const T = golden.tokens[0]!.length;
  const Q = golden.query.length;
  const E = golden.features[0]!.length;
  const P = golden.prefixLength;
  const S = Q + T - 1;
  const shape: ProjectorShape = {
    kind: 'mlp',
    layers: 1,
    E,
    P,
    D: golden.gpt2.n_embd,
    N: golden.gpt2.n_layer,
  };
  const projector = new Projector(gpu, shape, flatValues(golden.projector));
  const policy = await Gpt2Differentiable.create(runner, weights, { B, P, S });
  const forward = await projector.forward(runner, B, policy.prefix);
  const backward = await forward.backward(policy.dPrefix);
  const features = golden.imageIndex.flatMap((image) => golden.features[image]!);
  forward.features.write(projector.input(Float32Array.from(features)));
  const sequences = golden.tokens.flatMap((row) => [...golden.query, ...row.slice(0, T - 1)]);
  policy.tokens.write(Uint32Array.from(sequences));

  const make = (label: string, data?: readonly number[]) => {
    const tensor = new Tensor(gpu, label, [B, T]);
    if (data) tensor.write(Float32Array.from(data));
    return tensor;
  };
  const masked = (rows: readonly (readonly number[])[]) =>
    rows.flatMap((row, b) => row.map((value, t) => (t < golden.lengths[b]! ? value : 0)));
  const targets = Tensor.from(gpu, 'targets', [B, T], Uint32Array.from(golden.tokens.flat()));
  const head = {
    weight: weights.head,
    targets,
    eos: golden.gpt2.eos_token_id,
    minResponse: golden.minResponse,
  };
  // The text-only LM has no prefix; one row of zeros would be a prefix, so its states come from ORT's twin.

  const lm = await openLanguageModel(runner, weights);
  const refHidden = new Tensor(gpu, 'reference hidden', [B, S, shape.D]);
  await lm.hidden({ prefix: undefined, tokens: policy.tokens, out: refHidden });
  const [refLogp, refEntropy, refLse] = [make('ref logp'), make('ref entropy'), make('ref lse')];
  const reference = await lmHeadForward(runner, {
    ...head,
    policy: { hidden: refHidden, offset: Q - 1 },
    logp: refLogp,
    entropy: refEntropy,
    lse: refLse,
  });
  const [logp, entropy, lse, kl] = [make('logp'), make('entropy'), make('lse'), make('kl')];
  const states = { hidden: policy.hidden, offset: P + Q - 1 };
  const referenceStates = { hidden: refHidden, offset: Q - 1, lse: refLse, kl };
  const headForward = await lmHeadForward(runner, {
    ...head,
    policy: states,
    logp,
    entropy,
    lse,
    reference: referenceStates,
  });
  const { coefficients } = golden;
  const headBackward = await lmHeadBackward(runner, {
    ...head,
    policy: states,
    entropy,
    lse,
    dlogp: make('dlogp', masked(coefficients.logp)),
    dentropy: make('dentropy', masked(coefficients.entropy)),
    dhidden: policy.dHidden,
    after: headForward,
    reference: { ...referenceStates, dkl: make('dkl', masked(coefficients.kl)) },
  });
  runner.submit('forward and backward', [
    ...forward.steps,
    ...policy.forward,
    reference,
    headForward,
    headBackward,
    ...policy.backward,
    ...backward.steps,
  ]);

  await expectNear(policy.prefix, golden.prefix.flat(2));
  const { D } = shape;
  const hidden = await policy.hidden.read();
  const L = P + S;
  const responseStates = Array.from({ length: B }, (_, b) =>
    Array.from(
      hidden.subarray((b * L + P + Q - 1) * D, (b + 1) * L * D),
      // The golden file is 0 beyond each response.
      (value, i) => (i < golden.lengths[b]! * D ? value : 0),
    ),
  );
  expectArrayNear('hidden', responseStates.flat(), golden.hidden.flat(2));
  const valid = (data: ArrayLike<number>) =>
    masked(
      Array.from({ length: B }, (_, b) => Array.from({ length: T }, (__, t) => data[b * T + t]!)),
    );
  for (const [tensor, expected] of [
    [refLogp, golden.refLogp],
    [logp, golden.logp],
    [entropy, golden.entropy],
    [kl, golden.kl],
  ] as const) {
    const found = valid(await tensor.read());
    const wanted = masked(expected);
    wanted.forEach((value, i) =>
      expect(Math.abs(found[i]! - value), `${tensor.label}[${i}]`).toBeLessThanOrEqual(
        1e-4 * Math.max(1, Math.abs(value)),
      ),
    );
  }
  await expectNear(policy.dPrefix, golden.dPrefix.flat(2));
  for (const [name, expected] of Object.entries(flatValues(golden.dProjector)))
    await expectNear(await gradientTensor(runner, backward.gradients.get(name)!), [...expected]);
  await lm.dispose();
});
