/** What each kind of projector has to learn and takes of the GPU, under the choice of one. */
import { useEffect } from 'react';
import { commands, stores } from '../../state/page';
import { isOpen } from '../../state/session';
import { bytes } from '../format';
import { useStore } from '../useStore';
import styles from './settings.module.css';

export function ProjectorSizes() {
  const config = useStore(stores.settings, (settings) => settings.config);
  const sizes = useStore(stores.settings, (settings) => settings.sizes);
  const isCountable = useStore(stores.session, isOpen);
  useEffect(() => {
    if (isCountable) void commands.measure(config);
  }, [config, isCountable]);
  if (!sizes) return null;
  return (
    <table className={styles['sizes']} data-testid="projector-sizes">
      <caption>What each takes, with the other settings as they are</caption>
      <thead>
        <tr>
          <th scope="col">Projector</th>
          <th scope="col">Parameters</th>
          <th scope="col">GPU memory to train</th>
        </tr>
      </thead>
      <tbody>
        {sizes.map(({ kind, parameters, bytes: taken }) => (
          <tr key={kind} aria-current={kind === config.projector || undefined}>
            <th scope="row">{kind}</th>
            <td>{parameters.toLocaleString('en')}</td>
            <td>{bytes(taken)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
