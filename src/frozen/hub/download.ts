/**
 * One file of a hub's repository into a sink, resumed at the byte where a connection was cut. Only a
 * `Range` header is sent with it: every other one would ask the storage host for a CORS preflight,
 * which it does not answer.
 */
import { Fault } from '../../faults';

/** A file as the hub's listing describes it. */
export interface RemoteFile {
  /** What faults call it: "openai-community/gpt2/model.safetensors". */
  name: string;
  url: string;
  bytes: number;
}

/** Where the bytes go. */
export interface Sink {
  /** Bytes that are there. */
  readonly length: number;
  /** Appends. */
  write(bytes: Uint8Array): void;
  /** Forgets what is there. */
  restart(): void;
}

export interface DownloadOptions {
  /** For private models; sent to the hub only, browsers drop it where a redirect leaves the host. */
  token?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Called after each write. */
  onProgress?: (bytes: number) => void;
  /** Waits between attempts, milliseconds. */
  wait?: (milliseconds: number) => Promise<void>;
}

/** Attempts that bring no new byte before it is given up. */
const ATTEMPTS = 5;
const FIRST_WAIT_MS = 500;
/** A hub that asks for more patience than this is reported instead. */
const LONGEST_WAIT_MS = 60_000;

/** What may pass by itself: a cut, a server in trouble, a request to wait. */
class Interrupted extends Error {
  readonly fault: Fault;
  readonly waitMs: number | undefined;

  constructor(fault: Fault, waitMs?: number) {
    super(fault.message);
    this.fault = fault;
    this.waitMs = waitMs;
  }
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** Rejects when the signal is aborted, at once where it already is. */
const aborted = (signal: AbortSignal | undefined) =>
  new Promise<never>((_, reject) => {
    if (signal?.aborted) reject(signal.reason as Error);
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

/**
 * Fills `sink` up to `file.bytes`.
 * @throws Fault download, file-changed; the signal's reason where it was aborted
 */
export async function download(
  file: RemoteFile,
  sink: Sink,
  options: DownloadOptions = {},
): Promise<void> {
  const { signal, wait = pause } = options;
  let fruitless = 0;
  while (sink.length < file.bytes) {
    const before = sink.length;
    try {
      await receive(file, sink, options);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Interrupted)) throw error;
      fruitless = sink.length > before ? 0 : fruitless + 1;
      const waitMs = error.waitMs ?? FIRST_WAIT_MS * 2 ** fruitless;
      if (fruitless >= ATTEMPTS || waitMs > LONGEST_WAIT_MS) throw error.fault;
      await Promise.race([wait(waitMs), aborted(signal)]);
    }
  }
}

/** One request, from the sink's length on. */
async function receive(
  file: RemoteFile,
  sink: Sink,
  { token, signal, onProgress }: DownloadOptions,
): Promise<void> {
  const headers = new Headers();
  if (sink.length > 0) headers.set('Range', `bytes=${sink.length}-`);
  if (token) headers.set('Authorization', `Bearer ${token}`);
  const cut = (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    return new Interrupted(new Fault({ kind: 'download', file: file.name, status: 0, message }));
  };
  let response: Response;
  try {
    response = await fetch(file.url, { headers, signal: signal ?? null, cache: 'no-store' });
  } catch (error) {
    throw cut(error);
  }
  checkStatus(file, response);
  checkRange(file, sink, response);
  const reader = response.body!.getReader();
  while (true) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw cut(error);
    });
    if (done) break;
    if (sink.length + value.byteLength > file.bytes) {
      await reader.cancel();
      throw changed(file, `more than ${file.bytes} bytes`);
    }
    sink.write(value);
    onProgress?.(sink.length);
  }
  if (sink.length < file.bytes) throw cut(`it ended after ${sink.length} of ${file.bytes} bytes`);
}

function checkStatus(file: RemoteFile, response: Response): void {
  if (response.ok) return;
  const { status, statusText } = response;
  if (status === 416) throw changed(file, 'a shorter file');
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const seconds = Number.isFinite(retryAfter) ? { retryAfter } : {};
  const fault = new Fault({
    kind: 'download',
    file: file.name,
    status,
    message: statusText,
    ...seconds,
  });
  if (status === 429 || status >= 500)
    throw new Interrupted(fault, Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined);
  throw fault;
}

/** Checks what the answer says of the file's length, and forgets the part where all of it comes. */
function checkRange(file: RemoteFile, sink: Sink, response: Response): void {
  if (response.status !== 206) {
    if (sink.length > 0) sink.restart();
    const length = response.headers.get('Content-Length');
    const isPlain = !response.headers.get('Content-Encoding');
    if (length !== null && isPlain && Number(length) !== file.bytes)
      throw changed(file, `${length} bytes`);
    return;
  }
  const range = response.headers.get('Content-Range');
  // Not every host lets a page read it; then the length and the hash at the end must do.
  if (range === null) return;
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(range) ?? [];
  if (Number(from) !== sink.length || Number(total) !== file.bytes)
    throw changed(file, `“${range}” after ${sink.length} bytes were here`);
}

const changed = (file: RemoteFile, found: string) =>
  new Fault({ kind: 'file-changed', file: file.name, wanted: `${file.bytes} bytes`, found });
