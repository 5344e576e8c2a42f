/** What a response earns. */
import { live, oneOf, real, text, whole } from './field';

export const REWARD = {
  clipWeight: live(
    real(0, 100).default(1),
    'CLIP weight',
    '',
    'Weight of the CLIP reward, gain · (cosine − bias).',
  ),
  clipCalibration: live(
    oneOf(['first-pass', 'given']).default('first-pass'),
    'CLIP calibration',
    '',
    'first-pass: gain and bias bring the cosines of a first pass to mean 0 and deviation 1. given: those below.',
  ),
  clipGain: live(
    real(0, 1000).default(50),
    'CLIP gain',
    '',
    'Used where the calibration is given; the paper’s, for ViT-B/32, is 50.',
  ),
  clipBias: live(
    real(-1, 1).default(0.2),
    'CLIP bias',
    '',
    'Cosine that earns nothing where the calibration is given; the paper’s is .2, for ViT-B/32.',
  ),
  clipText: live(
    oneOf(['whole', 'first-sentence', 'sentence-mean']).default('whole'),
    'CLIP reads',
    '',
    'What of a response CLIP is shown: all of it, its first sentence, or each sentence, whose cosines are averaged.',
  ),
  rewardExpression: live(
    text(200).default(''),
    'Own reward',
    '',
    "In place of the CLIP reward: an expression such as clip - 0.1 * abs(words - 8) + has('red'), of clip, cosine, length, words, logprob, fluency, has, count, min, max, abs, exp, log and sqrt. Empty: the CLIP reward.",
  ),
  goalFrom: live(
    whole(0, 10_000).default(0),
    'CLIP reward from',
    'updates',
    'The CLIP reward is off for so many first updates; the released trainer waits 50.',
  ),
  klCoef: live(
    real(0, 10).default(0.02),
    'KL coefficient β',
    '',
    'Penalty per token for leaving the text-only language model. Strong pins the policy to it, none lets it game CLIP.',
  ),
  klController: live(
    oneOf(['fixed', 'adaptive']).default('fixed'),
    'KL controller',
    '',
    'adaptive moves β from its present value so that the KL of a response nears the target (Ziegler et al. 2019).',
  ),
  klTarget: live(
    real(0.01, 1000).default(6),
    'KL target',
    'nats',
    'Of a whole response; for the adaptive controller.',
  ),
  klHorizon: live(
    whole(1, 10_000_000).default(10_000),
    'KL horizon',
    'captions',
    'How slowly the adaptive controller moves β.',
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
