/** Takes in a folder or a zip of a hub repository, for those without a network. */
import { useRef } from 'react';
import { modelCommands, stores } from '../../state/page';
import { Button } from '../basics/Button';
import { useStore } from '../useStore';
import styles from './models.module.css';

/** "my-gpt2/onnx/model.onnx" → the folder's name and the paths inside it. */
function folderOf(files: readonly File[]) {
  const folder = files[0]?.webkitRelativePath.split('/')[0] ?? '';
  return {
    folder,
    files: files.map((data) => ({
      path: data.webkitRelativePath.slice(folder.length + 1),
      data,
    })),
  };
}

export function OwnFiles() {
  const folderInput = useRef<HTMLInputElement>(null);
  const zipInput = useRef<HTMLInputElement>(null);
  const activity = useStore(stores.models, (models) => models.activity);
  const isBusy = activity !== 'idle';
  return (
    <div className={styles['own']}>
      <div className={styles['buttons']}>
        <Button icon="import" disabled={isBusy} onClick={() => folderInput.current?.click()}>
          Add a folder
        </Button>
        <Button icon="import" disabled={isBusy} onClick={() => zipInput.current?.click()}>
          Add a zip
        </Button>
      </div>
      <p className={styles['none']} role="status">
        {activity === 'copying'
          ? 'Copying to this disk …'
          : 'Of a model’s repository; dropped on the page it does as well.'}
      </p>
      <input
        ref={(element) => {
          folderInput.current = element;
          // React knows no such property; without it the picker offers files.
          element?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        multiple
        hidden
        aria-label="Folder of a model’s repository"
        data-testid="models-folder"
        onChange={({ currentTarget }) => {
          const { folder, files } = folderOf([...(currentTarget.files ?? [])]);
          if (files.length > 0) void modelCommands.addFolder(folder, files);
          currentTarget.value = '';
        }}
      />
      <input
        ref={zipInput}
        type="file"
        accept=".zip,application/zip"
        hidden
        aria-label="Zip of a model’s repository"
        data-testid="models-zip"
        onChange={({ currentTarget }) => {
          const zip = currentTarget.files?.[0];
          if (zip) void modelCommands.addZip(zip);
          currentTarget.value = '';
        }}
      />
    </div>
  );
}
