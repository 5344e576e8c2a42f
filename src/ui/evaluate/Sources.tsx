/** What is evaluated: references, whose captions, and which pictures there are. */
import { isBundled } from '../../esper/pair';
import { splitsOf } from '../../state/evaluate/choose';
import { type NamedFile } from '../../state/evaluate/evaluate';
import { commands, stores } from '../../state/page';
import { Button } from '../basics/Button';
import { useModality } from '../basics/Words';
import { counted } from '../format';
import { useStore } from '../useStore';
import { FilePicker } from './FilePicker';
import styles from './evaluate.module.css';

const CAPTION_FILES = '.json,.jsonl,.ndjson,.csv,.tsv';
const { evaluate } = commands;

function About({ file }: { file: NamedFile }) {
  return (
    <p className={styles['file']}>
      <b>{file.name}</b>
      <small className="number">
        {file.format}, {counted(file.images.length, 'image')}
      </small>
    </p>
  );
}

/** Karpathy's files have splits; figures are published on one of them. */
function SplitChoice({ file }: { file: NamedFile }) {
  const split = useStore(stores.evaluate, (state) => state.split);
  const splits = [...splitsOf(file)];
  if (splits.length === 0) return null;
  return (
    <label className={styles['split']}>
      Split
      <select
        value={split ?? ''}
        onChange={({ currentTarget }) => evaluate.setSplit(currentTarget.value || undefined)}
      >
        <option value="">all</option>
        {splits.map(([name, images]) => (
          <option key={name} value={name}>
            {name} ({images.toLocaleString('en')})
          </option>
        ))}
      </select>
    </label>
  );
}

function References() {
  const file = useStore(stores.evaluate, (state) => state.references);
  const hasScenes = useStore(stores.models, ({ pair }) => isBundled(pair));
  return (
    <section className={styles['source']} aria-label="References">
      <h3>References</h3>
      {file ? (
        <About file={file} />
      ) : (
        <p className={styles['file']} data-testid="evaluate-no-references">
          <b>{hasScenes ? 'Held-out scenes' : 'None yet'}</b>
          <small>
            {hasScenes
              ? 'of the bundled world, with all that can truly be said of them'
              : 'COCO or Karpathy JSON, CSV, JSON lines'}
          </small>
        </p>
      )}
      <div className={styles['choices']}>
        <FilePicker
          label={file ? 'Other references' : 'Choose references'}
          name="File of references"
          icon="import"
          accept={CAPTION_FILES}
          testId="evaluate-references"
          onFiles={([first]) => void evaluate.addReferences(first!)}
        />
        {file && <SplitChoice file={file} />}
        {file && (
          <Button look="quiet" onClick={evaluate.clear}>
            Remove
          </Button>
        )}
      </div>
    </section>
  );
}

function Captions() {
  const file = useStore(stores.evaluate, (state) => state.captions);
  const canChoose = useStore(stores.evaluate, (state) => state.references !== undefined);
  return (
    <section className={styles['source']} aria-label="Captions">
      <h3>Captions</h3>
      {file ? (
        <About file={file} />
      ) : (
        <p className={styles['file']}>
          <b>Written by the model</b>
          <small>greedily, as it is now</small>
        </p>
      )}
      <div className={styles['choices']}>
        <FilePicker
          label={file ? 'Other captions' : 'Judge a file of captions'}
          name="File of captions to judge"
          icon="import"
          accept={CAPTION_FILES}
          isDisabled={!canChoose}
          testId="evaluate-captions"
          onFiles={([first]) => void evaluate.addCaptions(first!)}
        />
        {file && (
          <Button look="quiet" onClick={evaluate.removeCaptions}>
            Remove
          </Button>
        )}
      </div>
    </section>
  );
}

function Pictures() {
  const given = useStore(stores.evaluate, ({ pictures }) => pictures.length);
  const photos = useStore(stores.photos, ({ summary }) => summary?.rows.length ?? 0);
  return (
    <section className={styles['source']} aria-label="Pictures">
      <h3>Pictures</h3>
      <p className={styles['file']}>
        <b className="number">
          {counted(photos, 'photo')}
          {given > 0 && `, ${counted(given, 'picture')} given here`}
        </b>
        <small>matched to the references by the files’ names</small>
      </p>
      <div className={styles['choices']}>
        <FilePicker
          label="Add pictures"
          name="Pictures of the references"
          icon="picture"
          accept="image/*"
          isMultiple
          testId="evaluate-pictures"
          onFiles={(files) => void evaluate.take(files)}
        />
      </div>
    </section>
  );
}

/** Of sounds only the texts are judged. */
function NoSounds() {
  return (
    <section className={styles['source']} aria-label="Sounds">
      <h3>Sounds</h3>
      <p className={styles['file']}>
        <b>None</b>
        <small>
          references are not joined with sound files yet: a file of captions is judged by its texts
        </small>
      </p>
    </section>
  );
}

export function Sources() {
  const isOfSounds = useModality() === 'sound';
  const hasReferences = useStore(stores.evaluate, ({ references }) => references !== undefined);
  return (
    <div className={styles['sources']}>
      <References />
      <Captions />
      {hasReferences && (isOfSounds ? <NoSounds /> : <Pictures />)}
    </div>
  );
}
