/** Takes in a folder of a hub repository, for those without a network. */
import { useRef } from 'react';
import { modelCommands, stores } from '../../state/page';
import { Button } from '../basics/Button';
import { useStore } from '../useStore';

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

export function AddFolder() {
  const input = useRef<HTMLInputElement>(null);
  const isBusy = useStore(stores.models, (models) => models.activity !== 'idle');
  return (
    <>
      <Button icon="import" disabled={isBusy} onClick={() => input.current?.click()}>
        Add a folder of a repository
      </Button>
      <input
        ref={(element) => {
          input.current = element;
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
    </>
  );
}
