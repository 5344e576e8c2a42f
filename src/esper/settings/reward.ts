/** What a response earns. */
import { live, real } from './field';

export const REWARD = {
  clipWeight: live(
    real(0, 100).default(1),
    'CLIP weight',
    '',
    'Weight of the calibrated CLIP cosine, (cos − mean) / deviation of a first pass.',
  ),
  klCoef: live(
    real(0, 10).default(0.02),
    'KL coefficient β',
    '',
    'Penalty per token for leaving the text-only language model. Strong pins the policy to it, none lets it game CLIP.',
  ),
  fluencyWeight: live(
    real(0, 10).default(0),
    'Fluency weight',
    '',
    'Weight of the paper’s fluency term, from the text-only model’s log-probabilities.',
  ),
  repetitionWeight: live(
    real(0, 10).default(0),
    'Repetition weight',
    '',
    'Weight of the paper’s penalty on repeated tokens, pairs and triples.',
  ),
};
