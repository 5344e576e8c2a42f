/**
 * Samples a rollout's tokens from logits in memory: the same as on the GPU, up to ties of rounding. Episodes that
 * have said the same so far are read once, and those that have ended no more.
 */
import type { DecodingInMemory } from '../frozen/gpt2/model';
import { forbidden, type Rules } from './decode/distribution';
import { drawToken, type GumbelDraw } from './decode/gumbel';
import type { Sampled } from './sampler-on-gpu';

/** As of `Episodes`: query ids [B, Q] in memory. */
interface Asked {
  shape: { B: number; Q: number; T: number };
  asked: Uint32Array;
}

export async function sampleInMemory(
  decoding: DecodingInMemory,
  draws: GumbelDraw,
  { shape: { B, Q, T }, asked }: Asked,
  rules: Rules & { V: number },
): Promise<Sampled> {
  const { V } = rules;
  const tokens = new Uint32Array(B * T).fill(rules.eos);
  const lengths = new Uint32Array(B);
  const contexts = Array.from({ length: B }, (_, b) => [...asked.subarray(b * Q, (b + 1) * Q)]);
  /** Which of the sequences read an episode goes on from. */
  const read = contexts.map((_, b) => Math.floor((b * decoding.logits.length) / (B * V)));
  let going = contexts.map((_, b) => b);
  for (let t = 0; t < T; t++) {
    for (const b of going) {
      const logits = decoding.logits.subarray(read[b]! * V, (read[b]! + 1) * V);
      const banned = forbidden(contexts[b]!, t, rules);
      const token = drawToken(logits, banned, draws, b * T + t);
      tokens[b * T + t] = token;
      contexts[b]!.push(token);
      lengths[b] = t + 1;
    }
    going = going.filter((b) => tokens[b * T + t] !== rules.eos);
    if (going.length === 0 || t + 1 === T) break;
    /** Different ways on, by sequence and token, and which it will be. */
    const ways = new Map<number, number>();
    for (const b of going) {
      const way = read[b]! * V + tokens[b * T + t]!;
      read[b] = ways.get(way) ?? ways.size;
      ways.set(way, read[b]!);
    }
    const next = Int32Array.from(ways.keys(), (way) => way % V);
    const parents = Array.from(ways.keys(), (way) => Math.floor(way / V));
    await decoding.step(next, parents);
  }
  return { tokens, lengths };
}
