/** A repository from a folder on the person's disk: copied into the store, so that it opens like any other. */
import { z } from 'zod';
import { Fault } from '../../faults';
import type { ModelStore } from './store';

/** Repositories of this owner came from folders. */
export const LOCAL_OWNER = 'local/';

export interface FolderFile {
  /** Inside the folder: "onnx/vision_model.onnx". */
  path: string;
  data: Blob;
}

const KNOWN =
  /^(config|tokenizer|tokenizer_config|preprocessor_config)\.json$|^model\.safetensors$|^onnx\/(vision|text)_model\w*\.onnx$/;
const configSchema = z.object({ model_type: z.enum(['gpt2', 'clip']) });

/**
 * @param folder its name
 * @returns the repository's name: "local/my-gpt2"
 * @throws Fault bad-file where it is no GPT-2 and no CLIP; disk-full
 */
export async function addFolder(
  store: ModelStore,
  folder: string,
  files: readonly FolderFile[],
): Promise<string> {
  await checkKind(folder, files);
  const repository = LOCAL_OWNER + folder.replaceAll(/[^\w.-]+/g, '-');
  await store.remove(repository);
  for (const { path, data } of files.filter((file) => KNOWN.test(file.path))) {
    const incoming = await store.receive(repository, { path, bytes: data.size, hash: undefined });
    try {
      for await (const chunk of chunksOf(data)) incoming.write(chunk);
    } catch (error) {
      incoming.close();
      await store.remove(repository);
      throw error;
    }
    await incoming.finish();
  }
  return repository;
}

async function checkKind(folder: string, files: readonly FolderFile[]): Promise<void> {
  const config = files.find(({ path }) => path === 'config.json');
  const bad = (problem: string) => new Fault({ kind: 'bad-file', file: folder, problem });
  if (!config) throw bad('The folder has no config.json: it is not a repository of a model.');
  let json: unknown;
  try {
    json = JSON.parse(await config.data.text());
  } catch {
    throw bad('Its config.json is not JSON.');
  }
  if (!configSchema.safeParse(json).success)
    throw bad('Its config.json tells neither of a GPT-2 nor of a CLIP (model_type).');
}

async function* chunksOf(data: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = data.stream().getReader();
  while (true) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
