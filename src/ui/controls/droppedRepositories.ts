/** Folders and zips among what was dropped: repositories of models. Everything else is a file for the run. */

export interface Dropped {
  folders: FileSystemDirectoryEntry[];
  zips: File[];
  others: File[];
}

/** To be called in the event itself: afterwards the transfer is empty. */
export function sortDropped(transfer: DataTransfer | null): Dropped {
  const dropped: Dropped = { folders: [], zips: [], others: [] };
  for (const item of transfer?.items ?? []) {
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile();
    if (entry?.isDirectory) dropped.folders.push(entry as FileSystemDirectoryEntry);
    else if (file && /\.zip$/i.test(file.name)) dropped.zips.push(file);
    else if (file) dropped.others.push(file);
  }
  return dropped;
}

/** All files below a folder, with their paths in it. */
export async function filesBelow(
  folder: FileSystemDirectoryEntry,
): Promise<{ path: string; data: File }[]> {
  const files: { path: string; data: File }[] = [];
  const skipped = folder.fullPath.length + 1;
  const waiting = [folder];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const reader = next.createReader();
    // It answers with a hundred at a time, and with none at the end.
    for (let batch = await read(reader); batch.length > 0; batch = await read(reader))
      for (const entry of batch)
        if (entry.isDirectory) waiting.push(entry as FileSystemDirectoryEntry);
        else
          files.push({
            path: entry.fullPath.slice(skipped),
            data: await fileOf(entry as FileSystemFileEntry),
          });
  }
  return files;
}

const read = (reader: FileSystemDirectoryReader) =>
  new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));

const fileOf = (entry: FileSystemFileEntry) =>
  new Promise<File>((resolve, reject) => entry.file(resolve, reject));
