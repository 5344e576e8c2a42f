import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HubDouble } from '../../../scripts/hub-double';
import { Fault } from '../../faults';
import { download, type DownloadOptions, type RemoteFile, type Sink } from './download';

const hub = new HubDouble();
let address: string;
beforeAll(async () => {
  address = await hub.start();
});
afterAll(() => hub.stop());
beforeEach(() => hub.clear());

const PATH = 'someone/model/model.safetensors';
const content = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255);

class Memory implements Sink {
  bytes = new Uint8Array();
  restarts = 0;

  get length(): number {
    return this.bytes.length;
  }

  write(more: Uint8Array): void {
    const both = new Uint8Array(this.length + more.length);
    both.set(this.bytes);
    both.set(more, this.length);
    this.bytes = both;
  }

  restart(): void {
    this.restarts++;
    this.bytes = new Uint8Array();
  }
}

function put(length: number): { file: RemoteFile; bytes: Uint8Array } {
  const bytes = content(length);
  hub.put(PATH, bytes);
  const url = `${address}/someone/model/resolve/main/model.safetensors`;
  return { bytes, file: { name: PATH, url, bytes: length } };
}

/** Waits that are noted instead of waited. */
function patient(): DownloadOptions & { waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
  };
}

async function faultOf(promise: Promise<unknown>): Promise<Fault['fault']> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
  throw new Error('nothing failed');
}

const ranges = () => hub.requests.filter(({ path }) => path === `/${PATH}`).map((r) => r.range);

describe('a download', () => {
  it('follows the redirect and takes all bytes, telling how many', async () => {
    const { file, bytes } = put(300_000);
    const sink = new Memory();
    const told: number[] = [];
    await download(file, sink, { onProgress: (count) => told.push(count) });
    expect(sink.bytes).toEqual(bytes);
    expect(told.at(-1)).toBe(300_000);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(ranges()).toEqual([undefined]);
  });

  it.each([1, 4095, 65_536, 99_999])('goes on at the byte where it was cut: %d', async (after) => {
    const { file, bytes } = put(100_000);
    hub.misbehave({ kind: 'cut', after });
    const sink = new Memory();
    await download(file, sink, patient());
    expect(sink.bytes).toEqual(bytes);
    expect(ranges()).toEqual([undefined, `bytes=${after}-`]);
    expect(sink.restarts).toBe(0);
  });

  it('survives any number of cuts that each bring something', async () => {
    const { file, bytes } = put(100_000);
    hub.misbehave(...Array.from({ length: 20 }, () => ({ kind: 'cut', after: 1000 }) as const));
    const sink = new Memory();
    await download(file, sink, patient());
    expect(sink.bytes).toEqual(bytes);
  });

  it('begins anew where a host ignores ranges', async () => {
    const { file, bytes } = put(10_000);
    hub.misbehave({ kind: 'cut', after: 500 }, { kind: 'no ranges' });
    const sink = new Memory();
    await download(file, sink, patient());
    expect(sink.bytes).toEqual(bytes);
  });

  it('asks for nothing where all is here', async () => {
    const { file, bytes } = put(1000);
    const sink = new Memory();
    sink.write(bytes);
    await download(file, sink);
    expect(hub.requests).toEqual([]);
  });

  it('gives up after five attempts that bring nothing, keeping what is here', async () => {
    const { file } = put(1000);
    hub.misbehave(
      { kind: 'cut', after: 400 },
      ...Array.from({ length: 5 }, () => ({ kind: 'status', status: 503 }) as const),
    );
    const sink = new Memory();
    const options = patient();
    expect(await faultOf(download(file, sink, options))).toMatchObject({
      kind: 'download',
      status: 503,
    });
    expect(sink.length).toBe(400);
    expect(options.waits).toEqual(options.waits.toSorted((a, b) => a - b));
  });

  it('waits as long as the hub asks for', async () => {
    const { file, bytes } = put(1000);
    hub.misbehave({ kind: 'status', status: 429, retryAfter: 7 });
    const sink = new Memory();
    const options = patient();
    await download(file, sink, options);
    expect(sink.bytes).toEqual(bytes);
    expect(options.waits).toEqual([7000]);
  });

  it('tells who must wait longer than a minute', async () => {
    const { file } = put(1000);
    hub.misbehave({ kind: 'status', status: 429, retryAfter: 300 });
    expect(await faultOf(download(file, new Memory(), patient()))).toMatchObject({
      status: 429,
      retryAfter: 300,
    });
  });

  it.each([401, 403, 404])('does not try again after %d', async (status) => {
    const { file } = put(1000);
    hub.misbehave({ kind: 'status', status });
    expect(await faultOf(download(file, new Memory(), patient()))).toMatchObject({ status });
    expect(ranges()).toHaveLength(1);
  });

  it('sends the token to the hub', async () => {
    const { file, bytes } = put(1000);
    hub.token = 'hf_secret';
    const sink = new Memory();
    expect(await faultOf(download(file, sink))).toMatchObject({ status: 401 });
    await download(file, sink, { token: 'hf_secret' });
    expect(sink.bytes).toEqual(bytes);
  });

  it.each([900, 1100])('tells a file that now has another length: %d', async (length) => {
    const { file } = put(1000);
    hub.misbehave({ kind: 'other', bytes: content(length) });
    expect((await faultOf(download(file, new Memory()))).kind).toBe('file-changed');
  });

  it('tells a file that changed between cut and resumption', async () => {
    const { file } = put(1000);
    hub.misbehave({ kind: 'cut', after: 600 }, { kind: 'other', bytes: content(500) });
    const sink = new Memory();
    expect((await faultOf(download(file, sink, patient()))).kind).toBe('file-changed');
  });

  it('stops at once when it is cancelled', async () => {
    const { file } = put(1000);
    const controller = new AbortController();
    hub.misbehave({ kind: 'cut', after: 100 });
    const sink = new Memory();
    const cancelled = download(file, sink, {
      signal: controller.signal,
      wait: async () => controller.abort(),
    });
    await expect(cancelled).rejects.toThrow(/abort/i);
    expect(sink.length).toBe(100);
  });
});
