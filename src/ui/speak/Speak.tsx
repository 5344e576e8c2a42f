/** Other ways to put a picture into words: decoding, token by token, and questions about it. */
import { Tabs } from 'radix-ui';
import { stores } from '../../state/page';
import { useWords, Words } from '../basics/Words';
import { Caption } from '../samples/Caption';
import { Thumbnail } from '../samples/Thumbnail';
import { useStore } from '../useStore';
import { AskPanel } from './AskPanel';
import { SayPanel } from './SayPanel';
import styles from './speak.module.css';

/** The picture spoken of, with what the page says of it, and whether the model is to see it. */
function SubjectPanel() {
  const words = useWords();
  const id = useStore(stores.speak, ({ picture }) => picture);
  const row = useStore(stores.pictures, ({ rows }) => rows.find((one) => one.id === id));
  const isSeen = useStore(stores.speak, (speak) => speak.isSeen);
  if (!row)
    return <p className={styles['note']}>{words('The picture is not on the page any more.')}</p>;
  return (
    <div className={styles['subject']}>
      <Thumbnail id={row.id} alt={row.name} size={72} />
      <div>
        <p className={styles['said']}>
          <Caption text={row.now} />
        </p>
        <label className={styles['toggle']}>
          <input
            type="checkbox"
            checked={isSeen}
            onChange={({ target }) => stores.speak.setState({ isSeen: target.checked })}
          />
          {words('The model sees the picture')}
        </label>
        {!isSeen && (
          <p className={styles['note']}>
            <Words>
              The frozen language model speaks alone; CLIP still compares with the picture, and
              guides by it where asked to.
            </Words>
          </p>
        )}
      </div>
    </div>
  );
}

export function Speak() {
  return (
    <>
      <SubjectPanel />
      <Tabs.Root defaultValue="say">
        <Tabs.List className={styles['tabs']} aria-label="Say or ask">
          <Tabs.Trigger value="say">Say</Tabs.Trigger>
          <Tabs.Trigger value="ask">Ask</Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="say" tabIndex={-1}>
          <SayPanel />
        </Tabs.Content>
        <Tabs.Content value="ask" tabIndex={-1}>
          <AskPanel />
        </Tabs.Content>
      </Tabs.Root>
    </>
  );
}
