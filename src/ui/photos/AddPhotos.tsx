/** Two ways to choose pictures: many files, or a folder with all that is in it. */
import { useRef } from 'react';
import { commands } from '../../state/page';
import { Button } from '../basics/Button';
import styles from './photos.module.css';

/** Hidden files, such as those that file managers leave behind, are nobody's photos. */
const isMeant = ({ name }: File) => !name.startsWith('.') && name !== 'Thumbs.db';

function add(input: HTMLInputElement): void {
  const files = [...(input.files ?? [])].filter(isMeant);
  // Cleared, so that the same files can be chosen again.
  input.value = '';
  void commands.photos.add(files);
}

export function AddPhotos() {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  return (
    <div className={styles['buttons']}>
      <Button icon="picture" look="primary" onClick={() => files.current?.click()}>
        Add pictures
      </Button>
      <Button icon="import" onClick={() => folder.current?.click()}>
        Add a folder
      </Button>
      <span className={styles['hint']}>or drop them here</span>
      <input
        ref={files}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label="Pictures to train on"
        data-testid="photos-files"
        onChange={({ currentTarget }) => add(currentTarget)}
      />
      <input
        ref={(element) => {
          folder.current = element;
          // React knows no such property; without it the picker offers files.
          element?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        multiple
        hidden
        aria-label="Folder of pictures to train on"
        data-testid="photos-folder"
        onChange={({ currentTarget }) => add(currentTarget)}
      />
    </div>
  );
}
