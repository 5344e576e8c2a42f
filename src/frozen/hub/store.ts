/**
 * Models kept on disk, in the origin private file system. A file is written under a name of its own
 * and renamed when it is whole and its hash is right, so nothing half-written is ever taken for whole;
 * the unfinished part stays and is gone on with, if the hub's file is still the same.
 * Runs in dedicated workers only: elsewhere files cannot be written in place.
 */
import { createSHA1, createSHA256 } from 'hash-wasm';
import { z } from 'zod';
import { Fault } from '../../faults';
import type { Sink } from './download';
import type { FileHash, ListedFile } from './listing';

const FOLDER = 'models';
const PART = '.part';
const IDENTITY = '.identity';
/** Behind a file's name: the same weights as halves, made of it, which go when another takes its name. */
export const AS_HALVES = '.f16';

const identitySchema = z.object({
  bytes: z.number(),
  hash: z.object({ kind: z.enum(['sha256', 'git']), hex: z.string() }).optional(),
});

export interface StoredFile {
  repository: string;
  path: string;
  bytes: number;
  /** False for a part of a file. */
  isWhole: boolean;
}

/** A file being written. */
export interface Incoming extends Sink {
  /**
   * Checks the hash and gives the file its name.
   * @throws Fault hash; the part is then deleted
   */
  finish(): Promise<void>;
  /** Keeps the part for later. */
  close(): void;
  /** Deletes the part. */
  discard(): Promise<void>;
}

// Names of folders and files: a repository's and a path's slashes must not make folders.
const nameOf = (text: string) => encodeURIComponent(text);
const textOf = (name: string) => decodeURIComponent(name);

export class ModelStore {
  readonly #root: FileSystemDirectoryHandle;

  private constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  /** @throws Fault no-storage where the browser gives no file system */
  static async open(): Promise<ModelStore> {
    try {
      const origin = await navigator.storage.getDirectory();
      return new ModelStore(await origin.getDirectoryHandle(FOLDER, { create: true }));
    } catch (error) {
      throw storageFault(error);
    }
  }

  /** The whole file, if it is here. */
  async read(repository: string, path: string): Promise<File | undefined> {
    const folder = await this.#folder(repository);
    const handle = folder && (await existing(folder.getFileHandle(nameOf(path))));
    return handle?.getFile();
  }

  /** Whether the file is here, whole, and the one that the hub lists. */
  async has(repository: string, file: ListedFile): Promise<boolean> {
    const folder = await this.#folder(repository);
    const name = nameOf(file.path);
    if (!folder || !(await existing(folder.getFileHandle(name)))) return false;
    return isSame(folder, name + IDENTITY, identityOf(file));
  }

  /** Bytes of the file's unfinished part that can be gone on with. */
  async partOf(repository: string, file: ListedFile): Promise<number> {
    const folder = await this.#folder(repository);
    const name = nameOf(file.path);
    const part = folder && (await existing(folder.getFileHandle(name + PART)));
    if (!part || !(await isSame(folder, name + PART + IDENTITY, identityOf(file)))) return 0;
    return (await part.getFile()).size;
  }

  async list(): Promise<StoredFile[]> {
    const files: StoredFile[] = [];
    for await (const [folderName, folder] of this.#root.entries()) {
      if (folder.kind !== 'directory') continue;
      for await (const [name, handle] of (folder as FileSystemDirectoryHandle).entries()) {
        if (handle.kind !== 'file' || name.endsWith(IDENTITY)) continue;
        const isWhole = !name.endsWith(PART);
        const path = textOf(isWhole ? name : name.slice(0, -PART.length));
        const { size } = await (handle as FileSystemFileHandle).getFile();
        files.push({ repository: textOf(folderName), path, bytes: size, isWhole });
      }
    }
    return files;
  }

  /** Deletes all of a repository's files. */
  async remove(repository: string): Promise<void> {
    await existing(this.#root.removeEntry(nameOf(repository), { recursive: true }));
  }

  /** Deletes a repository's whole files but those of `paths`. */
  async removeOthers(repository: string, paths: readonly string[]): Promise<void> {
    const folder = await this.#folder(repository);
    const kept = new Set(paths.flatMap((path) => [nameOf(path), nameOf(path) + IDENTITY]));
    for await (const name of folder?.keys() ?? [])
      if (!kept.has(name)) await existing(folder!.removeEntry(name));
  }

  /** Opens `file` for writing, at the end of what is here of the same file. */
  async receive(repository: string, file: ListedFile): Promise<Incoming> {
    const folder = (await this.#folder(repository, true))!;
    const name = nameOf(file.path);
    const identity = identityOf(file);
    const part = await folder.getFileHandle(name + PART, { create: true });
    const access = await part.createSyncAccessHandle();
    try {
      if (!(await isSame(folder, name + PART + IDENTITY, identity))) {
        access.truncate(0);
        await writeText(folder, name + PART + IDENTITY, JSON.stringify(identity));
      }
    } catch (error) {
      access.close();
      throw storageFault(error);
    }
    return new PartFile(`${repository}/${file.path}`, folder, name, part, access, file);
  }

  async #folder(repository: string, create = false) {
    return existing(this.#root.getDirectoryHandle(nameOf(repository), { create }));
  }
}

const PIECE_BYTES = 128 << 10;

class PartFile implements Incoming {
  readonly #label: string;
  readonly #folder: FileSystemDirectoryHandle;
  readonly #name: string;
  readonly #handle: FileSystemFileHandle;
  readonly #access: FileSystemSyncAccessHandle;
  readonly #file: ListedFile;
  #length: number;

  constructor(
    label: string,
    folder: FileSystemDirectoryHandle,
    name: string,
    handle: FileSystemFileHandle,
    access: FileSystemSyncAccessHandle,
    file: ListedFile,
  ) {
    this.#label = label;
    this.#folder = folder;
    this.#name = name;
    this.#handle = handle;
    this.#access = access;
    this.#file = file;
    this.#length = access.getSize();
  }

  get length(): number {
    return this.#length;
  }

  write(bytes: Uint8Array<ArrayBuffer>): void {
    // A piece that does not fit is lost whole.
    for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES)
      this.#append(bytes.subarray(at, at + PIECE_BYTES));
  }

  #append(piece: Uint8Array<ArrayBuffer>): void {
    let written: number | undefined;
    let reason: unknown;
    try {
      written = this.#access.write(piece, { at: this.#length });
    } catch (error) {
      reason = error;
    }
    // Chromium throws nothing on a full disk: it writes a part and answers 2³² − 8, its error code.
    if (written !== piece.byteLength) {
      this.#access.truncate(this.#length);
      throw quotaFault(this.#label, this.#file.bytes - this.#length, reason);
    }
    this.#length += written;
  }

  restart(): void {
    this.#access.truncate(0);
    this.#length = 0;
  }

  async finish(): Promise<void> {
    this.#access.flush();
    const wanted = this.#file.hash;
    const found = wanted && (await hashOf(this.#access, this.#length, wanted.kind));
    this.#access.close();
    if (wanted && found !== wanted.hex) {
      await this.discard();
      throw new Fault({ kind: 'hash', file: this.#label, wanted: wanted.hex, found: found! });
    }
    // In this order: cut in between, the file counts as another one and is fetched again.
    await existing(this.#folder.removeEntry(this.#name + AS_HALVES));
    await this.#handle.move(this.#name);
    const identity = await this.#folder.getFileHandle(this.#name + PART + IDENTITY);
    await identity.move(this.#name + IDENTITY);
  }

  close(): void {
    this.#access.flush();
    this.#access.close();
  }

  async discard(): Promise<void> {
    this.#access.close();
    await this.#folder.removeEntry(this.#name + PART);
    await existing(this.#folder.removeEntry(this.#name + PART + IDENTITY));
  }
}

const identityOf = ({ bytes, hash }: ListedFile) => ({ bytes, hash });

const HASH_CHUNK = 4 << 20;

async function hashOf(
  access: FileSystemSyncAccessHandle,
  length: number,
  kind: FileHash['kind'],
): Promise<string> {
  const hasher = kind === 'sha256' ? await createSHA256() : await createSHA1();
  hasher.init();
  // Git hashes a header before the content: git-scm.com/book/en/v2/Git-Internals-Git-Objects.
  if (kind === 'git') hasher.update(`blob ${length}\0`);
  const chunk = new Uint8Array(HASH_CHUNK);
  for (let at = 0; at < length;) {
    const read = access.read(chunk, { at });
    if (read === 0) break;
    hasher.update(chunk.subarray(0, read));
    at += read;
  }
  return hasher.digest('hex');
}

/** Undefined where there is no such file or folder. */
async function existing<T>(handle: Promise<T>): Promise<T | undefined> {
  try {
    return await handle;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}

async function isSame(
  folder: FileSystemDirectoryHandle,
  name: string,
  wanted: z.infer<typeof identitySchema>,
): Promise<boolean> {
  const handle = await existing(folder.getFileHandle(name));
  if (!handle) return false;
  try {
    const found = identitySchema.parse(JSON.parse(await (await handle.getFile()).text()));
    return found.bytes === wanted.bytes && found.hash?.hex === wanted.hash?.hex;
  } catch {
    return false; // a note that was cut off says nothing
  }
}

async function writeText(folder: FileSystemDirectoryHandle, name: string, text: string) {
  const handle = await folder.getFileHandle(name, { create: true });
  const access = await handle.createSyncAccessHandle();
  access.truncate(0);
  access.write(new TextEncoder().encode(text));
  access.close();
}

function storageFault(error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error);
  return new Fault({ kind: 'no-storage', message });
}

/** Anything but a full disk is passed on. */
function quotaFault(file: string, need: number, error?: unknown): unknown {
  const isFull =
    error === undefined || (error instanceof DOMException && error.name === 'QuotaExceededError');
  return isFull ? new Fault({ kind: 'disk-full', file, need }) : error;
}
