/** Files as one zip, in one folder. Tensors are stored as they are: floats hardly shrink. */
import {
  BlobReader,
  BlobWriter,
  configure,
  TextReader,
  Uint8ArrayReader,
  ZipWriter,
} from '@zip.js/zip.js/lib/zip-core-native.js';
import type { FileContent } from './folder';

// This already is a worker.
configure({ useWebWorkers: false });

const TENSORS = /\.safetensors$/;

export async function zipOf(
  folder: string,
  files: ReadonlyMap<string, FileContent>,
): Promise<Blob> {
  const zip = new ZipWriter(new BlobWriter('application/zip'));
  for (const [path, content] of files)
    await zip.add(`${folder}/${path}`, readerOf(content), TENSORS.test(path) ? { level: 0 } : {});
  return zip.close();
}

function readerOf(content: FileContent) {
  if (typeof content === 'string') return new TextReader(content);
  return content instanceof Blob ? new BlobReader(content) : new Uint8ArrayReader(content);
}
