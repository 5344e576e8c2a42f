/** The sheet of one picture in all styles, which is fetched apart. */
import type { PictureRow } from '../../worker/protocol';
import { Sheet } from '../basics/Sheet';
import { lazyPart } from '../LazyPart';

const InStyles = lazyPart('In all styles', async () => (await import('./InStyles')).InStyles);

interface StylesSheetProps {
  row: PictureRow;
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

export function StylesSheet({ row, isOpen, onOpenChange }: StylesSheetProps) {
  return (
    <Sheet
      title="In all styles"
      description="The same picture and the same projector; only the label that the caption follows is another."
      place="side"
      isOpen={isOpen}
      onOpenChange={onOpenChange}
    >
      <InStyles row={row} />
    </Sheet>
  );
}
