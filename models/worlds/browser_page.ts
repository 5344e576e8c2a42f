/** Opens a headless Chromium page with a TypeScript module bundled into it. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { build } from 'vite';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/chromium';

async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2023',
      rollupOptions: { input: entry, output: { format: 'es', codeSplitting: false } },
    },
  });
  const { output } = (Array.isArray(result) ? result[0] : result) as {
    output: { code?: string }[];
  };
  const code = output[0]?.code;
  if (!code) throw new Error(`bundling ${entry} gave no code`);
  return code;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** An origin of its own (a secure context), with the folders of `mounts` by their path prefix. */
async function serve(
  mounts: Readonly<Record<string, string>>,
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const mount = Object.keys(mounts).find((prefix) => path.startsWith(prefix));
    if (path === '/') {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>training</title>');
    } else if (mount) {
      readFile(join(mounts[mount]!, path.slice(mount.length))).then(
        (bytes) => {
          const type = CONTENT_TYPES[extname(path)] ?? 'application/octet-stream';
          response.setHeader('content-type', type);
          response.end(bytes);
        },
        () => response.writeHead(404).end(),
      );
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, url: `http://127.0.0.1:${address.port}/` };
}

/** Runs `body` on a page in which the module `entry` has run. */
export async function withPage(
  entry: string,
  mounts: Readonly<Record<string, string>>,
  body: (page: Page) => Promise<void>,
): Promise<void> {
  const code = await bundle(entry);
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium found; set ESPER_CHROMIUM');
  const { server, url } = await serve(mounts);
  const browser = await chromium.launch({ executablePath, headless: false, args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.addScriptTag({ content: code, type: 'module' });
    await body(page);
  } finally {
    await browser.close();
    server.close();
  }
}
