/** What the models are, said honestly. */
import { stores, world } from '../state/page';
import { isBundled } from '../esper/pair';
import { useStore } from './useStore';

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
  return (
    <>
      The bundled world: a {size(clip)} CLIP and a {size(gpt2)} GPT-2, trained by this project on
      generated pictures of shapes.
    </>
  );
}
