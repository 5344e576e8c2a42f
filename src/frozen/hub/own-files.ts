/** A repository from the person's own disk: copied into the store, so that it opens like any other. */
import { z } from 'zod';
import { Fault } from '../../faults';
import type { Incoming, ModelStore } from './store';

/** Repositories of this owner came from folders and zips. */
export const LOCAL_OWNER = 'local/';

export interface FolderFile {
  /** Inside the folder: "onnx/vision_model.onnx". */
  path: string;
  data: Blob;
}

/** A file that can be read once, in chunks. */
export interface OwnFile {
  /** Inside the repository. */
  path: string;
  bytes: number;
  /** Hands all of it to `write`, chunk after chunk. */
  pipe(write: (chunk: Uint8Array<ArrayBuffer>) => void): Promise<unknown>;
}

const KNOWN =
  /^(config|tokenizer|tokenizer_config|preprocessor_config|styles|opening-words)\.json$|^model\.safetensors$|^onnx\/(vision|audio|text)_model\w*\.onnx$/;
const configSchema = z.object({ model_type: z.enum(['gpt2', 'clip', 'clap']) });

export const filesOfFolder = (files: readonly FolderFile[]): OwnFile[] =>
  files.map(({ path, data }) => ({
    path,
    bytes: data.size,
    pipe: (write) => data.stream().pipeTo(new WritableStream({ write })),
  }));

/**
 * @param name of the folder or zip
 * @returns the repository's name: "local/my-gpt2"
 * @throws Fault bad-file where it is no GPT-2, no CLIP and no CLAP; disk-full
 */
export async function addRepository(
  store: ModelStore,
  name: string,
  files: readonly OwnFile[],
): Promise<string> {
  await checkKind(name, files);
  const repository = LOCAL_OWNER + name.replace(/\.zip$/i, '').replaceAll(/[^\w.-]+/g, '-');
  const known = files.filter((file) => KNOWN.test(file.path));
  // Beside what is stored under this name, which goes only once all of the new is here.
  const arrived: Incoming[] = [];
  try {
    for (const { path, bytes, pipe } of known) {
      const incoming = await store.receive(repository, { path, bytes, hash: undefined });
      arrived.push(incoming);
      incoming.restart();
      await pipe((chunk) => incoming.write(chunk));
    }
  } catch (error) {
    for (const incoming of arrived) await incoming.discard();
    throw error;
  }
  for (const incoming of arrived) await incoming.finish();
  await store.removeOthers(
    repository,
    known.map(({ path }) => path),
  );
  return repository;
}

async function checkKind(name: string, files: readonly OwnFile[]): Promise<void> {
  const config = files.find(({ path }) => path === 'config.json');
  const bad = (problem: string) => new Fault({ kind: 'bad-file', file: name, problem });
  if (!config) throw bad('It has no config.json: it is not a repository of a model.');
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  await config.pipe((chunk) => {
    chunks.push(chunk);
  });
  let json: unknown;
  try {
    json = JSON.parse(await new Blob(chunks).text());
  } catch {
    throw bad('Its config.json is not JSON.');
  }
  if (!configSchema.safeParse(json).success)
    throw bad('Its config.json tells of no GPT-2, no CLIP and no CLAP (model_type).');
}
