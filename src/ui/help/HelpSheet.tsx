/** The sheet that explains the page, which is fetched apart. */
import { Sheet } from '../basics/Sheet';
import { lazyPart } from '../LazyPart';

const Help = lazyPart('How it works', async () => (await import('./Help')).Help);

interface HelpSheetProps {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

export function HelpSheet(props: HelpSheetProps) {
  return (
    <Sheet
      title="How it works"
      description="A frozen CLIP scores, a frozen GPT-2 speaks, a small projector between them learns."
      place="middle"
      {...props}
    >
      <Help />
    </Sheet>
  );
}
