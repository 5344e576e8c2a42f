/** A small picture by its id; an empty frame until it has come from the worker. */
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
  if (!url) return <span className={styles['frame']} style={{ width: size, height: size }} />;
  return <img className={styles['frame']} src={url} alt={alt} width={size} height={size} />;
}
