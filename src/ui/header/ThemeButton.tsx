/** Goes round the colour schemes: the system's, light, dark. */
import { view } from '../../state/page';
import { THEMES, type Theme } from '../../state/view';
import { Button } from '../basics/Button';
import { Hint } from '../basics/Hint';
import type { IconName } from '../basics/Icon';
import { useStore } from '../useStore';

const ICONS: Readonly<Record<Theme, IconName>> = { system: 'system', light: 'sun', dark: 'moon' };

export function ThemeButton() {
  const theme = useStore(view, (state) => state.theme);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  return (
    <Hint text={`Colours: ${theme}. Click for ${next}.`}>
      <Button
        icon={ICONS[theme]}
        look="quiet"
        aria-label={`Colours: ${theme}`}
        onClick={() => view.setState({ theme: next })}
      />
    </Hint>
  );
}
