/**
 * How the person looks at the run, none of which the trainer knows: colour scheme, smoothing, the
 * update under the cursor of the charts. What should outlive a reload is read from and written to
 * a storage.
 */
import { createStore } from 'zustand/vanilla';

/** `system` follows the operating system. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface ViewState {
  theme: Theme;
  /** The system's scheme, for theme `system`. */
  isSystemDark: boolean;
  /** Weight of the past in the moving average, 0 (raw) to 0.99. */
  smoothing: number;
  /** The update under the cursor; `undefined` without one. */
  cursor: number | undefined;
}

export const MOST_SMOOTHING = 0.99;
const DEFAULTS: ViewState = {
  theme: 'system',
  isSystemDark: false,
  smoothing: 0.8,
  cursor: undefined,
};

/** Part of the Storage interface: a page's localStorage, or a Map in tests. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem'>;
const KEYS = { theme: 'esper-theme', smoothing: 'esper-smoothing' } as const;

export function createViewStore(shelf?: Shelf) {
  const theme = THEMES.find((name) => name === shelf?.getItem(KEYS.theme)) ?? DEFAULTS.theme;
  const stored = Number(shelf?.getItem(KEYS.smoothing) ?? Number.NaN);
  const isValid = stored >= 0 && stored <= MOST_SMOOTHING;
  const smoothing = isValid ? stored : DEFAULTS.smoothing;
  const store = createStore<ViewState>(() => ({ ...DEFAULTS, theme, smoothing }));
  store.subscribe((now, before) => {
    if (now.theme !== before.theme) shelf?.setItem(KEYS.theme, now.theme);
    if (now.smoothing !== before.smoothing) shelf?.setItem(KEYS.smoothing, String(now.smoothing));
  });
  return store;
}
export type ViewStore = ReturnType<typeof createViewStore>;

export const isDark = ({ theme, isSystemDark }: ViewState): boolean =>
  theme === 'system' ? isSystemDark : theme === 'dark';
