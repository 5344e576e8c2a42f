/** An image that, where its row is a sound, plays it at a click: as the encoder hears it. */
import type { ReactNode } from 'react';
import { player, stores } from '../../state/page';
import { Icon } from '../basics/Icon';
import { useStore } from '../useStore';
import styles from './sound.module.css';

interface PlayableProps {
  /** Of the row. */
  id: string;
  name: string;
  children: ReactNode;
}

export function Playable({ id, name, children }: PlayableProps) {
  const sound = useStore(stores.pictures, ({ sounds }) => sounds[id]);
  const isPlaying = useStore(player.store, ({ playing }) => playing === id);
  if (!sound) return children;
  const label = `${isPlaying ? 'Stop' : 'Play'} ${name}`;
  return (
    <span className={styles['playable']}>
      {children}
      <button
        type="button"
        className={styles['play']}
        aria-label={label}
        title={label}
        onClick={() => player.toggle(id, sound)}
      >
        <span className={styles['disc']}>
          <Icon name={isPlaying ? 'stop' : 'play'} />
        </span>
      </button>
    </span>
  );
}
