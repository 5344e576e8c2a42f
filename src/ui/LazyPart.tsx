/**
 * Parts of the page whose code is no part of the first paint: it is fetched when the part is first shown,
 * or before, once the page has nothing better to do.
 */
import { type ComponentType, useCallback, useEffect, useState } from 'react';
import type { FaultCause } from '../faults';
import { Button } from './basics/Button';
import styles from './LazyPart.module.css';
import { FaultText } from './notices/FaultText';

const fetches: (() => Promise<void>)[] = [];

export interface WaitingProps {
  /** Why the part cannot be had; undefined while it is coming. */
  fault: FaultCause | undefined;
  tryAgain(): void;
}

/**
 * A component in place of one in another chunk; while that is not here it says so, and if it cannot be
 * had (no network, or a newer page on the server) it says that and offers to try again.
 * @param name what people know the part by
 * @param Waiting what is shown until then
 */
export function lazyPart<Props extends object>(
  name: string,
  load: () => Promise<ComponentType<Props>>,
  Waiting: ComponentType<WaitingProps> = WaitingPanel,
): ComponentType<Props> {
  let Part: ComponentType<Props> | undefined;
  const fetchPart = async () => {
    Part ??= await load();
  };
  fetches.push(fetchPart);

  return function LazyPart(props: Props) {
    // What is here already is shown at once, without a render in between.
    const [isHere, setIsHere] = useState(Part !== undefined);
    const [fault, setFault] = useState<FaultCause>();
    const begin = useCallback(() => {
      setFault(undefined);
      fetchPart().then(
        () => setIsHere(true),
        (error: unknown) => setFault({ kind: 'page-part', name, message: String(error) }),
      );
    }, []);
    useEffect(() => {
      if (!isHere) begin();
    }, [isHere, begin]);
    return isHere && Part ? <Part {...props} /> : <Waiting fault={fault} tryAgain={begin} />;
  };
}

function WaitingPanel({ fault, tryAgain }: WaitingProps) {
  if (!fault)
    return (
      <p className={styles['waiting']} role="status">
        Loading …
      </p>
    );
  return (
    <div className={styles['fault']} role="alert">
      <FaultText fault={fault} />
      <div className={styles['buttons']}>
        <Button icon="reset" onClick={tryAgain}>
          Try again
        </Button>
        <Button onClick={() => location.reload()}>Reload the page</Button>
      </div>
    </div>
  );
}

/** Fetches all parts, one after the other; what cannot be had says so where it is shown. */
export async function fetchParts(): Promise<void> {
  for (const fetchPart of fetches) await fetchPart().catch(() => undefined);
}
