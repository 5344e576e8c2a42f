/** The sheet of other ways to put a picture into words, which is fetched apart. */
import { commands, stores } from '../../state/page';
import { Sheet } from '../basics/Sheet';
import { lazyPart } from '../LazyPart';
import { useStore } from '../useStore';

const Speak = lazyPart('Speak', async () => (await import('./Speak')).Speak);

export function SpeakSheet() {
  const isOpen = useStore(stores.speak, (speak) => speak.isOpen);
  return (
    <Sheet
      title="Speak"
      description="Have the models put the picture into words in other ways. Training goes on between two pieces of work."
      place="side"
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) commands.speak.close();
      }}
    >
      <Speak />
    </Sheet>
  );
}
