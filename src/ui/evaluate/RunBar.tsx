/** Starts an evaluation, shows how far it is, and hands its report over as files. */
import { isBundled } from '../../esper/pair';
import type { Activity } from '../../state/evaluate/evaluate';
import { toCsv, toJson } from '../../state/evaluate/export';
import type { Report } from '../../state/evaluate/report';
import { commands, stores } from '../../state/page';
import { isOpen } from '../../state/session';
import { Button } from '../basics/Button';
import { counted } from '../format';
import { useStore } from '../useStore';
import styles from './evaluate.module.css';

const { evaluate } = commands;

const DOING: Readonly<Record<Activity, string>> = {
  idle: '',
  reading: 'Reading the file',
  judging: 'The networks look and judge',
  scoring: 'The texts are compared',
};

/** Of how many images, and when in its training the model wrote. */
function about({ rows, provenance: { captions, updates } }: Report): string {
  const images = counted(rows.length, 'image');
  if (captions) return `${images}, captions of ${captions}`;
  if (!updates) return images;
  const { first, last } = updates;
  return `${images}, captioned at update ${first === last ? first : `${first} to ${last}`}`;
}

function Running() {
  const activity = useStore(stores.evaluate, (state) => state.activity);
  const progress = useStore(stores.evaluate, (state) => state.progress);
  return (
    <div className={styles['running']} data-testid="evaluate-progress">
      <p className="number">
        {DOING[activity]}
        {progress && ` · ${Math.floor((100 * progress.done) / Math.max(1, progress.of))} %`}
      </p>
      <progress
        value={progress?.done ?? 0}
        max={Math.max(1, progress?.of ?? 1)}
        aria-label={DOING[activity]}
      />
      <Button onClick={evaluate.cancel}>Cancel</Button>
    </div>
  );
}

export function RunBar() {
  const isRunning = useStore(stores.evaluate, ({ activity }) => activity !== 'idle');
  const report = useStore(stores.evaluate, (state) => state.report);
  const hasReferences = useStore(stores.evaluate, ({ references }) => references !== undefined);
  const hasCaptions = useStore(stores.evaluate, ({ captions }) => captions !== undefined);
  const hasModels = useStore(stores.session, isOpen);
  const hasScenes = useStore(stores.models, ({ pair }) => isBundled(pair));
  if (isRunning) return <Running />;
  const canRun = hasCaptions || (hasModels && (hasReferences || hasScenes));
  return (
    <div className={styles['bar']}>
      <Button
        icon="play"
        look={report ? 'plain' : 'primary'}
        disabled={!canRun}
        data-testid="evaluate-run"
        onClick={() => void evaluate.run()}
      >
        {report ? 'Evaluate again' : 'Evaluate'}
      </Button>
      <p className={`${styles['note']} number`} role="status">
        {report && about(report)}
        {!report && !hasModels && 'The models are not loaded yet.'}
        {!report &&
          hasModels &&
          !canRun &&
          'These models have no scenes of their own: choose references.'}
      </p>
      {report && (
        <div className={styles['files']}>
          <Button
            icon="export"
            data-testid="evaluate-csv"
            onClick={() => evaluate.save('csv', toCsv)}
          >
            CSV
          </Button>
          <Button
            icon="export"
            data-testid="evaluate-json"
            onClick={() => evaluate.save('json', toJson)}
          >
            JSON
          </Button>
        </div>
      )}
    </div>
  );
}
