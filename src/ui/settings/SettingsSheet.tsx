/** The sheet of the settings, which is fetched apart. */
import { Sheet } from '../basics/Sheet';
import { lazyPart } from '../LazyPart';

const Settings = lazyPart('Settings', async () => (await import('./Settings')).Settings);

interface SettingsSheetProps {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

export function SettingsSheet(props: SettingsSheetProps) {
  return (
    <Sheet
      title="Settings"
      description="The address bar keeps the seed and all that is not the default: the link is the experiment."
      place="side"
      {...props}
    >
      <Settings />
    </Sheet>
  );
}
