/** Generated sounds to click. */
import { commands, stores } from '../../state/page';
import {
  isUnseen,
  SAMPLE_SOUNDS,
  sampleSound,
  type SampleSound,
} from '../../worlds/sounds/samples';
import { Icon } from '../basics/Icon';
import { useStore } from '../useStore';
import styles from './sound.module.css';

function Sample({ sample }: { sample: SampleSound }) {
  const rate = useStore(stores.session, ({ encoder }) => encoder?.hearing?.rate);
  const { name } = sample;
  const label = isUnseen(sample) ? `${name} (a pair never trained on)` : name;
  return (
    <button
      type="button"
      className={`${styles['sample']} ${isUnseen(sample) ? styles['unseen'] : ''}`}
      title={label}
      disabled={rate === undefined}
      onClick={() => {
        if (rate === undefined) return;
        void commands.addPictures([{ name, data: sampleSound(sample, rate) }]);
      }}
    >
      <Icon name="sound" />
      <span aria-hidden="true">{name}</span>
      <span className="hidden-visually">{label}</span>
    </button>
  );
}

export function SoundSamples() {
  return (
    <>
      <div className={styles['samples']}>
        {SAMPLE_SOUNDS.map((sample) => (
          <Sample key={sample.name} sample={sample} />
        ))}
      </div>
      <p className={styles['legend']}>Dashed: instrument and rhythm never trained together.</p>
    </>
  );
}
