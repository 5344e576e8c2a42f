/** Plays a row that is a sound, as the encoder hears it; nothing for a picture. */
import { player, stores } from '../../state/page';
import { Icon } from '../basics/Icon';
import { useStore } from '../useStore';
import styles from './sound.module.css';

export function PlayButton({ id, name }: { id: string; name: string }) {
  const sound = useStore(stores.pictures, ({ sounds }) => sounds[id]);
  const isPlaying = useStore(player.store, ({ playing }) => playing === id);
  if (!sound) return null;
  const label = `${isPlaying ? 'Stop' : 'Play'} ${name}`;
  return (
    <button
      type="button"
      className={styles['play']}
      aria-label={label}
      title={label}
      onClick={() => player.toggle(id, sound)}
    >
      <Icon name={isPlaying ? 'stop' : 'play'} />
    </button>
  );
}
