/**
 * The drawing board's canvas: strokes and stamps with pointer or keyboard, undo, and the PNG. The
 * drawing is a list of marks that is painted anew on undo.
 */
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { Colour } from '../../worlds/shapes/vocabulary';
import { clearCanvas, colourOf, paintStamp, type Stamp } from './paint';

export interface Point {
  x: number;
  y: number;
}

/** A line drawn with the brush; points and width in units of the canvas side. */
export interface Stroke {
  colour: Colour;
  width: number;
  points: Point[];
}

export type BoardMark = { kind: 'stroke'; stroke: Stroke } | { kind: 'stamp'; stamp: Stamp };

function paintStroke(ctx: CanvasRenderingContext2D, { colour, width, points }: Stroke): void {
  const side = ctx.canvas.width;
  ctx.strokeStyle = colourOf(colour);
  ctx.lineWidth = width * side;
  ctx.lineCap = ctx.lineJoin = 'round';
  ctx.beginPath();
  for (const { x, y } of points) ctx.lineTo(x * side, y * side);
  const first = points[0];
  // A single point is a dot: a line of no length is not drawn without its own end.
  if (first && points.length === 1) ctx.lineTo(first.x * side, first.y * side);
  ctx.stroke();
}

function paint(ctx: CanvasRenderingContext2D, mark: BoardMark): void {
  if (mark.kind === 'stamp') paintStamp(ctx, mark.stamp);
  else paintStroke(ctx, mark.stroke);
}

export interface Board {
  isEmpty: boolean;
  add(mark: BoardMark): void;
  /** Goes on with the last mark, if it is a stroke. */
  extend(point: Point): void;
  undo(): void;
  clear(): void;
}

export function useBoard(canvas: RefObject<HTMLCanvasElement | null>): Board {
  const marks = useRef<BoardMark[]>([]);
  const [count, setCount] = useState(0);

  const repaint = useCallback(() => {
    const ctx = canvas.current?.getContext('2d');
    if (!ctx) return;
    clearCanvas(ctx);
    for (const mark of marks.current) paint(ctx, mark);
    setCount(marks.current.length);
  }, [canvas]);

  useEffect(repaint, [repaint]);

  return {
    isEmpty: count === 0,
    add(mark) {
      marks.current.push(mark);
      repaint();
    },
    extend(point) {
      const last = marks.current.at(-1);
      const ctx = canvas.current?.getContext('2d');
      if (last?.kind !== 'stroke' || !ctx) return;
      const from = last.stroke.points.at(-1) ?? point;
      last.stroke.points.push(point);
      paintStroke(ctx, { ...last.stroke, points: [from, point] });
    },
    undo() {
      marks.current.pop();
      repaint();
    },
    clear() {
      marks.current = [];
      repaint();
    },
  };
}
