/** Beside the export button: the other ways to export, whose menu is fetched once there is something to export. */
import { describeFault } from '../../faults';
import { stores } from '../../state/page';
import { isOpen } from '../../state/session';
import { lazyPart, type WaitingProps } from '../LazyPart';
import { useStore } from '../useStore';
import { MoreButton } from './MoreButton';

/** Pressed after a failure it tries again; there is no room for more words than a tooltip's. */
function Waiting({ fault, tryAgain }: WaitingProps) {
  if (!fault) return <MoreButton disabled />;
  const { title, remedy } = describeFault(fault);
  return <MoreButton title={`${title}. Press to try again. ${remedy}`} onClick={tryAgain} />;
}

const ExportMenu = lazyPart(
  'More ways to export',
  async () => (await import('./ExportMenu')).ExportMenu,
  Waiting,
);

export function MoreExports() {
  const isReady = useStore(stores.session, isOpen);
  return isReady ? <ExportMenu /> : <MoreButton disabled />;
}
