/** What the chosen pair needs, how its download goes, and the way over to it. */
import { useEffect, useRef } from 'react';
import { modelCommands, stores } from '../../state/page';
import { totals } from '../../state/models';
import { Button } from '../basics/Button';
import { bytes, duration } from '../format';
import { useStore } from '../useStore';
import { MemoryNote } from './MemoryNote';
import styles from './models.module.css';

export function PlanPanel({ onUse }: { onUse(): void }) {
  const panel = useRef<HTMLElement>(null);
  const plan = useStore(stores.models, (models) => models.plan);
  const activity = useStore(stores.models, (models) => models.activity);
  const progress = useStore(stores.models, (models) => models.progress);
  const speed = useStore(stores.models, (models) => models.bytesPerSecond);
  useEffect(() => {
    if (plan) panel.current?.scrollIntoView({ block: 'nearest' });
  }, [plan]);
  if (activity === 'planning')
    return (
      <p className={styles['plan']} role="status">
        Asking the hub what this pair needs …
      </p>
    );
  if (!plan) return null;
  const { done, bytes: all } = totals(progress);
  const left = all - done;
  const isDownloading = activity === 'downloading';
  return (
    <section ref={panel} className={styles['plan']} aria-label="What the chosen models need">
      <ul className={styles['files']}>
        {progress.map((file) => (
          <li key={`${file.repository}/${file.path}`}>
            <span>
              {file.repository}/<b>{file.path}</b>
            </span>
            <span className="number">
              {file.done < file.bytes && file.done > 0 && `${bytes(file.done)} of `}
              {bytes(file.bytes)}
            </span>
            <progress value={file.done} max={file.bytes} aria-label={file.path} />
          </li>
        ))}
      </ul>
      <p className="number" role="status" data-testid="models-progress">
        {left === 0
          ? `All of ${bytes(all)} is on this disk.`
          : `${bytes(done)} of ${bytes(all)} here, ${bytes(left)} to download`}
        {isDownloading && speed > 0 && `, ${bytes(speed)}/s, ${duration(left / speed)} left`}
      </p>
      <MemoryNote plan={plan} />
      <div className={styles['buttons']}>
        {isDownloading && (
          <Button onClick={() => void modelCommands.cancel()} data-testid="models-cancel">
            Cancel
          </Button>
        )}
        {!isDownloading && left > 0 && (
          <Button
            look="primary"
            onClick={() => void modelCommands.download()}
            data-testid="models-download"
          >
            Download {bytes(left)}
          </Button>
        )}
        {!isDownloading && left === 0 && (
          <Button
            look="primary"
            data-testid="models-use"
            onClick={() => {
              void modelCommands.use(plan.pair, plan.memory.proposal);
              onUse();
            }}
          >
            {plan.memory.proposal ? 'Use these models, with what fits' : 'Use these models'}
          </Button>
        )}
      </div>
    </section>
  );
}
