/** What a batch is drawn to be: its pictures, and the query of each, which its samples share. */
import { beforeAll, expect, it } from 'vitest';
import type { KernelRunner } from '../gpu/kernel';
import { sharedRunner } from '../gpu/testing/harness';
import { Random } from '../math/random';
import { createBatch } from './batch';
import { parseConfig } from './config';
import { queryPlaces } from './draws';
import { Projector } from './projector';
import { shapeOf } from './projector/shape';
import { initialProjector } from './projector/values';
import { queriesOf } from './queries';
import { createRollout, drawsOf } from './rollout';
import { createScoring } from './scoring';
import { SMALL_E, smallNetworks } from './testing/small-networks';

let runner: KernelRunner;
beforeAll(async () => {
  runner = await sharedRunner();
});

it('the captions of a picture follow, are scored after, and begin with its own opening words', async () => {
  const [I, K, T, PICTURES] = [6, 2, 5, 9];
  const config = parseConfig({
    query: 'opening-words',
    imagesPerBatch: I,
    samplesPerImage: K,
    trainingPictures: PICTURES,
    responseLength: T,
    prefixLength: 2,
    minibatches: 2,
  });
  const networks = await smallNetworks(runner);
  const shape = shapeOf(config, networks.lm.config, SMALL_E);
  const projector = new Projector(runner.gpu, shape, initialProjector(shape, 1));
  const queries = queriesOf(networks, config);
  const batch = createBatch(networks, projector, config, queries);
  const { episodes, table } = batch;
  const random = new Random(9);
  table.write(Float32Array.from({ length: table.size }, () => random.normal()));
  const rollout = await createRollout(networks, projector, episodes, table, config);
  const scoring = await createScoring(networks, episodes, table, config);
  const Q = queries.choices[0]!.tokens.length;
  const seen = new Set<number>();

  for (const stream of [0, 1, 2]) {
    batch.draw(stream, PICTURES);
    const places = queryPlaces(config.seed, stream, queries.probabilities, I);
    for (const place of places) seen.add(place);
    const { texts, lengths } = await rollout.run(drawsOf(config, stream));
    const weights = {
      klCoef: 0,
      clipWeight: 1,
      gain: 1,
      bias: 0,
      fluencyWeight: 0,
      repetitionWeight: 0,
    };
    await scoring.run({ texts, lengths }, 'whole', weights, undefined);
    const asked = await episodes.query.read();
    const sequences = await episodes.sequences.read();
    const tokens = await episodes.tokens.read();
    for (let b = 0; b < I * K; b++) {
      const { tokens: query, spoken } = queries.choices[places[Math.floor(b / K)]!]!;
      expect([...asked.subarray(b * Q, (b + 1) * Q)]).toEqual(query);
      const S = Q + T - 1;
      expect([...sequences.subarray(b * S, (b + 1) * S)]).toEqual([
        ...query,
        ...tokens.subarray(b * T, (b + 1) * T - 1),
      ]);
      expect(texts[b]!.split(' ').slice(0, spoken.length).map(Number)).toEqual(spoken);
    }
  }
  expect(seen.size, 'draws are of several queries').toBe(queries.choices.length);
  for (const part of [rollout, scoring, batch, projector]) part.destroy();
});
