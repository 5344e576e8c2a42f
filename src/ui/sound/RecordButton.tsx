/** Records a sound from the microphone, for as long as the encoder takes at most. */
import { recorder, stores } from '../../state/page';
import { Button } from '../basics/Button';
import { useStore } from '../useStore';
import styles from './sound.module.css';

export function RecordButton() {
  const phase = useStore(recorder.store, (state) => state.phase);
  const limit = useStore(recorder.store, (state) => state.limit);
  const hearing = useStore(stores.session, ({ encoder }) => encoder?.hearing);
  if (phase === 'recording')
    return (
      <Button icon="stop" className={styles['recording']} onClick={recorder.stop}>
        Stop
        <span
          className={styles['elapsed']}
          style={{ animationDuration: `${limit}s` }}
          aria-hidden="true"
        />
      </Button>
    );
  return (
    <Button
      icon="microphone"
      disabled={!hearing || phase === 'asking'}
      onClick={() => hearing && void recorder.start(hearing.samples / hearing.rate)}
    >
      Record
    </Button>
  );
}
