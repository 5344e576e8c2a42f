/** What a run would take of the GPU's memory, whether this GPU gave it, and what would fit if not. */
import { batchSize } from '../../esper/config';
import type { Pair } from '../../esper/pair';
import { memoryTotal, type ModelsState } from '../../state/models';
import { modelCommands, stores } from '../../state/page';
import { bytes } from '../format';
import { useStore } from '../useStore';
import styles from './models.module.css';

const OTHER_DTYPE: Record<Pair['lmDType'], Pair['lmDType']> = { f32: 'f16', f16: 'f32' };

type Plan = NonNullable<ModelsState['plan']>;

export function MemoryNote({ plan }: { plan: Plan }) {
  const isBusy = useStore(stores.models, (models) => models.activity !== 'idle');
  const { pair, memory } = plan;
  const other = OTHER_DTYPE[pair.lmDType];
  return (
    <div className={styles['memory']}>
      <p className="number" data-testid="models-memory">
        GPU memory: {bytes(memory.weights)} of weights in {pair.lmDType},{' '}
        {memory.clip > 0 && `${bytes(memory.clip)} of the encoder, `}
        {bytes(memory.training)} to train with the present settings: {bytes(memoryTotal(plan))} in
        all. <Room plan={plan} />
      </p>
      <button
        type="button"
        className={styles['link']}
        disabled={isBusy}
        data-testid="models-other-dtype"
        onClick={() => void modelCommands.lookUp({ ...pair, lmDType: other })}
      >
        {other === 'f16'
          ? 'Store the weights as halves (f16) instead'
          : 'Store the weights in full (f32) instead'}
      </button>
    </div>
  );
}

/** Asked for and given back: WebGPU does not tell how much memory there is. */
function Room({ plan }: { plan: Plan }) {
  const { room, proposal } = plan.memory;
  if (room === undefined) return <span>Without a GPU this page cannot train.</span>;
  const need = memoryTotal(plan);
  if (room >= need) return <span>This GPU gave that much when asked.</span>;
  if (!proposal)
    return (
      <strong>
        This GPU gave only {bytes(room)} when asked: not even a batch of one picture fits.
      </strong>
    );
  const { imagesPerBatch, minibatches, activations } = proposal;
  return (
    <strong>
      This GPU gave only {bytes(room)} when asked. What fits: {imagesPerBatch}{' '}
      {imagesPerBatch === 1 ? 'picture' : 'pictures'} an update ({batchSize(proposal)} captions) in{' '}
      {minibatches} minibatches
      {activations === 'recompute' && ', GPT-2’s activations computed again in the backward pass'}.
    </strong>
  );
}
