import { afterEach, expect, it, vi } from 'vitest';
import { Fault } from '../faults';
import { loadKnownQueries } from './known-queries';

const BASE = 'https://page.test/models/mine/';

/** A repository with these files; of numbers, the status instead. */
function serve(files: Record<string, string | number>): void {
  vi.stubGlobal('self', { location: new URL(BASE) });
  vi.stubGlobal('fetch', async (address: URL | string) => {
    const content = files[String(address).replace(BASE, '')] ?? 404;
    return typeof content === 'number'
      ? new Response(null, { status: content })
      : new Response(content);
  });
}
afterEach(() => void vi.unstubAllGlobals());

it('a repository need not name any queries', async () => {
  serve({});
  expect(await loadKnownQueries(BASE)).toEqual({ styles: [], openingWords: undefined });
});

it('what it names is read', async () => {
  serve({
    'styles.json': '["news", " story "]',
    'opening-words.json': '{"after": "", "words": {"The": 0.5}}',
  });
  expect(await loadKnownQueries(BASE)).toEqual({
    styles: ['news', 'story'],
    openingWords: { after: '', words: { The: 0.5 } },
  });
});

it.each([
  [{ 'styles.json': '{"news": 1}' }, 'bad-file'],
  [{ 'opening-words.json': 'A, The' }, 'bad-file'],
  [{ 'styles.json': 503 }, 'download'],
])('what cannot be read is told, not passed over: %j', async (files, kind) => {
  serve(files);
  const fault = await loadKnownQueries(BASE).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(Fault);
  expect((fault as Fault).fault.kind).toBe(kind);
});
