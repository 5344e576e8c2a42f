/** How responses are sampled. */
import { live, real, structural, whole } from './field';

export const ROLLOUT = {
  responseLength: structural(
    whole(2, 40).default(12),
    'Response length',
    'tokens',
    'Longest caption that is sampled (T).',
  ),
  minResponse: structural(
    whole(0, 40).default(3),
    'Shortest response',
    'tokens',
    'The text may not end before this many tokens; ending at once is a local optimum. As many as the response length: it never ends.',
  ),
  temperature: live(
    real(0.05, 4).default(0.8),
    'Sampling temperature',
    '',
    'Logits are divided by this before sampling; log-probabilities are taken at 1.',
  ),
  topK: live(
    whole(0, 100_000).default(0),
    'Top k',
    'tokens',
    'Only the k most likely tokens are sampled; 0 samples from all.',
  ),
  topP: live(
    real(0.01, 1).default(1),
    'Top p',
    '',
    'Only the most likely tokens that together have this probability are sampled; 1 samples from all.',
  ),
  noRepeatNgram: structural(
    whole(0, 8).default(0),
    'No repeated n-gram',
    'tokens',
    'Tokens that would repeat an n-gram of this length are never sampled; 0 allows all.',
  ),
  referenceUntil: live(
    whole(0, 10_000).default(0),
    'Reference rollouts until',
    'updates',
    'So many first updates learn from texts of the text-only language model, as the released trainer’s first 50 do.',
  ),
};
