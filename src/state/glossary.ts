/** What each metric is called and means, in one sentence; for labels, tooltips and the read-out. */
import type { MetricName } from '../worker/protocol';

export interface MetricText {
  label: string;
  unit: string;
  /** What it is, and what healthy values look like. */
  help: string;
}

const text = (label: string, unit: string, help: string): MetricText => ({ label, unit, help });

export const METRIC_TEXT: Readonly<Record<MetricName, MetricText>> = {
  'objective/clip_cos_sim': text(
    'CLIP cosine',
    '',
    'How well the sampled captions fit their pictures by CLIP, −1 to 1. It should climb towards the cosine of the true captions.',
  ),
  'objective/reward_total': text(
    'Reward',
    '',
    'All that a caption earns: CLIP, fluency and repetition, less the KL penalty. Training raises it.',
  ),
  'objective/reward_pair': text(
    'CLIP reward',
    '',
    'The CLIP cosine, brought to mean 0 and deviation 1 of the untrained model.',
  ),
  'objective/reward_fluency': text(
    'Fluency reward',
    '',
    'Earned for text that the language model alone finds likely; 0 unless weighted in.',
  ),
  'objective/reward_repetition': text(
    'Repetition reward',
    '',
    'Lost for repeated words, pairs and triples; 0 unless weighted in.',
  ),
  'objective/kl': text(
    'KL',
    'nats',
    'How far a caption strays from what the language model would say blindly. It grows as the model learns to see; a runaway means word salad.',
  ),
  'objective/kl_coef': text(
    'KL coefficient',
    '',
    'β of the KL penalty; it moves where the controller is adaptive.',
  ),
  'objective/entropy': text(
    'Entropy',
    'nats',
    'How undecided the model is about the next token. It falls as captions become sure; near 0 nothing new is tried. A warm start does not measure it.',
  ),
  'objective/length': text('Length', 'tokens', 'Mean length of the sampled captions.'),
  'loss/policy': text('Policy loss', '', 'The clipped PPO objective, negated. It hovers round 0.'),
  'loss/value': text(
    'Value loss',
    '',
    'Squared error of the value head; 0 with the leave-one-out baseline.',
  ),
  'loss/kl': text('KL loss', '', 'The KL inside the loss; 0 unless weighted in.'),
  'loss/nll': text(
    'Likelihood loss',
    '',
    'What the negative log-likelihood of responses has over its threshold; 0 unless weighted in.',
  ),
  'loss/total': text('Total loss', '', 'What the optimiser minimises.'),
  'policy/approx_kl': text(
    'KL of one update',
    'nats',
    'How far one update moved the policy. Above about 0.05 the steps are too large.',
  ),
  'policy/clip_fraction': text(
    'Clip fraction',
    '',
    'Share of tokens whose probability moved beyond the clip range, 0 to 1. Healthy: under about 0.3. A warm start, which clips nothing, has none.',
  ),
  'policy/ratio_mean': text(
    'Mean ratio',
    '',
    'New over old probability of the sampled tokens. It should stay near 1.',
  ),
  'value/explained_variance': text(
    'Explained variance',
    '',
    'Share of the returns’ variance that the value head predicts; 1 is perfect, 0 useless.',
  ),
  grad_norm: text('Gradient norm', '', 'Length of the gradient before it is clipped.'),
  lr: text('Learning rate', '', 'Step size of AdamW in this update, after warm-up and decay.'),
  step_ms: text('Update time', 'ms', 'Time of one whole update.'),
  'step_ms/rollout': text('Rollout time', 'ms', 'Time taken to sample the captions.'),
  'step_ms/reward': text('Reward time', 'ms', 'Time taken to score them with CLIP and the LM.'),
  'step_ms/update': text('Learning time', 'ms', 'Time taken by the optimiser’s passes.'),
  gpu_bytes: text('GPU memory', 'bytes', 'Bytes of live GPU buffers of the trainer. Stays flat.'),
};
