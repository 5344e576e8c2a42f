/**
 * The one page: its stores, started from the address bar, the commands on the trainer's worker, and
 * the address bar kept in step. Only this module touches `window`.
 */
import { connectTrainer } from '../worker/client';
import { readAddress, writeAddress } from './address';
import { createCommands } from './commands';
import { createStores, reportFaults } from './stores';

function save(name: string, data: Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([data], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Chromium reads the blob after the click returns.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

const address = readAddress(location.search);

export const stores = createStores(address.config);
export const commands = createCommands(stores, { connect: connectTrainer, save });

export function startPage(): void {
  void commands.open();
  if (address.fault) reportFaults(stores, [address.fault]);
  stores.settings.subscribe(({ config }) => {
    const query = writeAddress(config, location.search);
    if (query !== location.search) history.replaceState(null, '', query + location.hash);
  });
}
