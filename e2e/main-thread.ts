/** How long each task of the page's main thread ran, from Chromium's own trace. */
import type { Browser, Page } from '@playwright/test';
import { z } from 'zod';

/** Of the trace event format: `dur` is microseconds on the clock, `tdur` on the thread's processor. */
const traceEvent = z.object({
  name: z.string(),
  pid: z.number(),
  tid: z.number(),
  dur: z.number().optional(),
  tdur: z.number().optional(),
  args: z.object({ name: z.unknown() }).partial().optional(),
});
const traceFile = z.object({ traceEvents: z.array(traceEvent) });

export interface MainThreadTask {
  /** Milliseconds from begin to end, waits for a core included. */
  wall: number;
  /** Milliseconds of computing. */
  cpu: number;
}

export async function traceMainThread(
  browser: Browser,
  page: Page,
  body: () => Promise<void>,
): Promise<MainThreadTask[]> {
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
  await body();
  const { traceEvents } = traceFile.parse(JSON.parse((await browser.stopTracing()).toString()));
  const thread = ({ pid, tid }: { pid: number; tid: number }) => `${pid}/${tid}`;
  const mainThreads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(thread),
  );
  return traceEvents
    .filter((event) => event.name === 'RunTask' && mainThreads.has(thread(event)))
    .map(({ dur = 0, tdur = 0 }) => ({ wall: dur / 1000, cpu: tdur / 1000 }));
}
