/**
 * Ways to learn, side by side on the bundled world: captions sampled until the held-out scenes' colour, shape,
 * size and place are each named right in 90 % of greedy captions. The page evaluates every 20 updates.
 */
import { DEFAULT_CONFIG, batchSize } from '../../src/esper/config.ts';
import { openPage } from './page-run.ts';
import { writeResult } from './result.ts';

const WAYS: Readonly<Record<string, Record<string, string>>> = {
  'texts first (60 updates), then PPO': { warmStartUpdates: '60' },
  'RLOO (the default)': {},
  GRPO: { advantage: 'grpo' },
  'GAE, value head on the policy’s states': { advantage: 'gae' },
  'GAE, value behind a projector of its own': { advantage: 'gae', valueProjector: 'own' },
};
const WANTED = 90;
const ATTRIBUTES = ['colour', 'shape', 'size', 'place'] as const;
/** Where a way is given up. */
const MOST_UPDATES = 160;

interface Outcome {
  /** Updates and captions until all were at 90 %; undefined where they never were. */
  reached: { update: number; captions: number; seconds: number } | undefined;
  /** The last evaluation. */
  last: Record<string, number>;
  seconds: number;
}

async function learn(settings: Record<string, string>): Promise<Outcome & { adapter: string }> {
  const run = await openPage(settings);
  try {
    let reached: Outcome['reached'];
    const samples = await run.train(MOST_UPDATES + 1, ({ evaluation, seconds }) => {
      const isThere = ATTRIBUTES.every((name) => (evaluation[name] ?? 0) >= WANTED);
      if (!isThere) return false;
      const update = evaluation['update']!;
      reached = { update, captions: update * batchSize(DEFAULT_CONFIG), seconds };
      return true;
    });
    const { evaluation: last = {}, seconds = 0 } = samples.at(-1) ?? {};
    return { adapter: run.adapter, reached, last, seconds };
  } finally {
    await run.close();
  }
}

export async function benchWays(): Promise<void> {
  const outcomes: Record<string, Outcome> = {};
  let adapter = '';
  for (const [way, settings] of Object.entries(WAYS)) {
    const { adapter: found, ...outcome } = await learn(settings);
    adapter = found;
    outcomes[way] = outcome;
    const { reached, last, seconds } = outcome;
    const shares = ATTRIBUTES.map((name) => `${name} ${last[name]} %`).join(', ');
    const when = reached
      ? `${reached.captions.toLocaleString('en')} captions (${reached.update} updates)`
      : `not in ${(MOST_UPDATES * batchSize(DEFAULT_CONFIG)).toLocaleString('en')} captions`;
    console.log(`${way.padEnd(42)} ${when}; ${seconds.toFixed(0)} s; ${shares}`);
  }
  writeResult('ways', { adapter, wanted: WANTED, outcomes });
}
