/** Files of stored repositories by address, so that whoever fetches a model's file need not know where it lies. */
import { fetchOnce } from './early-fetch';
import { ModelStore } from './store';

const FOLDER = '/stored/';

/** The address that stands for a repository on the disk; no server ever sees it. */
export const storedBase = (repository: string): string =>
  `${self.location.origin}${FOLDER}${encodeURIComponent(repository)}/`;

/** Like `fetch`; a file that is not stored is a 404. Only in workers, for stored files. */
export async function fetchModelFile(
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const address = new URL(input instanceof Request ? input.url : input, self.location.href);
  const isStored = address.origin === self.location.origin && address.pathname.startsWith(FOLDER);
  if (!isStored)
    return input instanceof Request ? fetch(input, init) : fetchOnce(address.href, init);
  const [repository = '', ...path] = address.pathname.slice(FOLDER.length).split('/');
  const store = await ModelStore.open();
  const file = await store.read(decodeURIComponent(repository), decodeURIComponent(path.join('/')));
  return file
    ? new Response(file, { headers: { 'Content-Length': String(file.size) } })
    : new Response(null, { status: 404, statusText: 'Not stored' });
}
