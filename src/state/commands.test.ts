import { describe, expect, test } from 'vitest';
import { parseConfig } from '../esper/config';
import { describeFault, type FaultCause } from '../faults';
import {
  METRICS,
  type MetricName,
  type ProjectorSize,
  type Result,
  type TrainerApi,
  type TrainerEvent,
} from '../worker/protocol';
import { ACTIONS, actionFor } from './actions';
import { createCommands } from './commands';
import { createStores } from './stores';
import { SILENT } from './testing/silent';

const done: Result<null> = { ok: true, value: null };
const config = parseConfig({});
const broken: FaultCause = { kind: 'bad-image', file: 'b.png', problem: 'cut off' };

const sizes: ProjectorSize[] = [{ kind: 'mlp', parameters: 7, bytes: 84 }];

/** A page over a trainer that is played by the test. */
function open(overrides: Partial<TrainerApi> = {}) {
  const stores = createStores();
  const calls: string[] = [];
  const saved: string[] = [];
  let closed = 0;
  const emitters: ((event: TrainerEvent) => void)[] = [];
  const note = (name: string, result: Result<null> = done) => {
    calls.push(name);
    return Promise.resolve(result);
  };
  const connect = () => {
    const trainer: TrainerApi = {
      open: (_config, _pair, onEvent) => {
        emitters.push(onEvent);
        return note('open');
      },
      train: () => note('train'),
      pause: () => note('pause'),
      step: () => note('step'),
      reset: () => note('reset'),
      adjust: ({ klCoef }) => note(`adjust ${klCoef}`),
      measure: () => Promise.resolve({ ok: true, value: sizes }),
      addPictures: (files) => {
        calls.push(`add ${files.map(({ name }) => name).join()}`);
        return Promise.resolve({ ok: true, value: [] });
      },
      removePicture: (id) => note(`remove ${id}`),
      setTexts: (file) => note(`texts ${file?.name}`),
      photos: {
        add: (files) => note(`add photos ${files.map(({ name }) => name).join()}`),
        see: () => note('see'),
        cancel: () => note('cancel'),
        remove: (hashes) => note(`remove photos ${hashes.join()}`),
        undo: () => note('undo'),
        configure: ({ heldOutShare, isChosen }) => note(`photos ${heldOutShare} ${isChosen}`),
      },
      evaluation: {
        scenes: () => Promise.resolve({ ok: true, value: [] }),
        judge: () => Promise.resolve({ ok: true, value: undefined }),
        cancel: () => note('cancel judging'),
      },
      speaking: SILENT,
      styles: {
        write: (id) => Promise.resolve({ ok: true, value: { id, update: 0, captions: [] } }),
      },
      exportPrefix: () =>
        Promise.resolve({ ok: true, value: { name: 'p.safetensors', data: new Uint8Array(1) } }),
      exportContinuation: () =>
        Promise.resolve({ ok: true, value: { name: 'p.zip', data: new Blob() } }),
      importPrefix: (file) =>
        Promise.resolve({ ok: true, value: { file, update: 3, parameters: 1234 } }),
      ...overrides,
    };
    return { trainer, close: () => void closed++ };
  };
  const commands = createCommands(stores, {
    connect,
    captions: { read: async () => undefined, score: async () => undefined },
    decode: () => Promise.reject(new Error('no sounds here')),
    save: (name) => void saved.push(name),
  });
  void commands.open();
  const emit = (event: TrainerEvent) => emitters.at(-1)?.(event);
  return { stores, commands, calls, saved, emit, emitters, closed: () => closed };
}

const ready: TrainerEvent = { kind: 'status', status: 'ready' };
const picture = (name: string) => ({ name, data: new Blob() });
const metricsOf = (update: number): TrainerEvent => ({
  kind: 'metrics',
  metrics: {
    update,
    episodes: update * 64,
    values: Object.fromEntries(METRICS.map((name) => [name, update])) as Record<MetricName, number>,
  },
});

describe('sizes of projectors', () => {
  test('are asked for once the models are there, and leave notices alone', async () => {
    const { stores, commands, emit } = open();
    await commands.measure(stores.settings.getState().config);
    expect(stores.settings.getState().sizes).toBeUndefined();
    emit(ready);
    emit({ kind: 'fault', fault: broken });
    await commands.measure(stores.settings.getState().config);
    expect(stores.settings.getState().sizes).toEqual(sizes);
    expect(stores.session.getState().faults).toEqual([broken]);
  });

  test('that come when the settings are others already are dropped', async () => {
    const { stores, commands, emit } = open();
    emit(ready);
    const asked = commands.measure(stores.settings.getState().config);
    stores.settings.setState({ config: parseConfig({ prefixLength: 9 }) });
    await asked;
    expect(stores.settings.getState().sizes).toBeUndefined();
  });
});

describe('events', () => {
  test('fill the curves, and a new run empties them', () => {
    const { stores, emit } = open();
    for (const update of [1, 2, 3]) emit(metricsOf(update));
    const { curves } = stores.metrics.getState();
    expect([...curves.column('objective/kl')]).toEqual([1, 2, 3]);
    expect(stores.session.getState()).toMatchObject({ update: 3, episodes: 192 });
    emit({ kind: 'run', config, update: 0, episodes: 0, restored: false });
    expect(curves.length).toBe(0);
    expect(stores.metrics.getState().latest).toBeUndefined();
    expect(stores.session.getState().update).toBe(0);
  });

  test('of a closed worker are ignored', async () => {
    const { stores, commands, emitters, closed } = open();
    const retried = commands.open();
    emitters[0]?.({ kind: 'status', status: 'failed' });
    await retried;
    expect(stores.session.getState().status).toBe('checking');
    expect(closed()).toBe(1);
  });
});

describe('commands', () => {
  test('report a fault once, whether it comes as answer, event or both', async () => {
    const fault: FaultCause = { kind: 'gpu', label: 'x', message: 'y' };
    const { stores, commands, emit } = open({ train: async () => ({ ok: false, fault }) });
    emit({ kind: 'fault', fault });
    await commands.train();
    emit({ kind: 'fault', fault });
    expect(stores.session.getState().faults).toEqual([fault]);
  });

  test('a fault of open fails the page', async () => {
    const fault: FaultCause = { kind: 'no-webgpu' };
    const { stores } = open({ open: async () => ({ ok: false, fault }) });
    await expect.poll(() => stores.session.getState().status).toBe('failed');
    expect(stores.session.getState().faults).toEqual([fault]);
  });

  test('pictures given while loading are captioned once the models are there', async () => {
    const { stores, commands, calls, emit } = open();
    void commands.addPictures([picture('a.png'), picture('b.png')]);
    expect(stores.pictures.getState().pending).toHaveLength(2);
    expect(calls).toEqual(['open']);
    emit(ready);
    await expect.poll(() => stores.pictures.getState().pending).toEqual([]);
    expect(calls).toEqual(['open', 'add a.png,b.png']);
  });

  test('broken pictures are told, the others kept', async () => {
    const { stores, commands, emit } = open({
      addPictures: async () => ({ ok: true, value: [broken] }),
    });
    emit(ready);
    await commands.addPictures([picture('a.png'), picture('b.png')]);
    expect(stores.session.getState().faults).toEqual([broken]);
  });

  test('an import that fails changes nothing but the notice', async () => {
    const fault: FaultCause = { kind: 'bad-file', file: 'x.safetensors', problem: 'truncated' };
    const { stores, commands, emit } = open({ importPrefix: async () => ({ ok: false, fault }) });
    emit(ready);
    const before = stores.session.getState();
    await commands.importPrefix(new File([], 'x.safetensors'));
    expect(stores.session.getState()).toEqual({ ...before, faults: [fault] });
  });

  test('files from anywhere go where they belong', async () => {
    const { stores, commands, calls, emit } = open();
    emit(ready);
    await commands.takeFiles([
      new File([], 'p.safetensors'),
      new File([], 'a.PNG'),
      new File([], 'pasted', { type: 'image/png' }),
      new File([], 'captions.txt', { type: 'text/plain' }),
      new File([], 'notes.pdf', { type: 'application/pdf' }),
    ]);
    expect(calls).toEqual(['open', 'texts captions.txt', 'add a.PNG,pasted']);
    const { faults } = stores.session.getState();
    expect(faults.map((fault) => fault.kind === 'bad-image' && fault.file)).toEqual(['notes.pdf']);
  });

  test('a PyTorch file is not taken for a picture: what converts it is named', async () => {
    const { stores, commands, emit } = open();
    emit(ready);
    await commands.takeFiles([new File([], 'coco_weights.pt')]);
    const [fault] = stores.session.getState().faults;
    expect(fault).toMatchObject({ kind: 'bad-file', file: 'coco_weights.pt' });
    expect(describeFault(fault!).detail).toContain('convert.py');
  });

  test('files of all kinds at once: each fault is told', async () => {
    const truncated: FaultCause = { kind: 'bad-file', file: 'p.safetensors', problem: 'truncated' };
    const { stores, commands, emit } = open({
      importPrefix: async () => ({ ok: false, fault: truncated }),
      addPictures: async () => ({ ok: true, value: [broken] }),
    });
    emit(ready);
    await commands.takeFiles([new File([], 'p.safetensors'), new File([], 'b.png')]);
    expect(stores.session.getState().faults).toEqual([broken, truncated]);
  });

  test('a live setting is adjusted, a structural one begins a new run while none exists', async () => {
    const { commands, calls, emit } = open();
    emit(ready);
    await commands.configure(parseConfig({ klCoef: 0.5 }));
    await commands.configure(parseConfig({ klCoef: 0.5, prefixLength: 8 }));
    expect(calls).toEqual(['open', 'adjust 0.5', 'reset']);
  });

  test('a structural setting that is refused is taken back, as the run before it is still there', async () => {
    const fault: FaultCause = { kind: 'no-query', problem: 'no styles' };
    const { commands, stores, emit } = open({
      reset: () => Promise.resolve({ ok: false, fault }),
    });
    emit(ready);
    await commands.configure(parseConfig({ query: 'styles' }));
    expect(stores.settings.getState().config).toEqual(config);
    expect(stores.session.getState().faults).toEqual([fault]);
  });

  test('of the settings of photos one is changed, the other kept', async () => {
    const { commands, calls, emit } = open();
    emit(ready);
    await commands.photos.trainOnPhotos(true);
    expect(calls).toEqual(['open']);
    const settings = { heldOutShare: 0.2, isChosen: false };
    const photos = { rows: [], settings, trainsOn: 'scenes', bytes: 0, undoable: 0 } as const;
    emit({ kind: 'photos', photos: { ...photos, rows: [] } });
    await commands.photos.trainOnPhotos(true);
    await commands.photos.setHeldOutShare(0.3);
    expect(calls).toEqual(['open', 'photos 0.2 true', 'photos 0.3 false']);
  });

  test('export saves the file', async () => {
    const { stores, commands, saved, emit } = open();
    emit(ready);
    await commands.exportPrefix();
    await commands.exportContinuation();
    expect(saved).toEqual(['p.safetensors', 'p.zip']);
    expect(stores.session.getState()).toMatchObject({ busy: undefined });
  });
});

describe('actions', () => {
  test('Space trains when idle and pauses when training', () => {
    const { stores, emit } = open();
    const space = () => actionFor(' ', stores.session.getState())?.id;
    expect(space()).toBeUndefined();
    emit(ready);
    expect(space()).toBe('train');
    emit({ kind: 'status', status: 'training' });
    expect(space()).toBe('pause');
    emit({ kind: 'status', status: 'paused' });
    expect(space()).toBe('train');
  });

  test('nothing but help can be done before the models are there', () => {
    const { stores } = open();
    const session = stores.session.getState();
    const possible = Object.values(ACTIONS).filter((action) => action.enabled(session));
    expect(possible.map(({ id }) => id)).toEqual(['help']);
  });

  test('capital letters are the same keys', () => {
    const { stores, emit } = open();
    emit(ready);
    expect(actionFor('S', stores.session.getState())?.id).toBe('step');
  });
});
