/** The sheet of the training set, which is fetched apart. */
import { Sheet } from '../basics/Sheet';
import { lazyPart } from '../LazyPart';

const Photos = lazyPart('Photos', async () => (await import('./Photos')).Photos);

interface PhotosSheetProps {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

export function PhotosSheet(props: PhotosSheetProps) {
  return (
    <Sheet
      title="Photos"
      description="Pictures of yours as the training set. They stay in this browser; none is sent anywhere."
      place="side"
      {...props}
    >
      <Photos />
    </Sheet>
  );
}
