/**
 * The one page: its stores, started from the address bar, the commands on the trainer's worker, and
 * what lies round them: address bar, colour scheme, downloads. Only this module touches `window`.
 */
import { isBundled } from '../esper/pair';
import { captionsWork } from '../worker/captions-client';
import { connectTrainer } from '../worker/client';
import { connectLibrary } from '../worker/library-client';
import { readAddress, writeAddress } from './address';
import { createCommands } from './commands';
import { createModelCommands } from './models';
import { createStores, reportFaults } from './stores';
import { createPlayer } from './sounds/player';
import { createRecorder } from './sounds/recorder';
import { decodeSound } from './sounds/decode';
import { countWorld, createWorldStore } from './world';
import { createViewStore, isDark, type Shelf } from './view';

function save(name: string, data: Uint8Array<ArrayBuffer> | Blob): void {
  const url = URL.createObjectURL(new Blob([data], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Chromium reads the blob after the click returns.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Storage may be forbidden (private windows, blocked cookies): then nothing is remembered. */
function openShelf(): Shelf | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

const address = readAddress(location.search);

export const stores = createStores(address.config, address.pair);
export const view = createViewStore(openShelf());
export const world = createWorldStore();
export const commands = createCommands(stores, {
  connect: connectTrainer,
  captions: captionsWork,
  decode: decodeSound,
  save,
});
export const player = createPlayer(() => new AudioContext());
export const recorder = createRecorder({
  openMicrophone: () => navigator.mediaDevices?.getUserMedia({ audio: true }),
  record: (stream) => new MediaRecorder(stream),
  take: (recording) => void commands.addPictures([recording]),
  fail: (fault) => reportFaults(stores, [fault]),
});
export const modelCommands = createModelCommands(
  stores.models,
  stores.settings,
  connectLibrary(),
  commands.open,
);

function followColourScheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    document.documentElement.dataset['theme'] = isDark(view.getState()) ? 'dark' : 'light';
  };
  view.setState({ isSystemDark: system.matches });
  system.addEventListener('change', ({ matches }) => view.setState({ isSystemDark: matches }));
  // The attribute is set before others hear of the change, so that they read the new colours.
  view.subscribe(apply);
  apply();
}

function followAddress(): void {
  const follow = () => {
    const { config } = stores.settings.getState();
    const { pair } = stores.models.getState();
    const query = writeAddress(config, pair, location.search);
    if (query !== location.search) history.replaceState(null, '', query + location.hash);
  };
  stores.settings.subscribe(follow);
  stores.models.subscribe(follow);
}

function followWorld(): void {
  const count = () => {
    const { pair } = stores.models.getState();
    if (isBundled(pair))
      void countWorld(world, pair, async (path) => (await fetch(`./models/${path}`)).json());
  };
  stores.models.subscribe((now, before) => {
    if (now.pair !== before.pair) count();
  });
  count();
}

export function startPage(): void {
  followColourScheme();
  followAddress();
  void commands.open();
  followWorld();
  if (address.fault) reportFaults(stores, [address.fault]);
}
