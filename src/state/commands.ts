/**
 * Everything a person can make the trainer do. Each command clears old notices, asks the trainer,
 * and reports a fault as data; none throws. Pictures given while the models load wait their turn.
 */
import type { Config } from '../esper/config';
import { toFaultCause, type FaultCause } from '../faults';
import type { CaptionsWork } from '../worker/captions-client';
import type { ConnectTrainer, TrainerConnection } from '../worker/client';
import type { GivenFile, Result, TrainerApi } from '../worker/protocol';
import { createEvaluateCommands, type EvaluateCommands } from './evaluate/evaluate';
import { refusalOf, sortFiles } from './files';
import { modalityOf } from './modality';
import { clearPhotos, createPhotoCommands, type PhotoCommands } from './photos';
import { clearPictures, holdPending, removeRow } from './pictures';
import { type Decode, inputsOf } from './sounds/inputs';
import { INITIAL_SESSION, hasBegun, isOpen, type Busy } from './session';
import { isSameShape } from './settings';
import { createSpeakCommands, type SpeakCommands } from './speak/speak';
import { receive, reportFaults, type Stores } from './stores';
import { clearStyles, createStylesCommands, type StylesCommands } from './styles';

export interface Commands {
  /** Starts a worker, or a new one in place of a failed one. */
  open(): Promise<void>;
  close(): void;
  train(): Promise<void>;
  pause(): Promise<void>;
  step(): Promise<void>;
  reset(): Promise<void>;
  /** Takes over a valid config: at once where it can be, with a new run where none has begun. */
  configure(config: Config): Promise<void>;
  /** Has the sizes of the kinds of projector worked out. */
  measure(config: Config): Promise<void>;
  /** Pictures, or sounds where the models listen: files, or samples at the encoder's rate. */
  addPictures(files: readonly GivenFile[]): Promise<void>;
  removePicture(id: string): Promise<void>;
  /** The person's training set. */
  photos: PhotoCommands;
  /** Evaluation on references. */
  evaluate: EvaluateCommands;
  /** Texts for a warm start, one a line; undefined goes back to the models' own. */
  setTexts(file: File | undefined): Promise<void>;
  /** Decoding and answers. */
  speak: SpeakCommands;
  /** One picture in all styles. */
  styles: StylesCommands;
  exportPrefix(): Promise<void>;
  /** Saves what PyTorch needs to train on. */
  exportContinuation(): Promise<void>;
  importPrefix(file: File): Promise<void>;
  /** Files from anywhere: pictures and sounds are captioned, a prefix is imported, others are told apart. */
  takeFiles(files: readonly File[]): Promise<void>;
  dismissFaults(): void;
}

export interface Surroundings {
  connect: ConnectTrainer;
  captions: CaptionsWork;
  /** Makes samples of a sound's file. */
  decode: Decode;
  /** Hands a file to the person. */
  save(name: string, data: Uint8Array<ArrayBuffer> | Blob): void;
}

export function createCommands(stores: Stores, surroundings: Surroundings): Commands {
  const { connect, captions, decode, save } = surroundings;
  const { session, settings, pictures, photos, models } = stores;
  let connection: TrainerConnection | undefined;
  let waiting: { files: readonly GivenFile[]; release: () => void }[] = [];

  /** Asks the trainer; `undefined` after a fault, or when another worker has taken its place. */
  async function ask<T>(
    call: (trainer: TrainerApi) => Promise<Result<T>>,
    busy?: Busy,
  ): Promise<T | undefined> {
    const asked = connection;
    if (!asked) return undefined;
    session.setState({ busy, faults: [], message: undefined });
    const result = await call(asked.trainer);
    if (asked !== connection) return undefined;
    if (busy) session.setState({ busy: undefined });
    if (result.ok) return result.value;
    reportFaults(stores, [result.fault]);
    return undefined;
  }

  function fail(fault: FaultCause): void {
    reportFaults(stores, [fault]);
    session.setState({ status: 'failed', busy: undefined });
  }

  async function send(files: readonly GivenFile[], release: () => void): Promise<void> {
    const { inputs, faults, notes } = await inputsOf(files, session.getState().encoder, decode);
    // Asked for nothing too, as it clears old notices.
    const broken = await ask((trainer) => trainer.addPictures(inputs));
    release();
    if (notes.length > 0) session.setState({ message: notes.join(' ') });
    reportFaults(stores, [...faults, ...(broken ?? [])]);
  }

  session.subscribe((now, before) => {
    if (!isOpen(now) || isOpen(before)) return;
    const due = waiting;
    waiting = [];
    for (const { files, release } of due) void send(files, release);
  });

  const commands: Commands = {
    photos: createPhotoCommands(photos, (call) => ask((trainer) => call(trainer.photos))),
    evaluate: createEvaluateCommands(stores.evaluate, {
      photos,
      captions,
      save,
      judging: () => (isOpen(session.getState()) ? connection?.trainer.evaluation : undefined),
      pair: () => models.getState().pair,
    }),
    speak: createSpeakCommands(stores.speak, () =>
      isOpen(session.getState()) ? connection?.trainer.speaking : undefined,
    ),
    styles: createStylesCommands(stores.styles, () =>
      isOpen(session.getState()) ? connection?.trainer.styles : undefined,
    ),
    async open() {
      commands.evaluate.cancel();
      commands.speak.reset();
      connection?.close();
      clearPictures(pictures);
      clearPhotos(photos);
      clearStyles(stores.styles);
      session.setState(INITIAL_SESSION);
      try {
        const opened = (connection = connect());
        const result = await opened.trainer.open(
          settings.getState().config,
          models.getState().pair,
          (event) => {
            if (opened === connection) receive(stores, event);
          },
        );
        if (opened === connection && !result.ok) fail(result.fault);
      } catch (error) {
        fail(toFaultCause(error));
      }
    },
    close() {
      connection?.close();
      connection = undefined;
    },
    async train() {
      await ask((trainer) => trainer.train());
    },
    async pause() {
      await ask((trainer) => trainer.pause(), 'pause');
    },
    async step() {
      await ask((trainer) => trainer.step(), 'step');
    },
    async reset() {
      const { config } = settings.getState();
      await ask((trainer) => trainer.reset(config), 'reset');
    },
    async configure(config) {
      const { config: previous } = settings.getState();
      settings.setState({ config });
      const now = session.getState();
      if (!isOpen(now)) return;
      if (isSameShape(previous, config)) await ask((trainer) => trainer.adjust(config));
      else if (!hasBegun(now)) {
        const begun = await ask((trainer) => trainer.reset(config), 'reset');
        // What could not begin has left the run before it: the settings are that one's.
        const isRefused = begun === undefined && isOpen(session.getState());
        if (isRefused && settings.getState().config === config)
          settings.setState({ config: previous });
      }
    },
    async measure(config) {
      if (!connection || !isOpen(session.getState())) return;
      // No notice is cleared by it, and none given: the sizes are an aside.
      const result = await connection.trainer.measure(config);
      if (result.ok && settings.getState().config === config)
        settings.setState({ sizes: result.value });
    },
    async addPictures(files) {
      if (files.length === 0) return;
      const release = holdPending(pictures, files);
      if (isOpen(session.getState())) await send(files, release);
      else waiting.push({ files, release });
    },
    async removePicture(id) {
      removeRow(pictures, id);
      await ask((trainer) => trainer.removePicture(id));
    },
    async setTexts(file) {
      const given = file && { name: file.name, data: file };
      const done = await ask((trainer) => trainer.setTexts(given));
      if (done === null && file)
        session.setState({ message: `A warm start now learns from the texts of ${file.name}.` });
    },
    async exportPrefix() {
      const file = await ask((trainer) => trainer.exportPrefix(), 'export');
      if (!file) return;
      save(file.name, file.data);
      session.setState({ message: `Saved ${file.name}.` });
    },
    async exportContinuation() {
      const file = await ask((trainer) => trainer.exportContinuation(), 'continue');
      if (!file) return;
      save(file.name, file.data);
      session.setState({ message: `Saved ${file.name}; its README says how to train on.` });
    },
    async importPrefix(file) {
      const data = await file.arrayBuffer();
      const summary = await ask((trainer) => trainer.importPrefix(file.name, data), 'import');
      if (!summary) return;
      const { update, parameters } = summary;
      const count = parameters.toLocaleString('en');
      session.setState({
        message: `Imported ${file.name}: ${count} parameters, trained for ${update} updates.`,
      });
    },
    async takeFiles(files) {
      const { pictures: images, sounds, prefixes, texts, others } = sortFiles(files);
      const prefix = prefixes[0];
      if (texts[0]) await commands.setTexts(texts[0]);
      if (prefix) await commands.importPrefix(prefix);
      // The pictures' own command clears what the import had to say.
      const { faults } = session.getState();
      const given = [...images, ...sounds];
      await commands.addPictures(given.map((file) => ({ name: file.name, data: file })));
      const modality = modalityOf(session.getState().encoder, models.getState().pair);
      const refused = others.map((file) => refusalOf(file, modality));
      reportFaults(stores, [...(prefix ? faults : []), ...refused]);
    },
    dismissFaults() {
      session.setState({ faults: [], message: undefined });
    },
  };
  return commands;
}
