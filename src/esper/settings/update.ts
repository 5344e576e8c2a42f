/** How the projector learns from a batch of responses. */
import { live, oneOf, real, structural, whole } from './field';

export const UPDATE = {
  advantage: structural(
    oneOf(['rloo', 'grpo', 'gae']).default('rloo'),
    'Advantage',
    '',
    'rloo: the other samples of the same picture are the baseline. grpo: a response’s total reward, normalised over them. gae: a value head is the baseline.',
  ),
  whitening: structural(
    oneOf(['batch', 'minibatch']).default('batch'),
    'Whitening over',
    '',
    'Which tokens advantages are whitened over: the whole batch, once, or each minibatch, as the released trainer does.',
  ),
  whitenRewards: structural(
    oneOf(['no', 'yes']).default('no'),
    'Whiten rewards',
    '',
    'Divides the rewards of each minibatch by their deviation before GAE, their mean kept; needs gae and whitening over the minibatch.',
  ),
  gamma: live(real(0, 1).default(1), 'Discount γ', '', 'Discount of later rewards in GAE.'),
  lambda: live(
    real(0, 1).default(0.95),
    'GAE λ',
    '',
    'Trade-off between bias and variance in GAE.',
  ),
  epochs: live(whole(1, 16).default(4), 'Epochs', 'passes', 'Passes over one batch of samples.'),
  minibatches: structural(
    whole(1, 64).default(4),
    'Minibatches',
    'parts',
    'Optimiser steps in one pass.',
  ),
  activations: structural(
    oneOf(['keep', 'recompute']).default('keep'),
    'GPT-2’s activations',
    '',
    'Keep: those of every layer wait on the GPU for the backward pass. Recompute: only what each layer reads is kept, the rest is computed again; the same gradient to the bit, in less memory and more time.',
  ),
  policyFrom: live(
    whole(0, 10_000).default(0),
    'Policy loss from',
    'updates',
    'So many first updates have no policy term; the released trainer’s first 50.',
  ),
  clipRange: live(
    real(0.01, 1).default(0.2),
    'Clip range ε',
    '',
    'The probability ratio earns nothing beyond 1 ± ε.',
  ),
  valueClipRange: live(
    real(0.01, 10).default(0.2),
    'Value clip range',
    '',
    'The value may move this far from its old estimate in one update.',
  ),
  valueCoef: live(real(0, 10).default(0.5), 'Value coefficient', '', 'Weight of the value loss.'),
  klLossCoef: structural(
    real(0, 10).default(0),
    'KL loss coefficient',
    '',
    'Weight of the full-vocabulary KL to the text-only model inside the loss; the released code’s form of it is always 0.',
  ),
  klLossThreshold: live(
    real(0, 10).default(0.1),
    'KL loss threshold',
    'nats',
    'KL of a token below this costs nothing in the KL loss.',
  ),
  entropyCoef: live(
    real(0, 1).default(0),
    'Entropy coefficient',
    '',
    'Weight of the entropy bonus.',
  ),
  nllCoef: live(
    real(0, 10).default(0),
    'Likelihood coefficient',
    '',
    'Weight of the paper’s entropy loss: what a response’s negative log-likelihood has over the threshold.',
  ),
  nllThreshold: live(
    real(0, 1000).default(70),
    'Likelihood threshold',
    'nats',
    'Of a whole response; the paper’s is 70, for 20 tokens.',
  ),
  learningRate: live(real(0, 1).default(5e-4), 'Learning rate', '', 'Step size of AdamW.'),
  warmupUpdates: live(
    whole(0, 10_000).default(0),
    'Warm-up',
    'updates',
    'The learning rate rises linearly over so many updates.',
  ),
  decayUpdates: live(
    whole(0, 1_000_000).default(0),
    'Decay over',
    'updates',
    'After warm-up the learning rate falls linearly to 0 over so many updates; 0 keeps it.',
  ),
  weightDecay: live(
    real(0, 1).default(0.01),
    'Weight decay',
    '',
    'Decoupled weight decay of AdamW.',
  ),
  maxGradNorm: live(
    real(0.001, 1000).default(1),
    'Gradient norm limit',
    '',
    'A longer gradient is scaled down to this length.',
  ),
};
