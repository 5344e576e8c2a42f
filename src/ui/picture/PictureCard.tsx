/** Pictures or sounds in: chosen, dropped, pasted, from the samples, drawn or recorded; and the one on the stage. */
import { Tabs } from 'radix-ui';
import { useRef } from 'react';
import { commands } from '../../state/page';
import { Button } from '../basics/Button';
import { Card } from '../basics/Card';
import { useModality, useWords } from '../basics/Words';
import { lazyPart } from '../LazyPart';
import { RecordButton } from '../sound/RecordButton';
import { SoundSources } from '../sound/SoundSources';
import { GivenStrip } from './GivenStrip';
import styles from './picture.module.css';
import { SamplePicker } from './SamplePicker';
import { Stage } from './Stage';

const DrawingBoard = lazyPart('Draw', async () => (await import('./DrawingBoard')).DrawingBoard);

export function PictureCard({ className }: { className?: string | undefined }) {
  const input = useRef<HTMLInputElement>(null);
  const words = useWords();
  const isOfSounds = useModality() === 'sound';
  const choose = (
    <>
      {isOfSounds && <RecordButton />}
      <Button
        {...(isOfSounds ? {} : { icon: 'picture' })}
        aria-label={words('Choose pictures')}
        onClick={() => input.current?.click()}
      >
        {isOfSounds ? 'Choose' : 'Choose pictures'}
      </Button>
    </>
  );
  return (
    <Card title="Your picture" aside={choose} className={className}>
      <input
        ref={input}
        type="file"
        accept={isOfSounds ? 'audio/*' : 'image/*'}
        multiple
        hidden
        aria-label={words('Choose pictures')}
        data-testid="image-input"
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          // Cleared, so that the same file can be chosen again.
          currentTarget.value = '';
          void commands.addPictures(files.map((file) => ({ name: file.name, data: file })));
        }}
      />
      <Stage />
      <GivenStrip />
      {isOfSounds ? <SoundSources /> : <PictureSources />}
    </Card>
  );
}

function PictureSources() {
  return (
    <Tabs.Root defaultValue="samples" className={styles['sources']}>
      <Tabs.List className={styles['tabs']} aria-label="Where pictures come from">
        <Tabs.Trigger value="samples">Samples</Tabs.Trigger>
        <Tabs.Trigger value="draw">Draw</Tabs.Trigger>
        <span className={styles['anywhere']}>drop or paste anywhere</span>
      </Tabs.List>
      <Tabs.Content value="samples" className={styles['source']} tabIndex={-1}>
        <SamplePicker />
      </Tabs.Content>
      <Tabs.Content value="draw" className={styles['source']} tabIndex={-1}>
        <DrawingBoard />
      </Tabs.Content>
    </Tabs.Root>
  );
}
