/**
 * Files asked for before anybody needs them: what a repository holds is known before its config.json has
 * come, and each question that waits for another's answer costs a round trip.
 */
const early = new Map<string, Promise<Response>>();

/** @param addresses absolute */
export function fetchEarly(addresses: readonly string[]): void {
  for (const address of addresses) {
    const response = fetch(address).then(whole);
    // Whoever needs the file asks again, and hears of it then.
    response.catch(() => {});
    early.set(address, response);
  }
}

/** Read to its end, so that it goes on coming while nobody reads it. */
async function whole(response: Response): Promise<Response> {
  const { status, statusText } = response;
  const body = await response.blob();
  // Of what was packed on the way, the header tells the packed length.
  const headers = { 'Content-Type': body.type, 'Content-Length': String(body.size) };
  return new Response(body, { status, statusText, headers });
}

/** Like `fetch`; what was asked for early is handed over, once. */
export async function fetchOnce(address: string, init?: RequestInit): Promise<Response> {
  const begun = early.get(address);
  early.delete(address);
  // With headers it is another question.
  const isPlain = [...new Headers(init?.headers)].length === 0;
  const response = isPlain ? await begun?.catch(() => undefined) : undefined;
  return response ?? fetch(address, init);
}
