/** The network that learns. */
import { structural, whole } from './field';

export const PROJECTOR = {
  prefixLength: structural(
    whole(1, 32).default(4),
    'Prefix length',
    'tokens',
    'How many prefix vectors the projector makes of one picture (P).',
  ),
};
