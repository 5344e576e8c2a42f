/**
 * Ten PPO updates against the PyTorch twin (models/reference/golden.py, float64): the whole road from
 * sampled tokens to new weights, with the tokens, cosines and minibatch orders given.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import releasedGolden from '../../models/reference/golden/ppo-released.json';
import gaeGolden from '../../models/reference/golden/ppo-gae.json';
import checkpointUrl from '../../models/reference/golden/gpt2.safetensors?url';
import grpoGolden from '../../models/reference/golden/ppo-grpo.json';
import ownValueGolden from '../../models/reference/golden/ppo-own-value.json';
import rlooGolden from '../../models/reference/golden/ppo-rloo.json';
import { Gpt2Cache } from '../frozen/gpt2/cache';
import { Gpt2Differentiable } from '../frozen/gpt2/differentiable';
import { receiveGpt2 } from '../frozen/gpt2/load';
import { openLanguageModel } from '../frozen/gpt2/open';
import type { KernelRunner } from '../gpu/kernel';
import { sharedRunner } from '../gpu/testing/harness';
import { createAdvantages } from './advantage';
import { createBatch } from './batch';
import { parseConfig } from './config';
import { createMinibatch } from './minibatch';
import type { Networks } from './networks';
import { createOptimizer } from './optimizer';
import { Projector } from './projector';
import { shapeOf } from './projector/shape';
import { type ProjectorValues, VALUE_STEM } from './projector/values';
import { createPrefixes } from './rollout';
import { learningRate, phaseOf } from './schedule';
import { createScoring } from './scoring';
import { flatValues } from './testing/flat-values';
import { readStats, Update } from './update';
import { createValueHead } from './value-head';

type Golden =
  | typeof gaeGolden
  | typeof rlooGolden
  | typeof grpoGolden
  | typeof ownValueGolden
  | typeof releasedGolden;

let runner: KernelRunner;
beforeAll(async () => {
  runner = await sharedRunner();
});

/** A text feature whose cosine with `image` is `cosine`, in the plane of `image` and another axis. */
function textAt(image: readonly number[], cosine: number): number[] {
  const norm = Math.hypot(...image);
  const unit = image.map((value) => value / norm);
  const axis = unit.map((value, i) => (i === 0 ? 1 : 0) - unit[0]! * value);
  const axisNorm = Math.hypot(...axis);
  return unit.map(
    (value, i) => cosine * value + (Math.sqrt(1 - cosine ** 2) * axis[i]!) / axisNorm,
  );
}

const relative = (actual: number, expected: number) =>
  Math.abs(actual - expected) / Math.max(1e-2, Math.abs(expected));

const withoutStem = (values: ProjectorValues): ProjectorValues =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name.slice(VALUE_STEM.length), value]),
  );

async function replay(golden: Golden) {
  const config = parseConfig(golden.config);
  const checkpoint = await (await fetch(checkpointUrl)).blob();
  const weights = await receiveGpt2(runner.gpu, golden.gpt2, 'gpt2.safetensors', checkpoint);
  const E = golden.features[0]!.length;
  const shape = shapeOf(config, golden.gpt2, E);
  const projector = new Projector(runner.gpu, shape, flatValues(golden.projector));
  const valueHead =
    config.advantage === 'gae' ? createValueHead(runner.gpu, shape, config) : undefined;
  if ('valueProjector' in golden)
    valueHead?.projector?.write(withoutStem(flatValues(golden.valueProjector)));
  let textFeatures: Float32Array<ArrayBuffer> = new Float32Array(0);
  const networks: Networks = {
    runner,
    lm: await openLanguageModel(runner, weights),
    differentiate: (sizes) => Gpt2Differentiable.create(runner, weights, sizes),
    cache: (sizes) => Gpt2Cache.create(runner, weights, sizes),
    tokenizer: { decode: () => '', encode: () => [] },
    clip: {
      textFeatures: async (_texts, out) => out.write(textFeatures, 0),
    },
    E,
    query: golden.query,
  };
  const only = { tokens: golden.query, spoken: [] };
  const queries = { choices: [only], probabilities: [1], shown: only };
  const batch = createBatch(networks, projector, config, queries);
  const { episodes, table } = batch;
  table.write(projector.input(Float32Array.from(golden.features.flat())), 0);
  const scoring = await createScoring(networks, episodes, table, config);
  const advantages = await createAdvantages(networks, episodes, config, valueHead, table);
  const minibatch = await createMinibatch(
    networks,
    projector,
    valueHead,
    batch,
    advantages,
    config,
  );
  const optimizer = await createOptimizer(
    runner,
    [...projector.parameters, ...(valueHead?.parameters ?? [])],
    minibatch.gradients,
    minibatch.stats.shape[0]!,
  );
  const update = new Update(minibatch, optimizer, (label, steps) => runner.submit(label, steps));
  // The rollout computes the prefixes; here the tokens are given, so they are computed alone.
  const prefixes = await createPrefixes(networks, projector, episodes, table);

  const results = [];
  const stepsAnUpdate = config.epochs * config.minibatches;
  for (const [index, given] of golden.updates.entries()) {
    const pictures = given.imageIndex.filter((_, b) => b % config.samplesPerImage === 0);
    episodes.choose(Uint32Array.from(pictures));
    // In the released one pictures follow different queries.
    const { queries: asked } = given as { queries?: number[][] };
    if (asked) episodes.ask(asked.map((tokens) => ({ tokens, spoken: [] })));
    episodes.tokens.write(Uint32Array.from(given.tokens.flat()));
    episodes.lengths.write(Uint32Array.from(given.lengths));
    textFeatures = Float32Array.from(
      given.cos.flatMap((cosine, b) => textAt(golden.features[given.imageIndex[b]!]!, cosine)),
    );
    runner.submit('prefix', prefixes.steps);
    const texts = given.cos.map(() => '');
    const rewarded = { ...config, gain: golden.gain, bias: golden.bias };
    const lengths = Uint32Array.from(given.lengths);
    await scoring.run({ texts, lengths }, 'whole', rewarded, undefined);
    await advantages.run();
    const rate = learningRate(config, index);
    update.run(
      { ...config, ...phaseOf(config, index) },
      given.order.map((order) => Uint32Array.from(order)),
      rate,
      index * stepsAnUpdate + 1,
    );
    const reports = [];
    for (const tensor of update.reports) reports.push((await tensor.read()) as Float32Array);
    results.push({
      rate,
      logp: await episodes.logp.read(),
      refLogp: await episodes.refLogp.read(),
      rewards: await episodes.rewards.read(),
      advantage: await advantages.advantage.read(),
      steps: readStats(reports, stepsAnUpdate, valueHead !== undefined),
    });
  }
  const trained = [...projector.parameters, ...(valueHead?.projector?.parameters ?? [])];
  const final = Object.fromEntries(
    await Promise.all(trained.map(async ({ name, value }) => [name, await value.read()] as const)),
  );
  return { config, results, final };
}

describe.each([
  ['rloo', rlooGolden],
  ['gae', gaeGolden],
  ['gae, as in the released trainer', releasedGolden],
  ['gae and a value with its own projector', ownValueGolden],
  ['grpo', grpoGolden],
] as const)('updates with %s', (_name, golden) => {
  it('have the losses and weights of the PyTorch twin', async () => {
    const { config, results, final } = await replay(golden);
    expect(results).toHaveLength(golden.updates.length);
    for (const [index, given] of golden.updates.entries()) {
      const found = results[index]!;
      expect(found.rate).toBeCloseTo(given.learningRate, 9);
      given.lengths.forEach((length, b) => {
        for (let t = 0; t < length; t++) {
          const at = b * config.responseLength + t;
          const where = `update ${index}, episode ${b}, token ${t}`;
          expect(relative(found.logp[at]!, given.logp[b]![t]!), `logp, ${where}`).toBeLessThan(
            1e-3,
          );
          expect(relative(found.refLogp[at]!, given.refLogp[b]![t]!), `ref ${where}`).toBeLessThan(
            1e-3,
          );
          expect(
            Math.abs(found.rewards[at]! - given.reward[b]![t]!),
            `reward ${where}`,
          ).toBeLessThan(1e-3);
          expect(
            Math.abs(found.advantage[at]! - given.advantage[b]![t]!),
            `A ${where}`,
          ).toBeLessThan(1e-3);
        }
      });
      given.steps.forEach((step, row) => {
        const { ppo, value, gradNorm } = found.steps[row]!;
        const where = `update ${index}, step ${row}`;
        expect(Math.abs(ppo.policyLoss - step.policyLoss), `policy loss, ${where}`).toBeLessThan(
          1e-3,
        );
        expect(
          relative(ppo.klLoss, config.klLossCoef * step.klLoss),
          `KL loss, ${where}`,
        ).toBeLessThan(1e-3);
        expect(
          relative(ppo.nllLoss, config.nllCoef * step.nllLoss),
          `likelihood loss, ${where}`,
        ).toBeLessThan(1e-3);
        expect(relative(ppo.entropy, step.entropy), `entropy, ${where}`).toBeLessThan(1e-3);
        expect(relative(ppo.ratioMean, step.ratioMean), `ratio, ${where}`).toBeLessThan(1e-3);
        expect(Math.abs(ppo.approxKl - step.approxKl), `approximate KL, ${where}`).toBeLessThan(
          1e-4,
        );
        expect(ppo.clipFraction, `clip fraction, ${where}`).toBeCloseTo(step.clipFraction, 1);
        expect(relative(gradNorm, step.gradNorm), `gradient norm, ${where}`).toBeLessThan(5e-3);
        if (value)
          expect(
            relative(value.valueLoss, config.valueCoef * step.valueLoss),
            `value loss, ${where}`,
          ).toBeLessThan(1e-3);
      });
    }
    const expectedFinal = {
      ...golden.finalProjector,
      ...('finalValueProjector' in golden ? golden.finalValueProjector : {}),
    };
    for (const [name, expected] of Object.entries(flatValues(expectedFinal))) {
      expected.forEach((value, i) =>
        expect(Math.abs(final[name]![i]! - value), `${name}[${i}]`).toBeLessThan(1e-3),
      );
    }
  });
});
