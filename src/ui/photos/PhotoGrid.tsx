/**
 * Thumbnails of any number of photos, of which only the rows in sight are in the document. One stop of
 * the Tab key; arrows, Home and End go about in it, Delete removes (the ARIA grid pattern).
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { commands, stores } from '../../state/page';
import type { PhotoRow } from '../../worker/protocol';
import { useStore } from '../useStore';
import { PhotoCell } from './PhotoCell';
import styles from './photos.module.css';
import { useWidth } from './useWidth';

/** CSS pixels. */
const NARROWEST_CELL = 84;
const GAP = 8;
const NAME_HEIGHT = 20;

const NONE: readonly PhotoRow[] = [];

/** How far a key moves among the photos, given the columns; undefined where it does not. */
function moveOf(key: string, columns: number): number | undefined {
  const moves: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
  };
  return moves[key];
}

export function PhotoGrid() {
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const photos = useStore(stores.photos, ({ summary }) => summary?.rows ?? NONE);
  const columns = Math.max(1, Math.floor((width + GAP) / (NARROWEST_CELL + GAP)));
  const side = (width - (columns - 1) * GAP) / columns;
  const rowHeight = Math.max(1, side) + NAME_HEIGHT + GAP;
  // oxlint-disable-next-line react/incompatible-library -- the React Compiler is not in use
  const virtualizer = useVirtualizer({
    count: Math.ceil(photos.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 2,
  });
  // Sizes are estimates that are not measured: a new width makes new ones.
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);

  const [wanted, setWanted] = useState(0);
  const active = Math.min(wanted, photos.length - 1);
  /** Set by a key, as only then the focus is to follow. */
  const isToFocus = useRef(false);
  /** Hash of the photo whose place the focus takes: not before it has gone. */
  const leaving = useRef<string>(undefined);
  const goTo = (index: number) => {
    isToFocus.current = true;
    leaving.current = undefined; // a removal that failed must not hold the focus
    setWanted(index);
    virtualizer.scrollToIndex(Math.floor(index / columns));
  };
  useEffect(() => {
    if (!isToFocus.current) return;
    if (photos.some(({ hash }) => hash === leaving.current)) return;
    leaving.current = undefined;
    const button = scroller.current?.querySelector<HTMLElement>(`[data-index="${active}"] button`);
    if (!button) return; // its row is not in the document yet; this runs again when it is
    button.focus({ preventScroll: true });
    isToFocus.current = false;
  });

  const remove = ({ hash }: PhotoRow, index: number) => {
    setWanted(index);
    isToFocus.current = true;
    leaving.current = hash;
    void commands.photos.remove([hash]);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const move = moveOf(event.key, columns);
    const photo = photos[active];
    if (move !== undefined) goTo(Math.max(0, Math.min(photos.length - 1, active + move)));
    else if (event.key === 'Delete' && photo) remove(photo, active);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className={styles['scroller']}
      role="grid"
      tabIndex={-1}
      aria-label="Photos of the training set"
      aria-rowcount={Math.ceil(photos.length / columns)}
      aria-colcount={columns}
      data-testid="photos-grid"
      onKeyDown={onKeyDown}
    >
      <div
        role="rowgroup"
        className={styles['rows']}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map(({ index: row, start }) => (
          <div
            key={row}
            role="row"
            aria-rowindex={row + 1}
            className={styles['row']}
            style={{
              transform: `translateY(${start}px)`,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            }}
          >
            {photos.slice(row * columns, (row + 1) * columns).map((photo, column) => {
              const index = row * columns + column;
              return (
                <PhotoCell
                  key={photo.hash}
                  photo={photo}
                  index={index}
                  column={column}
                  side={side}
                  isActive={index === active}
                  onRemove={() => remove(photo, index)}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
