/**
 * Files and folders dropped, and files pasted, anywhere on the page; tells whether some are being
 * dragged over it.
 */
import { fromEvent } from 'file-selector';
import { useEffect, useState } from 'react';
import type { FileWithPath } from '../../state/dropped';

const carriesFiles = (event: DragEvent): boolean =>
  event.dataTransfer?.types.includes('Files') ?? false;

/** @param take given the files, those inside of folders too */
export function useFilesAnywhere(take: (files: readonly FileWithPath[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    // Enter and leave fire for every element passed; only their balance says who is outside.
    let depth = 0;
    const show = (change: number) => {
      depth = Math.max(0, depth + change);
      setIsOver(depth > 0);
    };
    const controller = new AbortController();
    const { signal } = controller;
    const on = <Name extends 'dragenter' | 'dragover' | 'dragleave' | 'drop'>(
      name: Name,
      handle: (event: DragEvent) => void,
    ) =>
      window.addEventListener(
        name,
        (event) => {
          if (!carriesFiles(event)) return;
          event.preventDefault();
          handle(event);
        },
        { signal },
      );
    on('dragenter', () => show(1));
    on('dragover', () => undefined);
    on('dragleave', () => show(-1));
    on('drop', (event) => {
      show(-depth);
      void fromEvent(event).then((items) => take(items.filter((item) => item instanceof File)));
    });
    window.addEventListener(
      'paste',
      (event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0) return;
        event.preventDefault();
        take(files);
      },
      { signal },
    );
    return () => controller.abort();
  }, [take]);
  return isOver;
}
