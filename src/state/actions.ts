/**
 * The actions of the page, one object each: buttons, menus, the keyboard and the list of shortcuts
 * all read this table.
 */
import type { Commands } from './commands';
import { isOpen, type SessionState } from './session';

export type ActionId =
  'train' | 'pause' | 'step' | 'reset' | 'export' | 'continue' | 'import' | 'help';

/** What actions act on: the trainer, and the two things that only the page can open. */
export interface ActionContext {
  commands: Commands;
  /** Opens the file picker for prefix weights. */
  pickPrefix(): void;
  showHelp(): void;
}

export interface Action {
  id: ActionId;
  label(session: SessionState): string;
  /** `KeyboardEvent.key`, lower case. */
  key: string;
  /** The key as people read it. */
  shortcut: string;
  /** One sentence for the tooltip and the list of shortcuts. */
  help: string;
  enabled(session: SessionState): boolean;
  run(context: ActionContext): void;
}

const isIdle = (session: SessionState): boolean =>
  (session.status === 'ready' || session.status === 'paused') && session.busy === undefined;

export const ACTIONS: Readonly<Record<ActionId, Action>> = {
  train: {
    id: 'train',
    label: ({ update, status }) => (update > 0 && status !== 'training' ? 'Resume' : 'Train'),
    key: ' ',
    shortcut: 'Space',
    help: 'Train until paused.',
    enabled: isIdle,
    run: ({ commands }) => void commands.train(),
  },
  pause: {
    id: 'pause',
    label: ({ busy }) => (busy === 'pause' ? 'Pausing' : 'Pause'),
    key: ' ',
    shortcut: 'Space',
    help: 'Stop after the running update and store a checkpoint.',
    enabled: ({ status, busy }) => status === 'training' && busy !== 'pause' && busy !== 'step',
    run: ({ commands }) => void commands.pause(),
  },
  step: {
    id: 'step',
    label: () => 'Step',
    key: 's',
    shortcut: 'S',
    help: 'Make one update, then pause.',
    enabled: isIdle,
    run: ({ commands }) => void commands.step(),
  },
  reset: {
    id: 'reset',
    label: () => 'Reset',
    key: 'r',
    shortcut: 'R',
    help: 'Begin again at step 0 with the same seed: the same run, bit for bit.',
    enabled: (session) => isOpen(session) && session.busy === undefined,
    run: ({ commands }) => void commands.reset(),
  },
  export: {
    id: 'export',
    label: () => 'Export',
    key: 'e',
    shortcut: 'E',
    help: 'Save the trained prefix weights as a safetensors file.',
    enabled: (session) => isOpen(session) && session.busy === undefined,
    run: ({ commands }) => void commands.exportPrefix(),
  },
  continue: {
    id: 'continue',
    label: () => 'Continue in PyTorch',
    key: 'p',
    shortcut: 'P',
    help: 'Save a zip that trains on under PyTorch, on several GPUs if there are: weights, optimiser state, settings, features and scripts. Not for runs on sounds: the scripts know no CLAP.',
    enabled: (session) =>
      isOpen(session) && session.busy === undefined && session.encoder?.modality !== 'sound',
    run: ({ commands }) => void commands.exportContinuation(),
  },
  import: {
    id: 'import',
    label: () => 'Import',
    key: 'i',
    shortcut: 'I',
    help: 'Load prefix weights that this page exported, or that convert.py made of a ClipCap or ESPER checkpoint.',
    enabled: (session) => isOpen(session) && session.busy === undefined,
    run: ({ pickPrefix }) => pickPrefix(),
  },
  help: {
    id: 'help',
    label: () => 'Help',
    key: '?',
    shortcut: '?',
    help: 'Show the shortcuts and what the words mean.',
    enabled: () => true,
    run: ({ showHelp }) => showHelp(),
  },
};

/** The action that a key starts now; of two on one key the enabled one. */
export function actionFor(key: string, session: SessionState): Action | undefined {
  return Object.values(ACTIONS).find(
    (action) => action.key === key.toLowerCase() && action.enabled(session),
  );
}
