/** The bundled world on the hub's double, under other names, and the way to it on the page. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Page } from '@playwright/test';
import type { HubDouble } from '../scripts/hub-double';

export const LM = 'someone/gpt2-small';
export const CLIP = 'someone/clip-small';

export function serveBundled(hub: HubDouble): void {
  serve(hub, LM, 'public/models/shapes/gpt2');
  serve(hub, CLIP, 'public/models/shapes/clip');
}

function serve(hub: HubDouble, repository: string, folder: string): void {
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    hub.put(`${repository}/${relative(folder, path)}`, readFileSync(path));
  }
}

/**
 * Opens the page where the trainer's worker never arrives: what concerns the library of models alone
 * shall not wait for it, nor compete with it for the processor.
 */
export async function openWithoutTrainer(page: Page): Promise<void> {
  await page.route(/trainer\.worker/, () => {});
  await page.goto('./');
}

/** Asks for the plan of a pair. */
export async function lookUp(page: Page, address: string, lm = LM): Promise<void> {
  await page.getByRole('button', { name: 'Models' }).click();
  await page.getByTestId('models-hub').fill(address);
  await page.getByText('Another pair, by its names').click();
  await page.getByTestId('models-lm').fill(lm);
  await page.getByTestId('models-clip').fill(CLIP);
  await page.getByTestId('models-dtype').selectOption('fp32');
  await page.getByTestId('models-look-up').click();
}
