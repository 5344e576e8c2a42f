/** A chart in its place; until its code is there, an empty one. */
import { lazyPart, type WaitingProps } from '../LazyPart';
import { Button } from '../basics/Button';
import styles from './charts.module.css';

function Waiting({ fault, tryAgain }: WaitingProps) {
  return (
    <div className={styles['canvas']}>
      {fault && (
        <Button icon="reset" look="quiet" onClick={tryAgain}>
          The chart could not be loaded: try again
        </Button>
      )}
    </div>
  );
}

export const Curve = lazyPart('The charts', async () => (await import('./Chart')).Chart, Waiting);
