/** A rollout ends when all its rows have, and says the same as one that goes on to the last token. */
import { expect, it } from 'vitest';
import type { LanguageModel } from '../frozen/gpt2/model';
import { withRunner } from '../gpu/testing/harness';
import { Tensor } from '../gpu/tensor';
import { createBatch } from './batch';
import { parseConfig } from './config';
import { Projector } from './projector';
import { shapeOf } from './projector/shape';
import { initialProjector } from './projector/values';
import { queriesOf } from './queries';
import { createRollout, drawsOf } from './rollout';
import { SMALL_E, smallNetworks } from './testing/small-networks';

const kit = withRunner();
const [I, K, T] = [2, 3, 8];
const B = I * K;

it('decodes no further than it must, and looks only where the one before ended early', async () => {
  const { runner } = kit;
  const networks = await smallNetworks(runner, 'kernels');
  const { vocab_size: V, eos_token_id: eos } = networks.lm.config;
  const logits = new Tensor(runner.gpu, 'logits', [B, V]);
  /** Tokens that each row says before the end of text. */
  let said: number[] = [];
  let steps = 0;
  const wordOf = (b: number, t: number) => (t < said[b]! ? 1 + ((b + t) % (V - 1)) : eos);
  const leaveLogits = (t: number) => {
    const data = new Float32Array(B * V);
    for (let b = 0; b < B; b++) data[b * V + wordOf(b, t)] = 1000;
    logits.write(data);
  };
  const lm: LanguageModel = {
    ...networks.lm,
    config: networks.lm.config,
    weights: networks.lm.weights,
    provider: 'kernels',
    hidden: () => Promise.reject(new Error('not asked for')),
    dispose: () => networks.lm.dispose(),
    async startDecoding() {
      let t = 0;
      leaveLogits(t);
      return {
        place: 'gpu',
        logits,
        async step() {
          steps++;
          leaveLogits(++t);
        },
        end: () => {},
      };
    },
  };
  const config = parseConfig({
    imagesPerBatch: I,
    samplesPerImage: K,
    trainingPictures: 9,
    responseLength: T,
    minResponse: 0,
    noRepeatNgram: 0,
    prefixLength: 2,
    minibatches: 2,
  });
  const projector = new Projector(
    runner.gpu,
    shapeOf(config, lm.config, SMALL_E),
    initialProjector(shapeOf(config, lm.config, SMALL_E), 1),
  );
  const batch = createBatch(networks, projector, config, queriesOf(networks, config));
  const { episodes, table } = batch;
  const rollout = await createRollout({ ...networks, lm }, projector, episodes, table, config);

  const run = async (each: number[]) => {
    said = each;
    steps = 0;
    const { readbacks } = runner.gpu.traffic;
    const { lengths } = await rollout.run(drawsOf(config, 0));
    const looks = runner.gpu.traffic.readbacks - readbacks - 1;
    const expected = Array.from({ length: B * T }, (_, i) => wordOf(Math.floor(i / T), i % T));
    expect([...(await episodes.tokens.read())]).toEqual(expected);
    expect([...lengths]).toEqual(each.map((count) => Math.min(count + 1, T)));
    return { steps, looks };
  };
  const short = [3, 0, 2, 4, 1, 4];
  expect(await run(short)).toEqual({ steps: T - 1, looks: 0 }); // nothing is known yet
  expect(await run(short)).toEqual({ steps: 4, looks: 1 });
  // One row goes on for one more token, then one to the end: then nobody looks any more.
  expect(await run([3, 5, 2, 4, 1, 4])).toEqual({ steps: 5, looks: 2 });
  expect(await run([3, 5, 2, T, 1, 4])).toEqual({ steps: T - 1, looks: 2 });
  expect(await run(short)).toEqual({ steps: T - 1, looks: 0 });
  // Shorter than expected is seen where it was expected.
  expect(await run([1, 1, 1, 1, 1, 1])).toEqual({ steps: 4, looks: 1 });
  for (const part of [rollout, batch, projector, logits]) part.destroy();
  await lm.dispose();
});
