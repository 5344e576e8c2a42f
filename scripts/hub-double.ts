/**
 * A double of the Hugging Face hub for tests, on a port of its own: lists a repository, redirects
 * large files to a storage host, serves ranges, and misbehaves on demand. What it imitates was looked
 * up in the hub's API documentation (huggingface.co/docs/hub/api) and the source of @huggingface/hub.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the next answers with a file's bytes go wrong; each entry serves one answer. */
export type Mishap =
  | { kind: 'cut'; after: number }
  | { kind: 'status'; status: number; retryAfter?: number }
  /** A trickle: so many bytes, a pause, and again. */
  | { kind: 'slow'; bytes: number; everyMs: number }
  | { kind: 'no ranges' }
  /** Other bytes, of the same or of another length. */
  | { kind: 'other'; bytes: Uint8Array };

export interface Requested {
  path: string;
  range: string | undefined;
  authorization: string | undefined;
}

/** Files that the hub keeps outside of git. */
const LARGE = /\.(safetensors|onnx|bin)$/;

export class HubDouble {
  readonly requests: Requested[] = [];
  /** Where set, every request needs this token. */
  token: string | undefined;
  readonly #files = new Map<string, Uint8Array>();
  readonly #mishaps: Mishap[] = [];
  readonly #hub = createServer((request, response) => this.#answer(request, response));
  readonly #storage = createServer((request, response) => this.#serve(request, response));

  /** @returns the hub's address */
  async start(): Promise<string> {
    for (const server of [this.#hub, this.#storage])
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
    return this.#address(this.#hub);
  }

  async stop(): Promise<void> {
    for (const server of [this.#hub, this.#storage]) {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    }
  }

  /** @param path with the repository's name: "owner/name/onnx/model.onnx" */
  put(path: string, bytes: Uint8Array): void {
    this.#files.set(path, bytes);
  }

  /** Forgets files, mishaps, requests and the token. */
  clear(): void {
    this.#files.clear();
    this.#mishaps.length = 0;
    this.requests.length = 0;
    this.token = undefined;
  }

  misbehave(...mishaps: readonly Mishap[]): void {
    this.#mishaps.push(...mishaps);
  }

  #address(server: ReturnType<typeof createServer>): string {
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** The hub itself: listing, small files, redirects. */
  #answer(request: IncomingMessage, response: ServerResponse): void {
    allowEveryOrigin(response);
    if (request.method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Headers', 'authorization,range');
      response.writeHead(204).end();
      return;
    }
    const { pathname } = new URL(request.url!, 'http://hub');
    const { authorization, range } = request.headers;
    this.requests.push({ path: pathname, range, authorization });
    if (this.token && authorization !== `Bearer ${this.token}`) {
      fail(response, 401, 'Invalid username or password.');
      return;
    }
    const listing = /^\/api\/models\/(.+?)\/tree\/([^/]+)\/?$/.exec(pathname);
    if (listing) {
      this.#list(decodeURIComponent(listing[1]!), response);
      return;
    }
    const file = /^\/(.+?\/.+?)\/resolve\/[^/]+\/(.+)$/.exec(pathname);
    const path = file && `${file[1]!}/${file[2]!}`;
    const bytes = path && this.#files.get(path);
    if (!path || !bytes) {
      fail(response, 404, 'Entry not found');
      return;
    }
    if (!LARGE.test(path)) {
      response.setHeader('ETag', `"${gitHash(bytes)}"`);
      this.#send(bytes, request, response);
      return;
    }
    response.setHeader('X-Linked-ETag', `"${sha256(bytes)}"`);
    response.setHeader('X-Linked-Size', bytes.length);
    response.setHeader('Location', `${this.#address(this.#storage)}/${path}`);
    response.writeHead(302).end();
  }

  #list(repository: string, response: ServerResponse): void {
    const files = [...this.#files]
      .filter(([path]) => path.startsWith(`${repository}/`))
      .map(([path, bytes]) => ({
        type: 'file',
        oid: gitHash(bytes),
        size: bytes.length,
        path: path.slice(repository.length + 1),
        ...(LARGE.test(path) && {
          lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 134 },
        }),
      }));
    if (files.length === 0) {
      fail(response, 404, 'Repository not found');
      return;
    }
    response.setHeader('Content-Type', 'application/json');
    response.writeHead(200).end(JSON.stringify(files));
  }

  /** The storage host: bytes only, and no answer to a preflight. */
  #serve(request: IncomingMessage, response: ServerResponse): void {
    allowEveryOrigin(response);
    const bytes = this.#files.get(decodeURIComponent(request.url!.slice(1)));
    if (request.method !== 'GET' || !bytes) {
      fail(response, 403, 'Forbidden');
      return;
    }
    this.requests.push({
      path: request.url!,
      range: request.headers.range,
      authorization: request.headers.authorization,
    });
    response.setHeader('ETag', `"${sha256(bytes)}"`);
    this.#send(bytes, request, response);
  }

  #send(stored: Uint8Array, request: IncomingMessage, response: ServerResponse): void {
    const mishap = this.#mishaps.shift();
    if (mishap?.kind === 'status') {
      if (mishap.retryAfter !== undefined) response.setHeader('Retry-After', mishap.retryAfter);
      fail(response, mishap.status, 'as the test asked for');
      return;
    }
    const bytes = mishap?.kind === 'other' ? mishap.bytes : stored;
    const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
    const start = from === undefined || mishap?.kind === 'no ranges' ? undefined : Number(from);
    if (start !== undefined && start >= bytes.length) {
      response.setHeader('Content-Range', `bytes */${bytes.length}`);
      fail(response, 416, 'Range Not Satisfiable');
      return;
    }
    const body = bytes.subarray(start ?? 0);
    response.setHeader('Content-Length', body.length);
    response.setHeader('Accept-Ranges', 'bytes');
    if (start === undefined) response.writeHead(200);
    else {
      response.setHeader('Content-Range', `bytes ${start}-${bytes.length - 1}/${bytes.length}`);
      response.writeHead(206);
    }
    if (mishap?.kind === 'slow') {
      trickle(body, mishap.bytes, mishap.everyMs, response);
      return;
    }
    if (mishap?.kind !== 'cut') {
      response.end(body);
      return;
    }
    // The bytes must have been read before the connection goes: a stream that fails forgets what waits in it.
    response.write(body.subarray(0, mishap.after), () => {
      setTimeout(() => response.destroy(), 100);
    });
  }
}

function trickle(body: Uint8Array, bytes: number, everyMs: number, response: ServerResponse): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + bytes));
    sent += bytes;
    if (sent >= body.length) response.end();
  }, everyMs);
  response.on('close', () => clearInterval(timer));
}

function allowEveryOrigin(response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader(
    'Access-Control-Expose-Headers',
    'ETag,X-Linked-ETag,X-Linked-Size,Content-Range,Retry-After',
  );
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
}

function fail(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, message, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ error: message }));
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const gitHash = (bytes: Uint8Array) =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
