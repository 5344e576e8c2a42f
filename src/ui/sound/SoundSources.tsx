/** Where sounds come from, beside the person's own files and microphone. */
import { lazyPart } from '../LazyPart';
import pictureStyles from '../picture/picture.module.css';
import styles from './sound.module.css';

/** The generator of sounds comes along with them. */
const SoundSamples = lazyPart('Samples', async () => (await import('./SoundSamples')).SoundSamples);

export function SoundSources() {
  return (
    <div className={pictureStyles['sources']}>
      <h3 className={styles['heading']}>
        Samples <small>drop or paste anywhere</small>
      </h3>
      <div className={pictureStyles['source']}>
        <SoundSamples />
      </div>
    </div>
  );
}
