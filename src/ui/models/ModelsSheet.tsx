/** The sheet of the models, which is fetched apart. */
import { Sheet } from '../basics/Sheet';
import { lazyPart } from '../LazyPart';

const Models = lazyPart('Models', async () => (await import('./Models')).Models);

interface ModelsSheetProps {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

export function ModelsSheet(props: ModelsSheetProps) {
  return (
    <Sheet
      title="Models"
      description="A language model that speaks, and a CLIP that judges. Both stay as they are; only the projector between them learns."
      place="side"
      {...props}
    >
      <Models onUse={() => props.onOpenChange(false)} />
    </Sheet>
  );
}
