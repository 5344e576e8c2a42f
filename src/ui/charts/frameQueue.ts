/**
 * Drawing, spread over animation frames: one chart a frame, so that many charts never hold the page
 * for long. Asking again for what already waits changes nothing.
 */
const waiting = new Set<() => void>();
let frame = 0;

function next(): void {
  frame = 0;
  const [draw] = waiting;
  if (!draw) return;
  waiting.delete(draw);
  if (waiting.size > 0) frame = requestAnimationFrame(next);
  draw();
}

export function drawSoon(draw: () => void): void {
  waiting.add(draw);
  frame ||= requestAnimationFrame(next);
}

export function drawNever(draw: () => void): void {
  waiting.delete(draw);
}
