/** The network that learns. */
import { oneOf, structural, whole } from './field';

export const PROJECTOR = {
  projector: structural(
    oneOf(['mlp', 'linear', 'transformer', 'deep']).default('mlp'),
    'Projector',
    '',
    'mlp: as released. linear: one matrix. transformer: ClipCap’s mapper of self-attention. deep: keys and values for every layer of the language model (p-tuning v2), which then reads them on our own kernels.',
  ),
  projectorLayers: structural(
    whole(1, 8).default(1),
    'Projector layers',
    'layers',
    'Hidden layers of mlp and deep, blocks of the transformer; linear has none.',
  ),
  prefixLength: structural(
    whole(1, 32).default(4),
    'Prefix length',
    'tokens',
    'How many prefix vectors the projector makes of one picture (P).',
  ),
  valueProjector: structural(
    oneOf(['shared', 'own']).default('shared'),
    'Value’s projector',
    '',
    'With gae only. shared: the value head reads the policy’s states. own: it reads those of a second pass of the language model, behind a projector of its own.',
  ),
};
