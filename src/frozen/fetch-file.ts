/** Fetches a file of a model's repository, with faults that name it. */
import { Fault, toFaultCause } from '../faults';
import { fetchModelFile } from './hub/stored-fetch';

/** @throws Fault download */
async function fetchFile<T>(
  url: string,
  read: (response: Response) => Promise<T>,
  headers: Record<string, string> = {},
): Promise<T> {
  let response: Response;
  try {
    response = await fetchModelFile(url, { headers });
    if (response.ok) return await read(response);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Fault({ kind: 'download', file: url, status: 0, message });
  }
  throw new Fault({
    kind: 'download',
    file: url,
    status: response.status,
    message: response.statusText,
  });
}

/** Of a large file the browser may keep the bytes outside of memory. */
export function fetchBlob(url: string): Promise<Blob> {
  return fetchFile(url, (response) => response.blob());
}

/**
 * @param token for private repositories
 * @throws Fault download, bad-file
 */
export async function fetchJson(url: string, token?: string): Promise<unknown> {
  const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
  const text = await fetchFile(url, (response) => response.text(), headers);
  try {
    return JSON.parse(text);
  } catch {
    const problem = `It is not JSON; it begins “${text.slice(0, 40)}”.`;
    throw new Fault({ kind: 'bad-file', file: url, problem });
  }
}

/**
 * `undefined` where there is no such file.
 * @throws Fault download, bad-file
 */
export async function fetchJsonIfAny(url: string): Promise<unknown> {
  try {
    return await fetchJson(url);
  } catch (error) {
    const fault = toFaultCause(error);
    if (fault.kind === 'download' && fault.status === 404) return undefined;
    throw error;
  }
}
