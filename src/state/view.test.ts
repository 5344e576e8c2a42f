import { describe, expect, test } from 'vitest';
import { createViewStore, isDark, type Shelf } from './view';

function shelf(entries: Record<string, string> = {}): Shelf & { entries: Map<string, string> } {
  const map = new Map(Object.entries(entries));
  return {
    entries: map,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
  };
}

describe('the view', () => {
  test('outlives a reload', () => {
    const kept = shelf();
    createViewStore(kept).setState({ theme: 'dark', smoothing: 0.5 });
    expect(createViewStore(kept).getState()).toMatchObject({ theme: 'dark', smoothing: 0.5 });
  });

  test.each([{ 'esper-theme': 'pink' }, { 'esper-smoothing': '7' }, { 'esper-smoothing': 'x' }])(
    'falls back to its defaults where the storage holds nonsense: %o',
    (entries) => {
      const view = createViewStore(shelf(entries)).getState();
      expect(view).toEqual(createViewStore().getState());
    },
  );

  test('follows the system until told otherwise', () => {
    const view = createViewStore();
    view.setState({ isSystemDark: true });
    expect(isDark(view.getState())).toBe(true);
    view.setState({ theme: 'light' });
    expect(isDark(view.getState())).toBe(false);
  });
});
