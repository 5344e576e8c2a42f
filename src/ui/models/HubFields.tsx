/** The hub's address, for mirrors, and a token for private models. */
import { modelCommands, stores } from '../../state/page';
import { useStore } from '../useStore';
import styles from './models.module.css';

export function HubFields() {
  const { address, token = '' } = useStore(stores.models, (models) => models.hub);
  return (
    <div className={styles['hub']}>
      <label>
        Hub
        <input
          type="url"
          value={address}
          data-testid="models-hub"
          onChange={({ currentTarget }) =>
            modelCommands.setHub({ address: currentTarget.value.replace(/\/+$/, ''), token })
          }
        />
      </label>
      <label>
        Access token, for private models; it is forgotten with this page
        <input
          type="password"
          autoComplete="off"
          value={token}
          data-testid="models-token"
          onChange={({ currentTarget }) =>
            modelCommands.setHub({ address, token: currentTarget.value || undefined })
          }
        />
      </label>
    </div>
  );
}
