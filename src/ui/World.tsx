/** What the models are, said honestly. */
import { stores, world } from '../state/page';
import { isBundled, worldOfRepository } from '../esper/pair';
import { useStore } from './useStore';

const OF_WORLD = {
  shapes: { encoder: 'CLIP', of: 'pictures of shapes' },
  sounds: { encoder: 'CLAP', of: 'sounds' },
} as const;

const size = (parameters: number | undefined): string =>
  parameters === undefined
    ? 'small'
    : `${parameters.toLocaleString('en', { notation: 'compact', maximumSignificantDigits: 3 })}-parameter`;

export function World() {
  const gpt2 = useStore(world, (state) => state.gpt2);
  const clip = useStore(world, (state) => state.clip);
  const pair = useStore(stores.models, (models) => models.pair);
  if (!isBundled(pair))
    return (
      <>
        {pair.lm} speaks, {pair.clip} judges; both as they lie on the hub.
      </>
    );
  const { encoder, of } = OF_WORLD[worldOfRepository(pair.lm) ?? 'shapes'];
  return (
    <>
      The bundled world: a {size(clip)} {encoder} and a {size(gpt2)} GPT-2, trained by this project
      on generated {of}.
    </>
  );
}
