/** A small board to draw on: the world's colours, brushes, and a stamp for each of its shapes. */
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { commands } from '../../state/page';
import type { Colour, Shape } from '../../worlds/shapes/vocabulary';
import { Button } from '../basics/Button';
import { BoardTools, Swatches, type Tool } from './BoardTools';
import { toPng } from './paint';
import styles from './board.module.css';
import { useBoard, type Point } from './useBoard';

const SIDE = 256;
/** How far an arrow key moves the stamp, in units of the side. */
const KEY_STEP = 1 / 12;
const ARROWS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-KEY_STEP, 0],
  ArrowRight: [KEY_STEP, 0],
  ArrowUp: [0, -KEY_STEP],
  ArrowDown: [0, KEY_STEP],
};

const inside = (value: number): number => Math.min(1, Math.max(0, value));

function pointOf(event: PointerEvent<HTMLElement>): Point {
  const box = event.currentTarget.getBoundingClientRect();
  return {
    x: (event.clientX - box.left) / box.width,
    y: (event.clientY - box.top) / box.height,
  };
}

export function DrawingBoard() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const board = useBoard(canvas);
  const [colour, setColour] = useState<Colour>('red');
  const [tool, setTool] = useState<Tool>({ kind: 'brush', width: 0.09 });
  /** Where the keyboard would put the mark; shown once a key was used. */
  const [spot, setSpot] = useState<Point>();

  const mark = (at: Point) => {
    if (tool.kind === 'brush')
      board.add({ kind: 'stroke', stroke: { colour, width: tool.width, points: [at] } });
    else {
      const { shape, radius }: { shape: Shape; radius: number } = tool;
      board.add({ kind: 'stamp', stamp: { shape, colour, radius, ...at } });
    }
  };

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setSpot(undefined);
    mark(pointOf(event));
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons === 1 && tool.kind === 'brush') board.extend(pointOf(event));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = spot ?? { x: 0.5, y: 0.5 };
    const arrow = ARROWS[event.key];
    if (arrow) setSpot({ x: inside(at.x + arrow[0]), y: inside(at.y + arrow[1]) });
    else if (event.key === 'Enter' || event.key === ' ') mark(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const give = async () => {
    if (!canvas.current) return;
    const data = await toPng(canvas.current);
    await commands.addPictures([{ name: 'Drawing', data }]);
  };

  return (
    <div className={styles['board']}>
      <BoardTools tool={tool} onTool={setTool} />
      <Swatches colour={colour} onColour={setColour} />
      <div className={styles['sheet']}>
        <button
          type="button"
          className={styles['canvas']}
          aria-label="Drawing board: arrow keys move the spot, Enter draws there"
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onKeyDown={onKeyDown}
        >
          <canvas ref={canvas} width={SIDE} height={SIDE} />
        </button>
        {spot && (
          <span
            className={styles['spot']}
            style={{ left: `${100 * spot.x}%`, top: `${100 * spot.y}%` }}
          />
        )}
      </div>
      <div className={styles['boardActions']}>
        <Button look="primary" disabled={board.isEmpty} onClick={() => void give()}>
          Caption this
        </Button>
        <Button icon="undo" look="quiet" disabled={board.isEmpty} onClick={board.undo}>
          Undo
        </Button>
        <Button look="quiet" disabled={board.isEmpty} onClick={board.clear}>
          Clear
        </Button>
      </div>
    </div>
  );
}
