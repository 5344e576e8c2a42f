/** The sheet of the evaluation, which is fetched apart. */
import { Sheet } from '../basics/Sheet';
import { lazyPart } from '../LazyPart';

const Evaluate = lazyPart('Evaluate', async () => (await import('./Evaluate')).Evaluate);

interface EvaluateSheetProps {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

export function EvaluateSheet(props: EvaluateSheetProps) {
  return (
    <Sheet
      title="Evaluate"
      description="Captions against references: the metrics of papers, image by image. Nothing leaves this browser."
      place="wide"
      {...props}
    >
      <Evaluate />
    </Sheet>
  );
}
