/** A trainer's voice for tests of something else. */
import type { SpeakingApi } from '../../worker/speaking-protocol';

const nothing = () => Promise.resolve({ ok: true as const, value: undefined });

export const SILENT: SpeakingApi = {
  opening: () =>
    Promise.resolve({ ok: true, value: { prompt: 'caption:', questions: [], guidance: {} } }),
  write: nothing,
  tokens: nothing,
  turn: nothing,
  answer: nothing,
  rank: nothing,
  cancel: () => Promise.resolve({ ok: true, value: null }),
};
