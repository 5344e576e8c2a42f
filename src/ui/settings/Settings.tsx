/** All settings of the run, generated from the schema. */
import { settingsOf, type SettingGroup } from '../../esper/config';
import { commands, stores } from '../../state/page';
import { hasBegun } from '../../state/session';
import { Button } from '../basics/Button';
import { Icon } from '../basics/Icon';
import { useStore } from '../useStore';
import { ProjectorSizes } from './ProjectorSizes';
import { RecipeChoice } from './RecipeChoice';
import { SettingField } from './SettingField';
import styles from './settings.module.css';
import { TextsField } from './TextsField';

const GROUPS: Readonly<Record<SettingGroup, string>> = {
  run: 'Run',
  query: 'What captions follow',
  rollout: 'Sampling',
  reward: 'Reward',
  warmStart: 'Warm start',
  update: 'Learning',
  projector: 'Projector',
};
const GROUP_NAMES = Object.keys(GROUPS) as SettingGroup[];

function LockNotice() {
  const isLocked = useStore(stores.session, hasBegun);
  const isIdle = useStore(stores.session, ({ busy }) => busy === undefined);
  if (!isLocked) return null;
  return (
    <div className={styles['lock']}>
      <Icon name="lock" />
      <p>
        Settings with a lock shape the GPU programs and are fixed while a run exists. The others
        take effect with the next update.
      </p>
      <Button disabled={!isIdle} onClick={() => void commands.reset()}>
        Reset the run
      </Button>
    </div>
  );
}

export function Settings() {
  return (
    <>
      <LockNotice />
      <RecipeChoice />
      {GROUP_NAMES.map((group) => (
        <fieldset key={group} className={styles['group']}>
          <legend>{GROUPS[group]}</legend>
          {settingsOf(group).map((name) => (
            <SettingField key={name} name={name} />
          ))}
          {group === 'projector' && <ProjectorSizes />}
          {group === 'warmStart' && <TextsField />}
        </fieldset>
      ))}
    </>
  );
}
