import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fetchEarly, fetchOnce } from './early-fetch';

const FILE = 'https://page.example/models/config.json';
const fetched = vi.fn<(address: string, init?: RequestInit) => Promise<Response>>();
beforeEach(() => {
  fetched.mockReset();
  fetched.mockImplementation(async () => new Response(`answer ${fetched.mock.calls.length}`));
  vi.stubGlobal('fetch', fetched);
});
afterEach(() => vi.unstubAllGlobals());

const text = async (init?: RequestInit) => (await fetchOnce(FILE, init)).text();

it('hands over what was asked for early, and asks no second time', async () => {
  fetchEarly([FILE]);
  expect(await text()).toBe('answer 1');
  expect(fetched).toHaveBeenCalledTimes(1);
});

it('hands it over once: a body can be read once', async () => {
  fetchEarly([FILE]);
  expect([await text(), await text()]).toEqual(['answer 1', 'answer 2']);
});

it('asks again where the early question failed', async () => {
  fetched.mockRejectedValueOnce(new TypeError('no network yet'));
  fetchEarly([FILE]);
  expect(await text()).toBe('answer 2');
});

it('asks anew for a part of the file', async () => {
  fetchEarly([FILE]);
  const headers = { Range: 'bytes=10-' };
  expect(await text({ headers })).toBe('answer 2');
  expect(fetched).toHaveBeenLastCalledWith(FILE, { headers });
});
