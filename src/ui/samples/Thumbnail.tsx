/** A small picture, or a sound's spectrogram, by its id; an empty frame until it has come from the worker. */
import { stores } from '../../state/page';
import { useStore } from '../useStore';
import styles from './samples.module.css';

interface ThumbnailProps {
  id: string;
  alt: string;
  /** CSS pixels. */
  size: number;
}

export function Thumbnail({ id, alt, size }: ThumbnailProps) {
  const url = useStore(stores.pictures, ({ thumbnails }) => thumbnails[id]);
  const isSound = useStore(stores.pictures, ({ sounds }) => id in sounds);
  // All of a spectrogram counts, whatever its proportions.
  const look = `${styles['frame']} ${isSound ? styles['whole'] : ''}`;
  if (!url) return <span className={styles['frame']} style={{ width: size, height: size }} />;
  return <img className={look} src={url} alt={alt} width={size} height={size} />;
}
